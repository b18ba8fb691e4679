// SPDX-License-Identifier: MIT
// Collection of new PINs and of what sets them; each is asked for here and nowhere else.
#include "cli/pin_secrets.hpp"

#include <algorithm>

#include "cli/token_choice.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/new_pin_rules.hpp"
#include "renewal/policy/pin_change.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

using messages::SecretKind;
using renewal::NewPinFault;
using renewal::NewPinRules;

constexpr int attempts = 3;

/// The sentence of a rule in the person's language.
std::string rule_in_words(const Session& session, const NewPinRules& rules, NewPinFault rule) {
  const Console& console = session.console;
  switch (rule) {
    case NewPinFault::none:
      return {};
    case NewPinFault::not_text:
      return console.say(texts::cli_secret_no_text);
    case NewPinFault::characters:
      return console.say(rules.characters == PinCharacters::digits ? texts::cli_secret_new_pin_digits
                         : rules.characters == PinCharacters::alphanumeric
                             ? texts::cli_secret_new_pin_alphanumeric
                             : texts::cli_secret_new_pin_printable);
    case NewPinFault::simple:
      return console.say(texts::cli_secret_new_pin_not_simple);
    case NewPinFault::same:
      return console.say(texts::cli_secret_new_pin_same);
    case NewPinFault::missing:
    case NewPinFault::length:
      break;
  }
  return console.say(texts::cli_secret_new_pin_length,
                     {std::to_string(rules.shortest), std::to_string(rules.longest)});
}

void show_rules(const Session& session, const NewPinRules& rules, Terminal& terminal) {
  std::string text = rule_in_words(session, rules, NewPinFault::length);
  if (rules.characters != PinCharacters::any && rules.characters != PinCharacters::printable)
    text += " " + rule_in_words(session, rules, NewPinFault::characters);
  if (rules.refuse_simple) text += " " + rule_in_words(session, rules, NewPinFault::simple);
  terminal.show(text + "\n");
}

bool are_equal(const SecureBuffer& a, const SecureBuffer& b) {
  return std::ranges::equal(a.view(), b.view());
}

/// The new PIN, entered twice; `trouble` is set where the entries differ or break a rule.
SecureBuffer ask_twice(const Session& session, const PreparedJob& prepared, const NewPinRules& rules,
                       std::string& trouble) {
  const Console& console = session.console;
  const auto ask = [&](const Text& prompt, const Text& description) {
    if (!session.arguments.pinentry) return ask_secret(session, SecretKind::new_pin, console.say(prompt));
    PinentryTexts texts;
    texts.title = console.say(texts::cli_secret_new_pin_title);
    texts.description = console.say(description, {token_name(*prepared.token)}) + "\n" +
                        rule_in_words(session, rules, NewPinFault::length);
    texts.prompt = console.say(texts::cli_secret_pin_label);
    texts.error = trouble;
    return ask_secret_with_pinentry(session, texts);
  };
  SecureBuffer first = ask(texts::cli_secret_new_pin_prompt, texts::cli_secret_new_pin_description);
  trouble = rule_in_words(session, rules,
                          renewal::fault_of_new_pin(rules, first, prepared.secrets.find(SecretKind::pin)));
  if (!trouble.empty()) return first;
  const SecureBuffer again =
      ask(texts::cli_secret_new_pin_again, texts::cli_secret_new_pin_description_again);
  if (!are_equal(first, again)) trouble = console.say(texts::cli_secret_new_pin_differs);
  return first;
}

/// A secret that an administrator has given, or is asked for.
void ask_resetting_secret(const Session& session, PreparedJob& prepared, Terminal* terminal) {
  const bool by_puk = renewal::profile_of(session.settings).pin_resetter() == renewal::PinResetter::puk;
  const SecretKind kind = by_puk ? SecretKind::puk : SecretKind::security_officer_pin;
  if (prepared.secrets.has(kind)) return;
  if (!by_puk && prepared.token->protected_path) {
    prepared.job.protected_path = true;
    return session.console.print(texts::cli_secret_reset_on_reader);
  }
  if (terminal == nullptr)
    fail(by_puk ? Reason::puk_incorrect : Reason::so_pin_required,
         by_puk ? "a new PIN is set with the card's PUK: use --puk-stdin" : "use --so-pin-stdin");
  prepared.secrets.add(kind, ask_secret(session, kind,
                                        session.console.say(by_puk ? texts::cli_secret_puk_prompt
                                                                   : texts::cli_secret_officer_prompt,
                                                            {token_name(*prepared.token)})));
}

}  // namespace

void ask_new_pin(const Session& session, PreparedJob& prepared, Terminal* terminal) {
  if (prepared.secrets.has(SecretKind::new_pin) || prepared.job.protected_path) return;
  if (terminal == nullptr && !session.arguments.pinentry)
    fail(Reason::pin_required,
         "the new PIN: standard input is no terminal, use --new-pin-stdin or --pinentry");
  const NewPinRules rules = renewal::new_pin_rules(*prepared.token, session.settings);
  if (terminal != nullptr && !session.arguments.pinentry) show_rules(session, rules, *terminal);
  std::string trouble;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    SecureBuffer pin = ask_twice(session, prepared, rules, trouble);
    if (trouble.empty()) return prepared.secrets.set(SecretKind::new_pin, std::move(pin));
    if (terminal != nullptr && !session.arguments.pinentry) terminal->show(trouble + "\n");
  }
  fail(Reason::new_pin_refused, trouble);
}

PreparedJob prepare_reset(const Session& session, messages::Job job, const messages::TokenReport& token) {
  PreparedJob prepared = prepare_from_stdin(session, std::move(job));
  name_token(prepared, token);
  const auto terminal = Terminal::open();
  ask_resetting_secret(session, prepared, terminal.get());
  ask_new_pin(session, prepared, terminal.get());
  return prepared;
}

messages::PinResult run_pin_job(const Session& session, const messages::Job& job, const Secrets& secrets) {
  renewal::PinChangeWatch watch;
  try {
    return result_of<messages::PinResult>(
        run_worker(session, job, secrets, [&](const messages::Event& event) { watch.on_event(event); }));
  } catch (const FailureError& error) {
    throw FailureError(watch.fate(error.failure()));
  }
}

void change_pin_first(const Session& session, PreparedJob& prepared, Terminal* terminal) {
  ask_new_pin(session, prepared, terminal);
  messages::Job change = job_for(session, messages::JobKind::change_pin);
  change.module = prepared.job.module;
  change.token_uri = prepared.job.token_uri;
  change.protected_path = prepared.job.protected_path;
  change.insist_count_low = prepared.job.insist_count_low;
  change.insist_final_try = prepared.job.insist_final_try;
  if (change.protected_path) session.console.print(texts::cli_secret_changed_on_reader);
  tell_of_changed_pin(session, run_pin_job(session, change, prepared.secrets), texts::cli_pin_changed);
  if (SecureBuffer new_pin = prepared.secrets.take(SecretKind::new_pin); !new_pin.empty())
    prepared.secrets.set(SecretKind::pin, std::move(new_pin));
  prepared.pin_changes_first = false;
  if (change.protected_path) session.console.print(texts::cli_secret_on_reader);
}

bool change_expired_pin(const Session& session, PreparedJob& prepared) {
  const auto terminal = Terminal::open();
  const bool somebody_answers =
      terminal != nullptr || session.arguments.pinentry || prepared.job.protected_path;
  if (!prepared.token || prepared.job.unattended || prepared.job.dry_run || !somebody_answers) return false;
  session.console.print(info(Reason::pin_expired).cause);
  change_pin_first(session, prepared, terminal.get());
  return true;
}

void tell_of_changed_pin(const Session& session, const messages::PinResult& result, const Text& what) {
  session.console.print(what, {token_name(result.token)});
  if (!result.pin_file.empty())
    session.console.print(texts::cli_pin_file_is_old, {printable(result.pin_file, 500)});
}

}  // namespace koshin::cli
