// SPDX-License-Identifier: MIT
// A renewal, or a re-issue, from the checks with the PIN to its end: what the person is asked before it, the
// worker that waits for the answer, and what became of it.
#pragma once

#include "consent.hpp"
#include "flow.hpp"
#include "proxy_flow.hpp"
#include "reissue_flow.hpp"
#include "renewal_progress.hpp"
#include "sitting_flow.hpp"

namespace koshin::ui {

class RenewalFlow : public Flow {
 public:
  /// All outlive this.
  RenewalFlow(const Flow& shared, ReissueFlow& reissue, ProxyFlow& proxy, DeletionFlow& deletion,
              RenewalProgress& progress)
      : Flow(shared),
        reissue_(reissue),
        proxy_(proxy),
        deletion_(deletion),
        progress_(progress),
        sitting_(shared, deletion) {}

  /// The token's first screen follows, also after another look at it.
  void open();
  /// The page goes on to another token, of which nothing was asked yet.
  void forget_consent() { consent_ = {}; }
  /// With the PIN at hand: all checks first, and then a worker that waits for the person; a re-issue, whose
  /// choices were made before the PIN, at once.
  void begin_with_pin();
  /// The same where the PIN is typed on the reader: nothing is checked before it.
  void begin_on_reader();

  void next_from_notice(const Action& action);
  void execute(const Action& action);
  void cancel();
  /// The authority has deferred its decision.
  void ask_again();
  /// Repeats the request after the same wrong answer, at the person's demand.
  void insist();

 private:
  void check();
  void checked(const messages::Event& event);
  /// Asks what is still to be asked, and renews when nothing is.
  void go_on();
  void renew();
  void renewed(const messages::Event& event);
  void note_in_browsers(const messages::RenewResult& result);
  void end_with(const messages::Event& event);
  void complete(const messages::RenewResult& result);
  void show_pending(const messages::PendingResult& pending);

  ReissueFlow& reissue_;
  ProxyFlow& proxy_;
  DeletionFlow& deletion_;
  RenewalProgress& progress_;
  SittingFlow sitting_;
  Consent consent_;
  bool cancelled_ = false;  ///< the renewal that runs
};

}  // namespace koshin::ui
