// SPDX-License-Identifier: MIT
// Collection of secrets; each is asked for once.
#include "cli/job_secrets.hpp"

#include "cli/pin_secrets.hpp"
#include "cli/renew_beforehand.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

using messages::JobKind;
using messages::SecretKind;

constexpr int pin_attempts = 3;

bool changes_keys(const messages::Job& job) {
  return job.kind == JobKind::renew || job.kind == JobKind::enroll || job.kind == JobKind::prune ||
         job.kind == JobKind::cancel;
}

bool wants_code(const messages::Job& job) {
  return job.kind == JobKind::enroll;
}

/// A stop request during a prompt is reported as interrupted, whatever the prompt makes of the signal.
template <typename Ask>
SecureBuffer unless_stopped(const Session& session, const Ask& ask) {
  try {
    return ask();
  } catch (const FailureError&) {
    session.interrupt.check();
    throw;
  }
}

Reason reason_of_missing(SecretKind kind) {
  switch (kind) {
    case SecretKind::security_officer_pin:
      return Reason::so_pin_required;
    case SecretKind::passphrase:
      return Reason::passphrase_required;
    case SecretKind::reissue_code:
      return Reason::reissue_needed;
    case SecretKind::puk:
      return Reason::puk_incorrect;
    case SecretKind::proxy_password:
      return Reason::proxy_authentication_failed;
    case SecretKind::pin:
    case SecretKind::new_pin:
      break;
  }
  return Reason::pin_required;
}

/// read_secret_line() does not know the kind of secret and reports a missing one as a missing PIN.
Reason reason_of(const FailureError& error, SecretKind kind) {
  const Reason reason = error.failure().reason;
  return reason == Reason::pin_required ? reason_of_missing(kind) : reason;
}

/// Reads a line of standard input; on a terminal with a prompt and without echo.
SecureBuffer read_secret(const Session& session, SecretKind kind, std::string_view what) {
  if (stdin_is_terminal()) return ask_secret(session, kind, std::string(what) + ": ");
  wait_for_stdin(session.interrupt);
  try {
    return read_secret_line(standard_handle(StandardStream::input));
  } catch (const FailureError& error) {
    fail(reason_of(error, kind), std::string(what) + " on standard input: " + error.failure().detail);
  }
}

/// Reads the secrets from standard input, in the documented order.
void read_stdin(const Session& session, Secrets& secrets) {
  const Arguments& arguments = session.arguments;
  const auto take = [&](bool wanted, SecretKind kind, std::string_view what) {
    if (wanted) secrets.add(kind, read_secret(session, kind, what));
  };
  take(arguments.pin_stdin, SecretKind::pin, "PIN");
  take(arguments.so_pin_stdin, SecretKind::security_officer_pin, "SO PIN");
  take(arguments.puk_stdin, SecretKind::puk, "PUK");
  take(arguments.passphrase_stdin, SecretKind::passphrase, "passphrase");
  take(arguments.code_stdin, SecretKind::reissue_code, "re-issue code");
  take(arguments.new_pin_stdin, SecretKind::new_pin, "new PIN");
}

const Text& rule_of(PinCharacters allowed_characters) {
  if (allowed_characters == PinCharacters::digits) return texts::cli_secret_only_digits;
  return allowed_characters == PinCharacters::alphanumeric ? texts::cli_secret_only_alphanumeric
                                                           : texts::cli_secret_only_printable;
}

/// The defect of a PIN in the person's language, found before a try is spent; empty: none.
std::string pin_trouble(const Session& session, const messages::TokenReport& token, const SecureBuffer& pin) {
  const PinCharacters allowed = session.settings.token.pin_characters;
  switch (fault_of_pin(token, allowed, pin)) {
    case PinFault::none:
      return {};
    case PinFault::characters:
      return session.console.say(rule_of(allowed));
    case PinFault::not_text:
      return session.console.say(texts::cli_secret_no_text);
    case PinFault::missing:
    case PinFault::length:
      break;
  }
  const std::string most = token.pin_max == 0 ? "…" : std::to_string(token.pin_max);
  return session.console.say(texts::cli_secret_wrong_length, {std::to_string(token.pin_min), most});
}

SecureBuffer ask_pin_on_terminal(const Session& session, const messages::TokenReport& token,
                                 Terminal& terminal) {
  const std::string prompt = session.console.say(texts::cli_secret_pin_prompt, {token_name(token)});
  for (int attempt = 0; attempt < pin_attempts; ++attempt) {
    SecureBuffer pin = ask_secret(session, SecretKind::pin, prompt);
    const std::string trouble = pin_trouble(session, token, pin);
    if (trouble.empty()) return pin;
    terminal.show(trouble + "\n");
  }
  fail(Reason::pin_length_invalid, "the token's PIN is of another length or of other characters");
}

SecureBuffer ask_pin_with_pinentry(const Session& session, const messages::TokenReport& token) {
  PinentryTexts texts;
  texts.title = session.console.say(texts::cli_secret_pin_title);
  texts.description = session.console.say(texts::cli_secret_pinentry_description, {token_name(token)});
  texts.prompt = session.console.say(texts::cli_secret_pin_label);
  if (token.pin_count_low) texts.error = session.console.say(texts::cli_secret_count_low);
  if (token.pin_final_try) texts.error = session.console.say(texts::cli_secret_final_try);
  SecureBuffer pin = ask_secret_with_pinentry(session, texts);
  if (auto why = pin_does_not_fit(token, session.settings.token.pin_characters, pin)) {
    if (why->reason == Reason::pin_length_invalid) why->detail = pin_trouble(session, token, pin);
    throw FailureError(std::move(*why));
  }
  return pin;
}

/// Warns of a low try counter: typing the PIN afterwards confirms the try. (Pinentry shows the warning
/// itself.)
void warn_of_low_count(const Session& session, const messages::TokenReport& token, Terminal* terminal,
                       messages::Job& job) {
  if (!token.pin_count_low) return;
  job.insist_count_low = true;
  if (terminal != nullptr) return terminal->show(session.console.say(texts::cli_secret_count_low) + "\n");
  if (token.protected_path) session.console.print(texts::cli_secret_count_low);
}

/// Spends the last try only with the person's confirmation, here or by --insist-final-try.
void confirm_last_try(const Session& session, const messages::TokenReport& token, Terminal* terminal,
                      messages::Job& job) {
  if (!token.pin_final_try) return warn_of_low_count(session, token, terminal, job);
  if (job.insist_final_try) return;
  if (terminal == nullptr) fail(Reason::pin_final_try, "--insist-final-try goes on all the same");
  terminal->show(session.console.say(texts::cli_secret_final_try) + "\n");
  if (terminal->ask(session.console.say(texts::cli_secret_confirm_final_try), session.interrupt) != "yes")
    fail(Reason::pin_final_try, "not confirmed; no try was used");
  job.insist_final_try = true;
}

/// Says what a person should know before the PIN is asked for.
void tell_of_pin(const Session& session, const PreparedJob& prepared, Terminal* terminal) {
  if (terminal == nullptr) return;
  if (prepared.token->pin_change_unknown)
    terminal->show(session.console.say(texts::cli_secret_change_unknown) + "\n");
  if (prepared.pin_changes_first)
    terminal->show(session.console.say(texts::cli_secret_pin_must_change) + "\n");
}

void ask_pin(const Session& session, PreparedJob& prepared, Terminal* terminal) {
  const messages::TokenReport& token = *prepared.token;
  const bool somebody_answers = terminal != nullptr || session.arguments.pinentry || token.protected_path;
  const bool changes = prepared.job.kind == JobKind::change_pin;
  // A dry run changes nothing, so it says that the PIN has to be changed.
  prepared.pin_changes_first = !changes && changes_keys(prepared.job) && !prepared.job.dry_run &&
                               token.pin_to_be_changed && somebody_answers;
  if (auto why = pin_is_unusable(token, changes || prepared.pin_changes_first))
    throw FailureError(std::move(*why));
  tell_of_pin(session, prepared, terminal);
  confirm_last_try(session, token, terminal, prepared.job);
  if (token.protected_path) {
    prepared.job.protected_path = true;
    if (!changes && !prepared.pin_changes_first) session.console.print(texts::cli_secret_on_reader);
    return;
  }
  if (session.arguments.pinentry) {
    prepared.secrets.add(SecretKind::pin, ask_pin_with_pinentry(session, token));
    return;
  }
  if (terminal == nullptr)
    fail(Reason::pin_required,
         "standard input is no terminal: use --pin-stdin, --pinentry, or a pin-source in --token");
  prepared.secrets.add(SecretKind::pin, ask_pin_on_terminal(session, token, *terminal));
}

/// Whether a person has to give the management key: the job makes or deletes keys, and by what the token says
/// of the key, its PIN is not enough. A job whose token nobody has looked at finds that out by itself.
bool needs_officer(const Session& session, const PreparedJob& prepared) {
  const bool given = prepared.secrets.has(SecretKind::security_officer_pin);
  if (given || !changes_keys(prepared.job) || !prepared.token) return false;
  const auto why =
      renewal::profile_of(session.settings).why_person_cannot_renew(*prepared.token, session.settings);
  if (why && why->reason != Reason::so_pin_required) {
    if (prepared.job.kind == JobKind::renew && only_proof_is_unfinished(session, *prepared.token))
      return false;
    throw FailureError(*why);
  }
  return why && !prepared.job.dry_run;
}

/// Before the PIN is asked for: whether the management key, which it will not do without, can be asked for at
/// all.
void announce_officer(const Session& session, const PreparedJob& prepared, Terminal* terminal) {
  if (!needs_officer(session, prepared)) return;
  if (terminal == nullptr) fail(Reason::so_pin_required, "use --so-pin-stdin");
  if (prepared.token->management_key != messages::ManagementKey::unknown)
    terminal->show(session.console.say(texts::cli_secret_so_pin_needed) + "\n");
}

/// Asks for the missing secrets of this job other than the PIN.
void ask_other_secrets(const Session& session, PreparedJob& prepared, Terminal* terminal) {
  const auto ask = [&](SecretKind kind, const std::string& prompt, std::string_view option) {
    if (prepared.secrets.has(kind)) return;
    if (terminal == nullptr) fail(reason_of_missing(kind), "use " + std::string(option));
    prepared.secrets.add(kind, ask_secret(session, kind, prompt));
  };
  const Settings::Authority& authority = session.settings.authority;
  if (needs_officer(session, prepared))
    ask(SecretKind::security_officer_pin, session.console.say(texts::cli_secret_so_pin_prompt),
        "--so-pin-stdin");
  const bool examined = prepared.job.kind == JobKind::doctor && terminal != nullptr;
  if ((prepared.job.kind == JobKind::renew || examined) && authority.person_gives_passphrase())
    ask(SecretKind::passphrase,
        session.console.say(texts::cli_secret_passphrase_prompt, {authority.http_user}),
        "--passphrase-stdin");
  if (wants_code(prepared.job))
    ask(SecretKind::reissue_code, session.console.say(texts::cli_secret_code_prompt), "--code-stdin");
}

}  // namespace

void name_token(PreparedJob& prepared, const messages::TokenReport& token) {
  prepared.token = token;
  prepared.job.module = token.module;
  if (!prepared.job.unattended) prepared.job.token_uri = token.uri;  // else the URI contains the pin-source
}

bool pin_comes_from_source(const Session& session) {
  const std::string& uri =
      session.arguments.token_uri.empty() ? session.settings.token.uri : session.arguments.token_uri;
  return has_pin_source(uri);
}

SecureBuffer ask_secret(const Session& session, SecretKind kind, std::string_view prompt) {
  return unless_stopped(session, [&] {
    try {
      return prompt_secret(prompt, session.interrupt.token());
    } catch (const FailureError& error) {
      fail(reason_of(error, kind), error.failure().detail);
    }
  });
}

SecureBuffer ask_secret_with_pinentry(const Session& session, const PinentryTexts& texts) {
  const std::string& program = session.arguments.pinentry_program;
  return unless_stopped(session, [&] {
    return program.empty()
               ? ask_pinentry(texts, session.interrupt.token())
               : ask_pinentry(texts, session.interrupt.token(), secret_input_limit, path_of(program));
  });
}

bool has_pin_source(std::string_view uri) {
  return pin_source_of(uri).has_value();
}

PreparedJob prepare_from_stdin(const Session& session, messages::Job job) {
  PreparedJob prepared{.job = std::move(job), .secrets = {}, .token = {}};
  read_stdin(session, prepared.secrets);
  return prepared;
}

PreparedJob prepare_job(const Session& session, messages::Job job) {
  const bool pin_known = session.arguments.pin_stdin || pin_comes_from_source(session);
  if (!pin_known) {
    const auto terminal = Terminal::open();
    return prepare_job_on(session, std::move(job),
                          choose_token(session, inspect_eligible(session), terminal.get()));
  }
  if (job.kind == JobKind::renew) check_no_refused_leg(session);
  PreparedJob prepared = prepare_from_stdin(session, std::move(job));
  prepared.job.unattended = !session.arguments.pin_stdin;
  const auto terminal = Terminal::open();
  const bool by_officer =
      renewal::profile_of(session.settings).key_manager() == renewal::KeyManager::security_officer;
  if (by_officer && terminal != nullptr && changes_keys(prepared.job) &&
      !prepared.secrets.has(SecretKind::security_officer_pin))
    // Nobody is asked which of several tokens: the PIN, which is here already, is that of one of them.
    name_token(prepared, choose_token(session, inspect_eligible(session), nullptr));
  ask_other_secrets(session, prepared, terminal.get());
  return prepared;
}

PreparedJob prepare_job_on(const Session& session, messages::Job job, const messages::TokenReport& token) {
  PreparedJob prepared{.job = std::move(job), .secrets = {}, .token = {}};
  prepared.job.unattended = !session.arguments.pin_stdin && pin_comes_from_source(session);
  name_token(prepared, token);
  if (prepared.job.kind == JobKind::renew) check_renewal_makes_sense(session, token);
  const auto terminal = Terminal::open();
  read_stdin(session, prepared.secrets);
  announce_officer(session, prepared, terminal.get());
  if (!prepared.secrets.has(SecretKind::pin) && !prepared.job.unattended)
    ask_pin(session, prepared, terminal.get());
  if (prepared.pin_changes_first) change_pin_first(session, prepared, terminal.get());
  ask_other_secrets(session, prepared, terminal.get());
  return prepared;
}

}  // namespace koshin::cli
