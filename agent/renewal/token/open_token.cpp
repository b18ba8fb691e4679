// SPDX-License-Identifier: MIT
// Lock, session and login of a token. A PIN is presented once, and never again after the token has refused
// it.
#include "renewal/token/open_token.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/quirks.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/stock_taking.hpp"
#include "renewal/token/stored_pin.hpp"
#include "renewal/token/token_report.hpp"
#include "renewal/token/what_was_seen.hpp"

namespace koshin::renewal {
namespace {

bool uses_pin_pad(const JobContext& context, const pkcs11::TokenInfo& token) {
  return token.pin.protected_path && (context.job.protected_path || context.pin == nullptr);
}

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

void check_pin_state(const JobContext& context, const pkcs11::TokenInfo& token) {
  const bool on_reader = uses_pin_pad(context, token);
  static const SecureBuffer none;
  const SecureBuffer* pin = on_reader ? nullptr : context.pin == nullptr ? &none : context.pin;
  const PinConsent consent{context.job.insist_final_try, context.job.insist_count_low,
                           context.job.unattended};
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
  if (objection) throw FailureError(std::move(*objection));
  if (token.pin.count_low && !consent.final_try)
    context.emit(messages::NoticeEvent{"pin_count_low", "A wrong PIN was entered on this token before."});
}

OpenToken::OpenToken(const JobContext& context, FoundToken found)
    : context_(context),
      profile_(profile_of(context.settings)),
      found_(std::move(found)),
      key_(key_of(found_.info)),
      lock_(TokenLock::acquire(key_)) {}

OpenToken::~OpenToken() {
  if (saves_snapshot_) save_snapshot(context_, key_, [this] { return report(); });
  if (!slot_to_empty_ || !card_key_) return;
  session_.reset();
  try {
    const auto secret = secret_of_key_manager(context_, profile_, *card_key_);
    delete_card_key(context_, found_.info, *card_key_, secret, *slot_to_empty_);
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "a spare slot keeps its key: " + as_failure(error).detail);
  }
}

void OpenToken::log_in(pkcs11::Access access, const Interest& interest) {
  context_.journal.unfinished(key_);  // an unusable journal is found before a try is spent
  if (access == pkcs11::Access::read_write && found_.info.write_protected) {
    fail(Reason::token_write_protected, "token \"" + found_.info.label + "\" is write-protected");
  }
  if (found_.info.login_required) {
    check_pin_state(context_, found_.info);
    if (context_.job.unattended) check_stored_pin_not_refused(context_, key_);
  }
  name_slot();
  card_key();
  session_ = pkcs11::Session::open(found_.module, found_.info.slot, access);
  if (found_.info.login_required) switch_user(pkcs11::User::user);
  if (context_.pin != nullptr && !uses_pin_pad(context_, found_.info)) {
    session_->set_context_pin([this](const auto& use) { present_pin_again(use); });
  }
  watch_signatures();
  Reading reading = read_objects(*session_, interest);
  objects_ = std::move(reading.objects);
  unread_ = std::move(reading.unread);
  if (access == pkcs11::Access::read_write) check_all_read(objects_);
  attestations_ = take_attestations(context_, objects_);
  blind_keys_resolved_ = pkcs11::test_blind_keys(*session_, objects_);
  saves_snapshot_ = found_.info.login_required;
}

bool OpenToken::read_the_rest() {
  if (unread_.empty()) return false;
  for (auto& object : session_->read_listed(unread_, true)) objects_.push_back(std::move(object));
  unread_.clear();
  check_all_read(objects_);
  for (Attestation& more : take_attestations(context_, objects_)) attestations_.push_back(std::move(more));
  blind_keys_resolved_ = pkcs11::test_blind_keys(*session_, objects_);
  return true;
}

void OpenToken::name_slot() {
  if (is_one_of_many(key_) && found_.info.slot_description.empty())
    found_.info.slot_description = found_.module->slot(found_.info.slot).description;
}

void OpenToken::open_without_login() {
  name_slot();
  card_key();
  session_ = pkcs11::Session::open(found_.module, found_.info.slot, pkcs11::Access::read_only);
  objects_ = session_->objects();
  attestations_ = take_attestations(context_, objects_);
}

void OpenToken::read_attestation(pkcs11::ByteView key_id) {
  if (attestations_.empty()) return;
  auto there = session_->objects_with_id(key_id);
  std::erase_if(there, [](const pkcs11::TokenObject& object) { return !is_attestation(object); });
  // The certificate that signs attestations is among the objects that were read.
  there.insert(there.end(), objects_.begin(), objects_.end());
  std::erase_if(attestations_, [&](const Attestation& one) {
    return std::equal(one.key_id.begin(), one.key_id.end(), key_id.begin(), key_id.end());
  });
  for (Attestation& fresh : take_attestations(context_, there)) attestations_.push_back(std::move(fresh));
}

void OpenToken::watch_signatures() {
  // Slower than cards sign without a touch (RSA 2048: half a second).
  constexpr std::chrono::milliseconds slow{1500};
  const auto needs_touch = [this](pkcs11::ByteView key_id) {
    return std::any_of(attestations_.begin(), attestations_.end(), [&](const Attestation& one) {
      return one.policies.needs_touch() &&
             std::equal(one.key_id.begin(), one.key_id.end(), key_id.begin(), key_id.end());
    });
  };
  session_->observe_signatures(
      {.patience =
           [=](pkcs11::ByteView key_id) { return needs_touch(key_id) ? std::chrono::milliseconds{0} : slow; },
       .tell =
           [=, this](pkcs11::ByteView key_id, bool over) {
             context_.emit(messages::TouchEvent{needs_touch(key_id), over});
           }});
}

void OpenToken::switch_user(pkcs11::User user) {
  if (!found_.info.login_required || logged_in_ == user) return;
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

bool OpenToken::still_logged_in() {
  try {
    return session_->logged_in() || !found_.info.login_required;
  } catch (const pkcs11::Error& error) {
    log::info(log::Event::none, "the session is gone: " + std::string(error.what()));
    return false;
  }
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
  const auto kind = secret_of_key_manager(context_, profile_, card_key());
  const bool with_pin = kind == KeyManagerSecret::users_pin;
  try {
    if (kind == KeyManagerSecret::given || with_pin) {
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

bool OpenToken::is_gone(pkcs11::User user) const {
  // A pulled card: ykcs11 answers CKR_PIN_INCORRECT to the security officer's login, and the reader service
  // notices up to a second later.
  constexpr std::chrono::milliseconds step{100};
  for (int looks = user == pkcs11::User::security_officer ? 15 : 1; is_there();
       std::this_thread::sleep_for(step))
    if (--looks == 0) return false;
  return true;
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

bool OpenToken::accepts(const pkcs11::KeyOrigin& origin) const {
  // Neither used nor destroyed: the next run reads again.
  if (origin.unread) fail(Reason::token_error, "the attributes of a private key could not be read");
  const bool needs_login = origin.is_private.value_or(true) || !found_.info.login_required;
  return needs_login && origin.trustworthy();
}

bool OpenToken::accepts_key(const pkcs11::TokenObject& private_key) const {
  pkcs11::KeyOrigin origin = session_->key_origin(private_key);
  const Attestation* said = attestation_of(attestations_, private_key.public_key);
  const bool vouched = profile_.attests_keys() && said != nullptr && said->policies.attested;
  // The module's own word against it counts for more.
  if (vouched && origin.local.value_or(true))
    origin.local = origin.never_extractable = origin.always_sensitive = true;
  return accepts(origin);
}

bool OpenToken::keeps_deleted_keys() const {
  return pkcs11::quirks_of_file(found_.module->path()).keeps_deleted_keys;
}

void OpenToken::forget(std::uint64_t handle) {
  std::erase_if(objects_, [handle](const pkcs11::TokenObject& object) { return object.handle == handle; });
}

messages::TokenReport OpenToken::report_bare() const {
  auto report = report_token(found_.module_name, found_.info, profile_);
  if (card_key_) report.management_key = card_key_->how;
  return report;
}

messages::TokenReport OpenToken::report() const {
  auto report = report_bare();
  report_objects(report, objects_, {sees_private_keys(), blind_keys_resolved_});
  report_attestations(report, objects_, attestations_);
  complete_report(context_, objects_, report);
  return sees_private_keys() ? report : with_snapshot(context_, std::move(report));
}

}  // namespace koshin::renewal
