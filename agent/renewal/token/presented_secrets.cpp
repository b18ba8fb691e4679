// SPDX-License-Identifier: MIT
// What is presented to a token: a PIN once, and never again after the token has refused it.
#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/quirks.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/open_token.hpp"
#include "renewal/token/stored_pin.hpp"
#include "renewal/token/token_report.hpp"
#include "renewal/token/writing_obstacle.hpp"

namespace koshin::renewal {
namespace {

/// Any error of a CKU_SO login concerns the SO PIN and not the user's PIN, whatever CKR code the module
/// returns.
bool rejects_so_pin(const pkcs11::Error& error) {
  const auto trouble = pkcs11::classify(error);
  return trouble != pkcs11::Trouble::token_gone && trouble != pkcs11::Trouble::pin_cancelled;
}

/// Whether the token has refused the PIN. The CKR code does not tell whether a try was spent.
bool rejects_pin(const pkcs11::Error& error) {
  const auto trouble = pkcs11::classify(error);
  return trouble == pkcs11::Trouble::pin_incorrect || trouble == pkcs11::Trouble::pin_length;
}

/// Whether the login failed before the PIN was verified, or after it was found right.
bool spent_no_try(const pkcs11::Error& error) {
  const auto trouble = pkcs11::classify(error);
  return trouble == pkcs11::Trouble::pin_not_set || trouble == pkcs11::Trouble::pin_expired;
}

}  // namespace

bool uses_pin_pad(const JobContext& context, const pkcs11::TokenInfo& token) {
  return token.pin.protected_path && (context.job.protected_path || context.pin == nullptr);
}

void check_pin_state(const JobContext& context, const pkcs11::TokenInfo& token) {
  const bool on_reader = uses_pin_pad(context, token);
  static const SecureBuffer none;
  const SecureBuffer* pin = on_reader ? nullptr : context.pin == nullptr ? &none : context.pin;
  const PinConsent consent{context.job.insist_final_try, context.job.insist_count_low, context.job.unattended,
                           context.job.kind == messages::JobKind::change_pin};
  // A job about all banks tries a PIN that one of them admits.
  std::optional<Failure> objection;
  for (const Settings& bank : banks_of(context)) {
    const TokenProfile& profile = profile_of(bank);
    const auto report = report_token({}, token, profile);
    if (context.banks != nullptr && !may_mean(bank, report)) continue;
    const SecretToTry secret{messages::SecretKind::pin, pin, bank.token.pin_characters, consent};
    objection = profile.objection(secret, {report});
    if (!objection) break;
  }
  if (objection) {
    const std::string file = context.job.unattended ? file_of_stored_pin(context) : std::string();
    if (objection->reason == Reason::pin_length_invalid && !file.empty())
      objection->detail = printable(file, 300) + ": " + objection->detail;
    throw FailureError(std::move(*objection));
  }
  if (token.pin.count_low && !consent.final_try)
    context.emit(messages::NoticeEvent{"pin_count_low", "A wrong PIN was entered on this token before."});
}

void OpenToken::switch_user(pkcs11::User user) {
  // Whatever a token shows without a login: only its security officer sets a PIN.
  const bool needed = found_.info.login_required || context_.job.kind == messages::JobKind::reset_pin;
  if (!needed || logged_in_ == user) return;
  if (logged_in_) session_->logout();
  logged_in_.reset();
  user == pkcs11::User::user ? present_pin() : present_officers_secret();
  logged_in_ = user;
}

const CardKey& OpenToken::card_key() {
  if (!card_key_ && session_ == nullptr) card_key_ = find_card_key(*found_.module, found_.info, profile_);
  if (!card_key_) fail(Reason::internal_error, "the card is to be asked before its session is open");
  return *card_key_;
}

bool OpenToken::has_key_manager_secret() const {
  if (profile_.key_manager() == KeyManager::user) return true;
  const SecureBuffer* officers = context_.security_officer_pin;
  if (officers != nullptr && !officers->empty()) return true;
  const auto secret = secret_of_key_manager(context_, profile_, card_key_.value_or(CardKey{}));
  // A PIN that is typed on the reader is not in koshin's hands.
  return secret == KeyManagerSecret::factory ||
         (secret != KeyManagerSecret::given && !uses_pin_pad(context_, found_.info));
}

void OpenToken::check_key_manager() {
  if (profile_.key_manager() == KeyManager::user) return;
  check_writing_obstacle(found_.info, profile_);
  const CardKey& key = card_key();
  if (key.how == messages::ManagementKey::unusable)
    fail(Reason::management_key_unsupported, found_.module->description() +
                                                 " knows 3DES alone, and the card's management key is " +
                                                 key.algorithm);
  const bool given = secret_of_key_manager(context_, profile_, key) == KeyManagerSecret::given;
  if (!given && has_key_manager_secret()) return;
  const pkcs11::PinState& pin = found_.info.pin;
  const SecretToTry secret{messages::SecretKind::security_officer_pin,
                           context_.security_officer_pin,
                           {},
                           {.final_try = context_.job.insist_final_try}};
  const auto report = report_bare();
  auto why = profile_.objection(secret, {report, pin.so_locked, pin.so_final_try});
  if (!why) return;
  if (key.lost && why->reason == Reason::so_pin_required && is_gone(pkcs11::User::security_officer))
    fail(Reason::token_removed, "the card was asked for its management key, and is not there any more");
  if (!key.trouble.empty()) why->detail += " (" + key.trouble + ")";
  throw FailureError(std::move(*why));
}

void OpenToken::act_as_key_manager() {
  check_key_manager();
  switch_user(profile_.key_manager() == KeyManager::security_officer ? pkcs11::User::security_officer
                                                                     : pkcs11::User::user);
}

void OpenToken::present_pin() {
  const bool typed_on_reader = uses_pin_pad(context_, found_.info);
  const bool stored = context_.job.unattended && !typed_on_reader;
  if (stored) mark_stored_pin_in_doubt(context_, key_);
  try {
    session_->login(pkcs11::User::user, typed_on_reader ? pkcs11::PinView{} : context_.pin->view());
  } catch (const pkcs11::Error& error) {
    // The token's word that the user's PIN is wrong counts although the token may be gone by now: a try is
    // spent.
    const bool refused = pkcs11::classify(error) == pkcs11::Trouble::pin_incorrect;
    if (!refused && is_gone(pkcs11::User::user))
      fail(Reason::token_removed, as_failure(error).detail + ": the token is not there any more");
    if (rejects_pin(error)) {
      if (context_.job.unattended) remember_refused_pin(context_, key_);
      explain_refused_pin(error);
    }
    if (stored && spent_no_try(error)) clear_refused_pin(context_, key_);
    throw;
  }
  context_.job.unattended ? clear_refused_pin(context_, key_) : clear_stored_pin_doubt(context_, key_);
}

void OpenToken::present_officers_secret() {
  using pkcs11::User;
  const bool typed_on_reader =
      context_.job.kind == messages::JobKind::reset_pin && context_.security_officer_pin == nullptr;
  const auto kind =
      typed_on_reader ? KeyManagerSecret::given : secret_of_key_manager(context_, profile_, card_key());
  const bool with_pin = kind == KeyManagerSecret::users_pin;
  try {
    if (typed_on_reader) {
      session_->login(User::security_officer, {});
    } else if (kind == KeyManagerSecret::given || with_pin) {
      session_->login(User::security_officer,
                      (with_pin ? context_.pin : context_.security_officer_pin)->view());
    } else {
      session_->login(User::security_officer, computed_card_key(card_key(), kind, context_.pin).view());
    }
  } catch (const pkcs11::Error& error) {
    if (is_gone(User::security_officer))
      fail(Reason::token_removed, as_failure(error).detail + ": the token is not there any more");
    if (!rejects_so_pin(error)) throw;
    if (with_pin && pkcs11::classify(error) == pkcs11::Trouble::pin_locked)
      fail(Reason::pin_locked, as_failure(error).detail + ": the PIN, from which the management key is had");
    // A stored PIN is not remembered as refused: the user's login, just before, has taken it, and ykcs11 has
    // one answer for a wrong PIN and a wrong key behind it. The next user's login tells a wrong PIN.
    fail(Reason::so_pin_incorrect, as_failure(error).detail + ": " + words_of_refused(kind));
  }
}

void OpenToken::present_pin_again(const std::function<void(pkcs11::PinView)>& use) const {
  try {
    use(context_.pin->view());
  } catch (const pkcs11::Error& error) {
    if (context_.job.unattended && rejects_pin(error)) remember_refused_pin(context_, key_);
    throw;
  }
}

bool OpenToken::is_there() const {
  try {
    (void)found_.module->tokens();  // only the slot list makes some modules look at the reader
    return found_.module->token(found_.info.slot).identity == found_.info.identity;
  } catch (const pkcs11::Error& error) {
    return pkcs11::classify(error) != pkcs11::Trouble::token_gone;  // other errors do not tell
  }
}

bool OpenToken::stays_in_reader(int looks, const std::stop_token& stop) const {
  constexpr std::chrono::milliseconds step{100};
  for (; is_there(); std::this_thread::sleep_for(step)) {
    if (stop.stop_requested()) fail(Reason::interrupted, "stopped while the reader was looked at");
    if (--looks == 0) return true;
  }
  return false;
}

bool OpenToken::is_gone(pkcs11::User user) const {
  // A pulled card: ykcs11 answers CKR_PIN_INCORRECT to the security officer's login.
  return !stays_in_reader(user == pkcs11::User::security_officer ? late_looks : 1);
}

void OpenToken::explain_refused_pin(const pkcs11::Error& error) const {
  const bool wrong = pkcs11::classify(error) == pkcs11::Trouble::pin_incorrect;
  const char* said = wrong ? ": one try was spent" : ": a try may have been spent";
  std::string text = as_failure(error).detail + ": the token refused the PIN";
  if (const std::string file = context_.job.unattended ? file_of_stored_pin(context_) : std::string();
      !file.empty())
    text += " of " + printable(file, 300);
  try {
    const auto now = found_.module->token(found_.info.slot);
    if (now.pin.locked)
      fail(Reason::pin_locked, text + ": that was the last try, the token has locked itself");
    text += now.pin.final_try ? ": one more wrong PIN locks the token" : said;
  } catch (const pkcs11::Error&) {
    text += said;
  }
  fail(Reason::pin_incorrect, text);
}

}  // namespace koshin::renewal
