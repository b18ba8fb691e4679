// SPDX-License-Identifier: MIT
// The bank that a command is about, where the settings have several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "renewal/journal/bank_decisions.hpp"

namespace koshin::cli {

/// Whether the settings have several banks and the session has not selected one yet.
bool bank_is_open(const Session& session);
/// The session with the settings of one bank.
Session for_bank(const Session& session, std::string_view bank);
/// The settings of a bank; for an unknown name the session's own.
const Settings& settings_of(const Session& session, std::string_view bank);
/// The settings that apply to a certificate on a token: those of its bank, or of the first of several
/// claimants.
const Settings& settings_of_certificate(const Session& session,
                                        const messages::CertificateReport& certificate);
/// For a command that cannot determine the bank. Throws FailureError{bank_ambiguous} with the banks' names.
[[noreturn]] void bank_must_be_named(const Session& session, const std::string& why);
/// The name of a bank for display, or that it has none.
std::string bank_name(const Session& session, std::string_view bank);

/// Why each bank of the settings does not claim a certificate that no bank claims: "sakura
/// (expect.issuer_pattern), ume (expect.token_uri)".
std::string why_no_bank(const Session& session, const messages::CertificateReport& certificate);

/// The decisions of all eligible banks about all eligible tokens, the most urgent first.
class BankDecisions {
 public:
  BankDecisions(const Session& session, const messages::InspectResult& found);
  /// The decision to act on. Among several equally urgent tokens the person chooses (`terminal`). Throws
  /// FailureError: token_ambiguous, bank_ambiguous, certificate_not_found, and those of choose_token().
  const renewal::BankDecision& first(Terminal* terminal) const;
  /// The other decisions whose certificates are due, also where the settings keep them from being renewed.
  std::vector<const renewal::BankDecision*> also_due(const renewal::BankDecision& taken) const;

 private:
  const renewal::BankDecision& named() const;

  const Session& session_;
  const messages::InspectResult& found_;
  std::vector<renewal::BankDecision> all_;
};

}  // namespace koshin::cli
