// SPDX-License-Identifier: MIT
// The look at the tokens, the one that the page handles, and its first screen (opening.hpp); later the next
// one that needs attention.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "flow.hpp"
#include "occasion.hpp"
#include "pin_flow.hpp"
#include "renewal_flow.hpp"

namespace koshin::ui {

class OpeningFlow : public Flow {
 public:
  /// `occasion` becomes the next token's when the page goes on to it; all outlive this.
  OpeningFlow(const Flow& shared, Occasion& occasion, RenewalFlow& renewal, PinFlow& pin)
      : Flow(shared), occasion_(occasion), renewal_(renewal), pin_(pin) {}

  void look_at_tokens() { look(false); }
  /// What was found or entered before does not count any more.
  void start_anew();
  /// The token as it is known now decides, and not what the agent has said.
  void decide_anew();
  /// Discards everything about the present token.
  void next_token();

 private:
  /// `only_named`: the worker looks for tokens that the occasion's URI describes.
  void look(bool only_named);
  void looked(const messages::Event& event, bool only_named);
  void note_ended();
  void find_others();
  void open_screen(const Occasion& occasion);

  Occasion& occasion_;
  RenewalFlow& renewal_;
  PinFlow& pin_;
  std::vector<std::pair<std::string, std::string>>
      handled_;  ///< URI and slot of the tokens that this page has handled
};

}  // namespace koshin::ui
