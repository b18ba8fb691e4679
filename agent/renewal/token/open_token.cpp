// SPDX-License-Identifier: MIT
// Lock, session and reading of a token. presented_secrets.cpp logs in.
#include "renewal/token/open_token.hpp"

#include <algorithm>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/quirks.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/stock_taking.hpp"
#include "renewal/token/stored_pin.hpp"
#include "renewal/token/token_report.hpp"
#include "renewal/token/what_was_seen.hpp"
#include "renewal/token/writing_obstacle.hpp"

namespace koshin::renewal {

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
  if (access == pkcs11::Access::read_write) check_writing_obstacle(found_.info, profile_);
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

void OpenToken::open_to_set_pin() {
  if (found_.info.write_protected)
    fail(Reason::token_write_protected, "token \"" + found_.info.label + "\" is write-protected");
  card_key();
  session_ = pkcs11::Session::open(found_.module, found_.info.slot, pkcs11::Access::read_write);
}

void OpenToken::look_again() {
  try {
    std::string slot = std::move(found_.info.slot_description);
    found_.info = found_.module->token(found_.info.slot);
    found_.info.slot_description = std::move(slot);
  } catch (const pkcs11::Error& error) {
    log::info(log::Event::none, "the token was not looked at again: " + as_failure(error).detail);
  }
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

bool OpenToken::still_logged_in() {
  try {
    return session_->logged_in() || !found_.info.login_required;
  } catch (const pkcs11::Error& error) {
    log::info(log::Event::none, "the session is gone: " + std::string(error.what()));
    return false;
  }
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
