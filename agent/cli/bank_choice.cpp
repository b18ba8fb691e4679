// SPDX-License-Identifier: MIT
#include "cli/bank_choice.hpp"

#include <algorithm>

#include "cli/token_choice.hpp"
#include "foundation/base/small_letters.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;
using renewal::BankDecision;
using renewal::Urgency;
using renewal::urgency_of;

/// The setting by which a bank does not claim a certificate that no bank claims.
std::string excluding_setting(const CertificateReport& certificate, const Settings::Expect& expect) {
  if (!renewal::is_renewed(certificate.purpose, expect)) return "renewal.purposes";
  const auto other = find_unexpected(renewal::names_of(certificate), expect);
  return other ? other->setting : "expect.token_uri";
}

}  // namespace

bool bank_is_open(const Session& session) {
  return session.settings.bank().empty() && session.deployment.banks.size() > 1;
}

Session for_bank(const Session& session, std::string_view bank) {
  Session mine = session;
  mine.settings = settings_for(session.deployment, bank);
  session.console.call_pin(mine.settings.branding.pin_name);
  return mine;
}

const Settings& settings_of(const Session& session, std::string_view bank) {
  const Settings* const found = bank.empty() ? nullptr : session.deployment.find(bank);
  return found == nullptr ? session.settings : *found;
}

const Settings& settings_of_certificate(const Session& session,
                                        const messages::CertificateReport& certificate) {
  return settings_of(session, certificate.disputed.empty() ? certificate.bank : certificate.disputed.front());
}

void bank_must_be_named(const Session& session, const std::string& why) {
  fail(Reason::bank_ambiguous,
       why + ": name one with --bank (there are: " + joined(session.deployment.names()) + ")");
}

std::string bank_name(const Session& session, std::string_view bank) {
  if (bank != base_bank) return std::string(bank);
  return session.console.say(texts::cli_bank_without_name);
}

std::string why_no_bank(const Session& session, const CertificateReport& certificate) {
  std::vector<std::string> banks;
  for (const Settings& bank : session.deployment.banks)
    banks.push_back(bank_name(session, bank.bank()) + " (" + excluding_setting(certificate, bank.expect) +
                    ")");
  return joined(banks);
}

BankDecisions::BankDecisions(const Session& session, const messages::InspectResult& found)
    : session_(session), found_(found) {
  const std::string& wanted = session.arguments.bank;
  std::vector<Settings> banks = session.deployment.banks;
  std::erase_if(banks,
                [&](const Settings& bank) { return !wanted.empty() && !is_same_bank(bank.bank(), wanted); });
  const auto journal = renewal::Journal::open(paths::journal_file());
  all_ = renewal::bank_decisions(banks, found, *journal, session.now);
}

/// The bank whose certificate --certificate names.
const BankDecision& BankDecisions::named() const {
  const std::string& sha256 = session_.arguments.certificate;
  for (const BankDecision& decision : all_) {
    const auto* certificate = renewal::find_certificate(decision.token, sha256);
    if (certificate == nullptr) continue;
    if (!certificate->disputed.empty())
      fail(Reason::bank_ambiguous,
           "the certificate fits the settings of several banks: " + joined(certificate->disputed));
    if (certificate->unclaimed && session_.arguments.bank.empty())
      fail(Reason::certificate_not_found,
           "no bank of the settings claims the certificate: " + why_no_bank(session_, *certificate));
    if (certificate->bank == decision.bank || certificate->unclaimed) return decision;
  }
  for (const BankDecision& decision : all_) {
    const auto& certificate = decision.verdict.certificate;  // possibly recalled from a snapshot
    if (certificate != nullptr && certificate->sha256 == sha256) return decision;
  }
  fail(Reason::certificate_not_found, "no token shows a certificate with the SHA-256 fingerprint " + sha256 +
                                          " that a bank of the settings claims");
}

const BankDecision& BankDecisions::first(Terminal* terminal) const {
  if (all_.empty()) choose_token(session_, found_, nullptr);  // throws the reason
  if (!session_.arguments.certificate.empty()) return named();
  const Urgency most = urgency_of(all_.front().verdict);
  messages::InspectResult alike;
  for (const BankDecision& decision : all_) {
    const bool known = std::any_of(alike.tokens.begin(), alike.tokens.end(),
                                   [&](const auto& token) { return token.uri == decision.token.uri; });
    if (urgency_of(decision.verdict) == most && !known) alike.tokens.push_back(decision.token);
  }
  const TokenReport token = choose_token(session_, alike, terminal);
  const auto is_alike = [&](const BankDecision& decision) {
    return decision.token.uri == token.uri && urgency_of(decision.verdict) == most;
  };
  const auto found = std::find_if(all_.begin(), all_.end(), is_alike);
  const bool is_guess = most == Urgency::perhaps || most == Urgency::never;
  if (!is_guess || std::count_if(all_.begin(), all_.end(), is_alike) == 1) return *found;
  if (token.private_objects_hidden)
    bank_must_be_named(session_,
                       "which bank's certificates token \"" + printable(token.label, 100) +
                           "\" has does not show without the PIN; koshin inspect --pin-stdin looks");
  fail(Reason::certificate_not_found, "no bank of the settings (" + joined(session_.deployment.names()) +
                                          ") claims a certificate on token \"" + printable(token.label, 100) +
                                          "\"");
}

std::vector<const BankDecision*> BankDecisions::also_due(const BankDecision& taken) const {
  std::vector<const BankDecision*> others;
  for (const BankDecision& decision : all_) {
    const bool is_taken = decision.bank == taken.bank && decision.token.uri == taken.token.uri;
    // By its date alone: of one that is held up the next renewal says why.
    if (!is_taken && urgency_of(decision.verdict.decision) == Urgency::now) others.push_back(&decision);
  }
  return others;
}

}  // namespace koshin::cli
