// SPDX-License-Identifier: MIT
#include "cli/bank_choice.hpp"

#include <algorithm>

#include "cli/token_choice.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::cli {
namespace {

using messages::TokenReport;
using renewal::Call;
using renewal::pressing;
using renewal::Pressing;

std::vector<std::string> names_of_banks(const Session& session) {
  std::vector<std::string> names;
  for (const Settings& bank : session.deployment.banks) names.push_back(bank.bank());
  return names;
}

}  // namespace

bool bank_is_open(const Session& session) {
  return session.settings.bank().empty() && session.deployment.banks.size() > 1;
}

Session for_bank(const Session& session, std::string_view bank) {
  Session mine = session;
  mine.settings = settings_for(session.deployment, bank);
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
       why + ": name one with --bank (there are: " + joined(names_of_banks(session)) + ")");
}

std::string bank_name(const Session& session, std::string_view bank) {
  if (bank != base_bank) return std::string(bank);
  return session.console.say({"- (the one without a name)", "- (名前なし)"});
}

Calls::Calls(const Session& session, const messages::InspectResult& found)
    : session_(session), found_(found) {
  const std::string& wanted = session.arguments.bank;
  std::vector<Settings> banks = session.deployment.banks;
  std::erase_if(banks, [&](const Settings& bank) { return !wanted.empty() && bank.bank() != wanted; });
  const auto journal = renewal::Journal::open(paths::journal_file());
  all_ = renewal::calls_of(banks, found, *journal, session.now);
}

/// The bank whose certificate --certificate names.
const Call& Calls::named() const {
  const std::string& sha256 = session_.arguments.certificate;
  for (const Call& call : all_) {
    const auto* certificate = renewal::find_certificate(call.token, sha256);
    if (certificate == nullptr) continue;
    if (!certificate->disputed.empty())
      fail(Reason::bank_ambiguous,
           "the certificate fits the settings of several banks: " + joined(certificate->disputed));
    if (certificate->bank == call.bank || certificate->unclaimed) return call;
  }
  for (const Call& call : all_) {
    const auto& certificate = call.verdict.certificate;  // one that only a look with the PIN has shown
    if (certificate != nullptr && certificate->sha256 == sha256) return call;
  }
  fail(Reason::certificate_not_found, "no token shows a certificate with the SHA-256 fingerprint " + sha256 +
                                          " that a bank of the settings claims");
}

const Call& Calls::first(Terminal* terminal) const {
  if (all_.empty()) choose_token(session_, found_, nullptr);  // throws the reason why there is none
  if (!session_.arguments.certificate.empty()) return named();
  const Pressing most = pressing(all_.front().verdict.decision);
  messages::InspectResult alike;
  for (const Call& call : all_) {
    const bool known = std::any_of(alike.tokens.begin(), alike.tokens.end(),
                                   [&](const auto& token) { return token.uri == call.token.uri; });
    if (pressing(call.verdict.decision) == most && !known) alike.tokens.push_back(call.token);
  }
  const TokenReport token = choose_token(session_, alike, terminal);
  const auto is_alike = [&](const Call& call) {
    return call.token.uri == token.uri && pressing(call.verdict.decision) == most;
  };
  const auto found = std::find_if(all_.begin(), all_.end(), is_alike);
  const bool is_guess = most == Pressing::perhaps || most == Pressing::never;
  if (!is_guess || std::count_if(all_.begin(), all_.end(), is_alike) == 1) return *found;
  if (token.private_objects_hidden)
    bank_must_be_named(session_,
                       "which bank's certificates token \"" + printable(token.label, 100) +
                           "\" has does not show without the PIN; koshin inspect --pin-stdin looks");
  fail(Reason::certificate_not_found, "no bank of the settings (" + joined(names_of_banks(session_)) +
                                          ") claims a certificate on token \"" + printable(token.label, 100) +
                                          "\"");
}

std::vector<const Call*> Calls::also_due(const Call& taken) const {
  std::vector<const Call*> others;
  for (const Call& call : all_) {
    const bool is_taken = call.bank == taken.bank && call.token.uri == taken.token.uri;
    if (!is_taken && pressing(call.verdict.decision) == Pressing::now) others.push_back(&call);
  }
  return others;
}

}  // namespace koshin::cli
