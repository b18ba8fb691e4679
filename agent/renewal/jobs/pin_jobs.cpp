// SPDX-License-Identifier: MIT
// The jobs `change_pin` and `reset_pin`. Everything that can be known to be wrong is found before a secret is
// presented. The token changes its PIN in one call; the journal holds that it is being made before it, and
// what came of it after it.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foundation/log/log.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "pkcs11/uri_match.hpp"
#include "pkcs11/yubikey.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/new_pin_rules.hpp"
#include "renewal/policy/pin_change.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/open_token.hpp"
#include "renewal/token/stored_pin.hpp"

namespace koshin::renewal {
namespace {

using messages::SecretKind;

pkcs11::PinView view_of(const SecureBuffer* secret) {
  return secret == nullptr ? pkcs11::PinView{} : secret->view();
}

/// Whether the reader's PIN pad takes the new PIN, and with it the secret that is presented for it.
bool is_typed_on_reader(const JobContext& context, const OpenToken& token) {
  return token.info().pin.protected_path && (context.job.protected_path || context.new_pin == nullptr);
}

void check_new_pin(const JobContext& context, const OpenToken& token) {
  if (is_typed_on_reader(context, token)) return;
  static const SecureBuffer none;
  const SecureBuffer& new_pin = context.new_pin == nullptr ? none : *context.new_pin;
  const auto rules = new_pin_rules(token.report_bare(), context.settings);
  if (auto why = new_pin_does_not_fit(rules, new_pin, context.pin)) throw FailureError(std::move(*why));
}

/// The management key of such a card would be lost to koshin: only a program that knows the old PIN can
/// derive it and put the one derived from the new PIN in its place. A key that the module cannot use may be
/// such a key too, and a card that did not answer may have one.
void check_nothing_hangs_on_pin(OpenToken& token) {
  const CardKey& key = token.card_key();
  if (key.lost)
    fail(Reason::token_removed,
         "the card was asked whether its management key is derived from its PIN, and did not answer: " +
             key.trouble);
  if (key.how != messages::ManagementKey::derived && key.salt.empty()) return;
  fail(Reason::pin_change_unsupported,
       "the card's management key is derived from its PIN: a program that derives it anew has to change the "
       "PIN, such "
       "as ykman piv access change-pin, or the key is to be kept behind the PIN first");
}

/// The pin-sources that stand for the PIN of this token: the job's, and those of all banks whose URI means
/// it.
std::vector<std::string> stored_pin_sources(const JobContext& context, const OpenToken& token) {
  std::vector<std::string> sources;
  const auto add = [&](const std::optional<std::string>& source) {
    if (source && std::ranges::find(sources, *source) == sources.end()) sources.push_back(*source);
  };
  if (!context.job.token_uri.empty()) add(pkcs11::Uri::parse(context.job.token_uri).pin_source);
  for (const Settings& bank : context.every_bank == nullptr ? banks_of(context) : *context.every_bank) {
    if (bank.token.uri.empty()) continue;
    const auto uri = pkcs11::Uri::parse(bank.token.uri);
    if (uri.pin_source && pkcs11::describes(uri, token.module(), token.info())) add(uri.pin_source);
  }
  return sources;
}

/// The call that changes the PIN, and what the journal and the parent know around it.
class Change {
 public:
  Change(const JobContext& context, OpenToken& token)
      : context_(context), token_(token), sources_(stored_pin_sources(context, token)) {}

  /// From here on the PIN may have changed, whatever happens to this process.
  void begin() {
    note_.emplace(context_, token_.key(), token_.report_bare().label, sources_);
    context_.emit(messages::NoticeEvent{std::string(pin_change_begins), "The token is told the new PIN."});
  }
  /// The token has said that its PIN is as it was. What it said is told, whether or not that can be noted.
  void refused() {
    try {
      note_->refused();
    } catch (const FailureError& error) {
      log::warning(log::Event::none, "the refusal of the new PIN was not noted: " + error.failure().detail);
    }
  }
  /// The token has said that the PIN is the new one. Without the note of it the change still counts as cut
  /// off for the next process, so that is what is told.
  messages::Event done() {
    std::vector<std::string> stale = sources_;
    std::erase_if(stale, [this](const std::string& source) { return holds_new_pin(source); });
    try {
      note_->changed(stale);
    } catch (const FailureError& error) {
      fail(Reason::pin_change_unknown, "the token has taken the new PIN, which could not be noted: " +
                                           std::string(info(error.failure().reason).id) + ": " +
                                           error.failure().detail);
    }
    token_.look_again();
    log::info(log::Event::none, "the PIN was set", {{"KOSHIN_TOKEN", serial_number(token_.key())}});
    messages::PinResult result{token_.report_bare(), {}};
    if (!stale.empty()) result.pin_file = file_of(stale.front());
    return result;
  }

 private:
  /// Whether the new PIN was written into the file beforehand. One that cannot be read, or a PIN that was
  /// typed on the reader, leaves it open.
  bool holds_new_pin(const std::string& source) const {
    return context_.new_pin != nullptr && is_pin_of_source(source, *context_.new_pin);
  }
  static std::string file_of(const std::string& source) {
    try {
      return pin_source_file(source).string();
    } catch (const FailureError&) {
      return source;
    }
  }

  const JobContext& context_;
  OpenToken& token_;
  std::vector<std::string> sources_;
  std::optional<PinChangeNote> note_;
};

/// What the token's answer to C_SetPIN or C_InitPIN means. Anything but a known refusal leaves open whether
/// the PIN was changed.
[[noreturn]] void explain(const JobContext& context, OpenToken& token, Change& change,
                          const pkcs11::Error& error) {
  using pkcs11::Trouble;
  switch (pkcs11::classify(error)) {
    case Trouble::pin_incorrect:
      change.refused();
      if (context.job.unattended) remember_refused_pin(context, token.key());
      token.explain_refused_pin(error);
    case Trouble::not_supported:
      change.refused();
      fail(Reason::pin_change_unsupported, as_failure(error).detail);
    case Trouble::pin_length:
    case Trouble::new_pin_refused:
    case Trouble::pin_locked:
    case Trouble::pin_expired:
    case Trouble::pin_not_set:
    case Trouble::pin_cancelled:
    case Trouble::write_protected:
      change.refused();
      throw FailureError(as_failure(error));
    default:
      fail(Reason::pin_change_unknown, as_failure(error).detail);
  }
}

void check_resetter(const JobContext& context, OpenToken& token, SecretKind kind,
                    const SecureBuffer* secret) {
  const pkcs11::PinState& pin = token.info().pin;
  const SecretToTry tried{kind, secret, {}, {.final_try = context.job.insist_final_try}};
  const auto report = token.report_bare();
  if (auto why = token.profile().why_not_reset(tried, {report, pin.so_locked, pin.so_final_try}))
    throw FailureError(std::move(*why));
}

messages::Event reset_with_puk(const JobContext& context, OpenToken& token) {
  check_resetter(context, token, SecretKind::puk, context.puk);
  const CardKey& card = token.card_key();
  if (card.reader.empty())
    fail(Reason::pin_change_unsupported, "koshin gives the PUK to YubiKeys only, through libykpiv" +
                                             (card.trouble.empty() ? "" : " (" + card.trouble + ")"));
  Change change(context, token);
  change.begin();
  using Kind = pkcs11::UnblockAnswer::Kind;
  const auto answer = pkcs11::unblock_yubikey_pin(token.info().identity.serial, card.reader,
                                                  context.puk->view(), context.new_pin->view());
  if (answer.kind == Kind::set) return change.done();
  if (answer.kind == Kind::unknown) fail(Reason::pin_change_unknown, answer.trouble);
  change.refused();
  if (answer.kind == Kind::unsupported) fail(Reason::pin_change_unsupported, answer.trouble);
  if (answer.kind == Kind::lost) fail(Reason::token_removed, answer.trouble);
  const std::string left = answer.tries_left < 0    ? ""
                           : answer.tries_left == 0 ? ": no try is left, the PUK is locked"
                                                    : ": tries left: " + std::to_string(answer.tries_left);
  fail(Reason::puk_incorrect, answer.trouble + left);
}

messages::Event reset_by_officer(const JobContext& context, OpenToken& token) {
  check_resetter(context, token, SecretKind::security_officer_pin, context.security_officer_pin);
  token.open_to_set_pin();
  token.switch_user(pkcs11::User::security_officer);
  Change change(context, token);
  change.begin();
  try {
    token.session().init_pin(is_typed_on_reader(context, token) ? pkcs11::PinView{}
                                                                : view_of(context.new_pin));
  } catch (const pkcs11::Error& error) {
    explain(context, token, change, error);
  }
  return change.done();
}

}  // namespace

messages::Event run_change_pin(const JobContext& context) {
  context.journal.ensure_open();  // an unusable journal is found before a try is spent
  OpenToken token(context, find_token(context));
  check_pin_state(context, token.info());
  if (context.job.unattended) check_stored_pin_not_refused(context, token.key());
  check_new_pin(context, token);
  check_nothing_hangs_on_pin(token);
  token.open_to_set_pin();
  Change change(context, token);
  change.begin();
  try {
    const bool on_reader = is_typed_on_reader(context, token);
    token.session().set_pin(on_reader ? pkcs11::PinView{} : view_of(context.pin),
                            on_reader ? pkcs11::PinView{} : view_of(context.new_pin));
  } catch (const pkcs11::Error& error) {
    explain(context, token, change, error);
  }
  return change.done();
}

messages::Event run_reset_pin(const JobContext& context) {
  context.journal.ensure_open();
  OpenToken token(context, find_token(context));
  check_new_pin(context, token);
  check_nothing_hangs_on_pin(token);
  return token.profile().pin_resetter() == PinResetter::puk ? reset_with_puk(context, token)
                                                            : reset_by_officer(context, token);
}

}  // namespace koshin::renewal
