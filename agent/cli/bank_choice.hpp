// SPDX-License-Identifier: MIT
// Which bank of the settings a command is about, where there are several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "renewal/journal/calls.hpp"

namespace koshin::cli {

/// The settings have several banks, and the run is by the settings of none of them yet.
bool bank_is_open(const Session& session);
/// The same run by the settings of one bank.
Session for_bank(const Session& session, std::string_view bank);
/// A bank's settings; of a name that the settings do not have, the session's own.
const Settings& settings_of(const Session& session, std::string_view bank);
/// By which a certificate on a token is judged: those of its bank, of the first of several that claim it.
const Settings& settings_of_certificate(const Session& session,
                                        const messages::CertificateReport& certificate);
/// Of a command that cannot find out which bank is meant. Throws FailureError{bank_ambiguous} with the banks'
/// names.
[[noreturn]] void bank_must_be_named(const Session& session, const std::string& why);
/// What a person calls a bank: its name, or that it has none.
std::string bank_name(const Session& session, std::string_view bank);

/// What every bank that may be meant is to do about every token that may be: the most pressing first.
class Calls {
 public:
  Calls(const Session& session, const messages::InspectResult& found);
  /// The one to begin with. Of several tokens that call alike a person is asked for one (`terminal`). Throws
  /// FailureError: token_ambiguous, bank_ambiguous, certificate_not_found, and those of choose_token().
  const renewal::Call& first(Terminal* terminal) const;
  /// Those beside `taken` that could be renewed now as well.
  std::vector<const renewal::Call*> also_due(const renewal::Call& taken) const;

 private:
  const renewal::Call& named() const;

  const Session& session_;
  const messages::InspectResult& found_;
  std::vector<renewal::Call> all_;
};

}  // namespace koshin::cli
