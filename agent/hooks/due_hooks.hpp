// SPDX-License-Identifier: MIT
// Which hooks have still to run for which certificates: kept in the journal, where mails are kept as sent, so
// that a power cut between a renewal's end and a hook's is caught up by the next run.
#pragma once

#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/base/clock.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::hooks {

/// A certificate is handed to hooks for so long after its renewal was completed.
inline constexpr std::chrono::days hooks_look_back{7};
/// A hook that keeps failing for a certificate is run this often, and no more.
inline constexpr int most_attempts = 3;

/// A completed renewal or enrolment, and its certificate.
struct NewCertificate {
  renewal::Record record;
  enrollment::Certificate certificate;
  std::string sha256;
};

/// Certificates of completed records that were last changed within hooks_look_back, oldest first. A
/// certificate that a later completed record has renewed is left out: on a card with home slots, the one of
/// the first leg, which is deleted.
std::vector<NewCertificate> new_certificates(renewal::Journal& journal, TimePoint now);

/// What the journal keeps of one hook and one certificate. A name without ":" makes the two kinds of entries
/// different from each other and from every reminder threshold.
class HookProgress {
 public:
  HookProgress(renewal::Journal& journal, std::string certificate_sha256, const std::string& hook)
      : journal_(journal), sha256_(std::move(certificate_sha256)), name_("hook:" + hook) {}
  /// The number of the attempt that is due, from 1; 0 when the hook has run, or has failed too often.
  int next_attempt() const;
  /// Before the hook is started: an attempt that the power cuts off has been one.
  void begin(int attempt, TimePoint now);
  /// The hook ended with 0.
  void finish(TimePoint now) { journal_.remember_mailed(sha256_, name_, now); }

 private:
  renewal::Journal& journal_;
  std::string sha256_, name_;
};

}  // namespace koshin::hooks
