// SPDX-License-Identifier: MIT
// koshin renew --all: all certificates of a token that are due, one after the other, with one PIN.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "cli/browser_facts.hpp"
#include "cli/job_secrets.hpp"
#include "cli/progress.hpp"

namespace koshin::cli {

/// How the renewal of one certificate of a sitting ended.
struct SittingResult {
  explicit SittingResult(const messages::CertificateReport& due, const Console& console)
      : certificate(due), progress(console) {}
  messages::CertificateReport certificate;  ///< the one that is due
  Progress progress;
  /// Empty: it was not tried. Else RenewResult, PendingResult or Failure.
  std::optional<messages::Event> end;
  /// With --if-due, where the renewal found that the certificate is not due: no failure of the sitting.
  bool not_due = false;
  std::optional<BrowserFacts> browsers{};  ///< where it was renewed and logs in
};

/// Renews what the token holds that is due, each in a job of its own. One that fails does not keep the others
/// from being tried, unless renewal::ends_sitting(). Returns the exit code of the first that was not renewed,
/// else that of a stop request, else 0; empty where no certificate is due and the ordinary renewal knows what
/// is left to do.
/// What a person says to a proxy that asks who is there goes into `prepared`, for the others too.
std::optional<int> renew_all_due(const Session& session, PreparedJob& prepared);

}  // namespace koshin::cli
