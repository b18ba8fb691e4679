// SPDX-License-Identifier: MIT
#include "module_check/consent.hpp"

#include <algorithm>

#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "foundation/base/text.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/texts/check.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::module_check {
namespace {

using messages::SecretKind;

bool wants_officer(const cli::Session& session, const messages::TokenReport& token) {
  return renewal::profile_of(session.settings).why_person_cannot_renew(token, session.settings).has_value();
}

/// The PIN from a file has nobody who could insist: its try must be a safe one, but for the check's own wrong
/// PIN before it.
void add_pin_of_file(const CheckArguments& arguments, const cli::Session& session, const Stage& stage,
                     const messages::TokenReport& token, cli::PreparedJob& access) {
  SecureBuffer pin = read_pin_source(arguments.pin_file);
  const PinConsent consent{.count_low = stage.owes_right_pin()};
  if (auto why = why_pin_is_not_tried(token, session.settings.token.pin_characters, &pin, consent))
    throw FailureError(std::move(*why));
  access.secrets.add(SecretKind::pin, std::move(pin));
}

}  // namespace

TokenFacts named_token(const CheckArguments& arguments, const std::vector<TokenFacts>& tokens) {
  std::vector<TokenFacts> fitting = tokens;
  const bool by_serial = arguments.common.token_uri.empty() || fitting.size() > 1;
  if (by_serial && !arguments.agreed_serial.empty())
    std::erase_if(fitting, [&](const TokenFacts& token) { return token.serial != arguments.agreed_serial; });
  if (fitting.empty()) fail(Reason::token_not_found, "the module shows no token that the command names");
  if (fitting.size() > 1) {
    std::vector<std::string> names;
    names.reserve(fitting.size());
    for (const TokenFacts& token : fitting) names.push_back(token.uri);
    fail(Reason::token_ambiguous, joined(names, "; "));
  }
  if (!fitting.front().initialized) fail(Reason::token_uninitialized, fitting.front().uri);
  return fitting.front();
}

void agree(const CheckArguments& arguments, const TokenFacts& token, const cli::Console& console,
           const cli::Interrupt& interrupt) {
  if (!arguments.agreed_serial.empty()) {
    if (arguments.agreed_serial == token.serial) return;
    throw cli::UsageError(console.language(), texts::check_usage_other_serial, {});
  }
  const auto terminal = cli::Terminal::open();
  if (terminal == nullptr) throw cli::UsageError(console.language(), texts::check_usage_nobody_to_ask, {});
  const bool by_label = !token.label.empty();
  const std::string& answer = by_label ? token.label : token.serial;
  terminal->show(console.say(texts::check_consent_about,
                             {printable(token.label), printable(token.model), printable(token.serial)}) +
                 "\n");
  const Text& question = by_label ? texts::check_consent_label : texts::check_consent_serial;
  if (terminal->ask(console.say(question), interrupt) != answer)
    throw cli::Declined("the token was not agreed to; nothing was done", texts::check_consent_declined);
}

cli::PreparedJob open_access(const CheckArguments& arguments, const cli::Session& session, const Stage& stage,
                             const messages::TokenReport& token) {
  if (auto why = pin_is_unusable(token)) throw FailureError(std::move(*why));
  // A deletion is the job that needs every secret, and no re-issue code.
  messages::Job job = cli::job_for(session, messages::JobKind::prune);
  const bool by_files = !arguments.pin_file.empty() || !arguments.so_pin_file.empty();
  if (!by_files) return cli::prepare_job_on(session, std::move(job), token);
  job.module = token.module;
  job.token_uri = token.uri;
  cli::PreparedJob access = cli::prepare_from_stdin(session, std::move(job));
  access.token = token;
  if (!arguments.pin_file.empty()) add_pin_of_file(arguments, session, stage, token, access);
  if (!arguments.so_pin_file.empty())
    access.secrets.add(SecretKind::security_officer_pin, read_pin_source(arguments.so_pin_file));
  if (!access.secrets.has(SecretKind::pin)) fail(Reason::pin_required, "use --pin-stdin or --pin-file");
  if (wants_officer(session, token) && !access.secrets.has(SecretKind::security_officer_pin))
    fail(Reason::so_pin_required, "use --so-pin-stdin or --so-pin-file");
  return access;
}

}  // namespace koshin::module_check
