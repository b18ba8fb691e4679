// SPDX-License-Identifier: MIT
#include "card_stage.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "enrollment/x509/certificate.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/paths.hpp"
#include "piv_crypto.hpp"
#include "pkcs11/public_key.hpp"
#include "renewal/journal/journal.hpp"
#include "resident/pcsc_connection.hpp"
#include "support/environment.hpp"
#include "support/later_end.hpp"

namespace koshin::cards {
namespace {

namespace fs = std::filesystem;

/// ykcs11 looks at readers with "Yubico" in their names, and at no others.
constexpr const char* reader_name = "Yubico YubiKey";
constexpr const char* first_reader = "Yubico YubiKey 00 00";
constexpr std::uint32_t card_serial = 12'345'678;
constexpr int age_of_certificate = 353;

void put_pair(CardState& state, unsigned slot, Algorithm algorithm, test::TestBank& bank, int days_left) {
  KeySlot key{algorithm, PinPolicy::once, generate_key(algorithm)};
  const Bytes certificate =
      bank.issue(public_key_info(key.private_key), test::default_user, days_left, age_of_certificate);
  state.keys[slot] = std::move(key);
  state.objects[certificate_object_of(slot)] = certificate_object(certificate);
}

/// Until pcscd has noticed, which looks at its readers twice in a second.
template <class Condition>
void wait_for(const char* what, const test::PcscDaemon& daemon, Condition holds) {
  constexpr int patience = 6000;
  for (int waited = 0; waited < patience; ++waited) {
    if (holds()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  std::ifstream log(daemon.log());
  throw std::runtime_error(std::string("pcscd does not notice ") + what + ":\n" +
                           std::string{std::istreambuf_iterator<char>(log), {}});
}

/// The slots of ykcs11's key IDs: 9a, 9c, 9d, 9e, then those of retired keys.
unsigned slot_of_id(unsigned key_id) {
  constexpr unsigned standard[] = {authentication_slot, 0x9C, 0x9D, 0x9E};
  return key_id <= std::size(standard) ? standard[key_id - 1] : first_retired_slot + key_id - 5U;
}

}  // namespace

fs::path ykcs11_module() {
  for (const char* path :
       {"/usr/lib/x86_64-linux-gnu/libykcs11.so.2", "/usr/lib/aarch64-linux-gnu/libykcs11.so.2"}) {
    if (fs::exists(path)) return path;
  }
  return {};
}

std::string management_key_in_hexadecimal() {
  return to_hex(default_management_key());
}

std::string CardStage::missing() {
  if (ykcs11_module().empty()) return "ykcs11 is not installed";
  return test::PcscDaemon::missing();
}

CardStage::CardStage(Algorithm algorithm, int days_left)
    : bank_(path_ / "bank"),
      daemon_(path_ / "pcscd", reader_name),
      card_(path_ / "card", {daemon_.port(0), [this] { daemon_.network().enter(); }}),
      first_state_(fresh_card(card_serial)) {
  put_pair(first_state_, authentication_slot, algorithm, bank_, days_left);
  daemon_.start();
  start_over();
}

CardStage::~CardStage() = default;

void CardStage::start_over() {
  pull();
  save(first_state_, path_ / "card");
  issued_before_ = bank_.issued();
  untold_keys_.clear();
  fs::remove_all(path_ / "user");
  fs::create_directories(path_ / "user");
  test::isolate_user(path_ / "user");
  use_settings("");
}

void CardStage::start_over_to_fail_at_last_writing(const std::string& extra_settings, Fault::Kind how) {
  const unsigned last_writing = number_of_last("db ");
  start_over();
  use_settings(extra_settings);
  plug({how, last_writing});
}

void CardStage::hand_out(const std::function<void(CardState&)>& how) {
  how(first_state_);
  start_over();
}

void CardStage::keep() {
  pull();
  fs::remove_all(path_ / "kept");
  fs::copy(path_ / "user", path_ / "kept", fs::copy_options::recursive);
  save(card_.state(), path_ / "kept-card");
}

void CardStage::come_back() {
  pull();
  save(load(path_ / "kept-card"), path_ / "card");
  issued_before_ = bank_.issued();
  untold_keys_.clear();
  fs::remove_all(path_ / "user");
  fs::copy(path_ / "kept", path_ / "user", fs::copy_options::recursive);
  test::isolate_user(path_ / "user");
}

void CardStage::forget_the_user() {
  fs::remove_all(path_ / "user");
  fs::create_directories(path_ / "user");
  test::isolate_user(path_ / "user");
  use_settings(extra_settings_);
}

void CardStage::use_settings(const std::string& extra) {
  extra_settings_ = extra;
  const auto unless_named = [&extra](const std::string& key, const std::string& value) {
    return extra.find(key) != std::string::npos ? std::string() : key + " = " + value + "\n";
  };
  test::write_settings(path_ / "user", bank_,
                       unless_named("token.modules", "[\"" + ykcs11_module().string() + "\"]") +
                           unless_named("token.profile", "\"piv\"") + "authority.attempts = 1\n" +
                           unless_named("log.level", "\"error\"") + extra);
}

void CardStage::plug(const Fault& fault) {
  pull();
  card_.plug(fault);
  wait_for("the card", daemon_, [this] { return daemon_.insertions() > daemon_.removals(); });
  test::PcscConnection(first_reader).wait_for_power();
}

unsigned CardStage::number_of_last(const std::string& beginning) const {
  const auto commands = card_.commands();
  unsigned last = 0;
  for (unsigned number = 1; number <= commands.size(); ++number)
    if (commands[number - 1].starts_with(beginning)) last = number;
  if (last == 0) throw std::runtime_error("the card got no command " + beginning);
  return last;
}

void CardStage::pull() {
  card_.pull();
  wait_for("that the card has gone", daemon_, [this] { return daemon_.insertions() == daemon_.removals(); });
}

void CardStage::change(const std::function<void(CardState&)>& how) {
  CardState state = card_.state();
  how(state);
  save(state, path_ / "card");
}

JobRun CardStage::run(messages::Job job, const Given& given) const {
  return run_worker_job(std::move(job), settings(), given);
}

JobRun CardStage::renew_once_more() const {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.force = true;
  test::wait_for_a_later_end();
  return run(std::move(job), {card_pin, management_key_in_hexadecimal(), {}});
}

JobRun CardStage::renew(const Given& given) const {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  return run(std::move(job), given);
}

bool CardStage::has_pair(const CardState& state, unsigned slot) {
  const auto key = state.keys.find(slot);
  const Bytes der = certificate_in(state, slot);
  if (key == state.keys.end() || der.empty()) return false;
  return pkcs11::public_key_of_certificate(der) == public_key_info(key->second.private_key) &&
         !enrollment::Certificate::from_der(der).self_issued();
}

bool CardStage::old_pair_is_there(const CardState& now) const {
  const auto object = certificate_object_of(authentication_slot);
  const auto key = now.keys.find(authentication_slot);
  const auto certificate = now.objects.find(object);
  return key != now.keys.end() && key->second == first_state_.keys.at(authentication_slot) &&
         certificate != now.objects.end() && certificate->second == first_state_.objects.at(object);
}

/// Whether a pair on the card belongs to a renewal whose certificate has logged in: by the journal's entry
/// or, where the spare slot was cleared and the power went before the entry, by the bank's books.
bool CardStage::another_pair_was_proved(const CardState& now) const {
  const auto history = renewal::Journal::open(paths::journal_file())->history(10);
  return std::any_of(now.keys.begin(), now.keys.end(), [&](const auto& entry) {
    if (!has_pair(now, entry.first)) return false;
    const renewal::State least =
        entry.first == authentication_slot ? renewal::State::written : renewal::State::completed;
    const Bytes der = certificate_in(now, entry.first);
    return std::any_of(history.begin(), history.end(), [&](const renewal::Record& record) {
      if (record.certificate != der) return false;
      if (record.state == renewal::State::completed) return true;
      return record.state == least && bank_.has_logged_in(der);
    });
  });
}

std::vector<std::string> CardStage::damaged_secrets() const {
  std::vector<std::string> losses;
  const CardState now = card_.state();
  if (now.pin != first_state_.pin)
    losses.push_back("the PIN has " + std::to_string(now.pin.tries_left) + " tries left");
  if (now.puk != first_state_.puk) losses.emplace_back("the PUK changed");
  if (now.management_key != first_state_.management_key) losses.emplace_back("the management key changed");
  return losses;
}

std::vector<std::string> CardStage::damage() const {
  std::vector<std::string> losses = damaged_secrets();
  const CardState now = card_.state();
  if (keeps_key()) {
    check_kept_key(now, losses);
    return losses;
  }
  if (!old_pair_is_there(now)) {
    if (one_leg()) losses.emplace_back("the old pair changed");
    if (!another_pair_was_proved(now))
      losses.emplace_back("the old pair changed, and no other one on the card has logged in");
  }
  return losses;
}

/// The old certificate stays until the new one has logged in, and the keys stay as they are.
void CardStage::check_kept_key(const CardState& now, std::vector<std::string>& losses) const {
  if (now.keys != first_state_.keys) losses.emplace_back("the keys changed");
  if (old_pair_is_there(now)) return;
  if (!has_pair(now, authentication_slot))
    losses.emplace_back("slot 9a has no certificate for its key");
  else if (!bank_.has_logged_in(certificate_in(now, authentication_slot)))
    losses.emplace_back("the old certificate was overwritten by one that has not logged in");
}

void CardStage::leave_untold_keys() {
  const CardState now = card_.state();
  // Of a key without a certificate such a card tells nothing: koshin does not see it, and makes another one
  // there.
  if (!now.has_metadata && now.attestation_key.empty()) return;
  for (const auto& record : renewal::Journal::open(paths::journal_file())->all_unfinished()) {
    if (record.state != renewal::State::planned || record.key_id.size() != 1) continue;
    const unsigned slot = slot_of_id(record.key_id.front());
    if (now.keys.contains(slot) && certificate_in(now, slot).empty())
      untold_keys_.insert_or_assign(slot, now.keys.at(slot));
  }
}

/// A kept key: a new certificate in 9a. One leg: a second pair in a spare slot. Two: a new pair in 9a, and a
/// key without certificate in the spare.
void CardStage::check_slots(const CardState& now, std::vector<std::string>& losses) const {
  if (keeps_key()) {
    if (old_pair_is_there(now)) losses.emplace_back("the old certificate is still in slot 9a");
    return;
  }
  if (now.keys.size() != first_state_.keys.size() + 1 + untold_keys_.size())
    losses.push_back("the card has " + std::to_string(now.keys.size()) + " keys");
  for (const auto& [slot, key] : untold_keys_)
    if (!now.keys.contains(slot) || now.keys.at(slot) != key)
      losses.push_back("a key of which nothing tells whose it is is gone: " + std::to_string(slot));
  for (const auto& [slot, key] : now.keys) {
    if (untold_keys_.contains(slot)) continue;
    const std::string name = to_hex(Bytes{static_cast<std::uint8_t>(slot)});
    const bool cleared = !one_leg() && slot != authentication_slot;
    if (cleared && !certificate_in(now, slot).empty())
      losses.push_back("there is still a certificate in spare slot " + name);
    if (!cleared && !has_pair(now, slot))
      losses.push_back("the certificate in slot " + name + " is not its key's");
  }
  if (!one_leg() && old_pair_is_there(now)) losses.emplace_back("the old pair is still in slot 9a");
}

std::vector<std::string> CardStage::losses(const JobRun& last) const {
  auto losses = damage();
  check_slots(card_.state(), losses);
  const std::size_t legs = one_leg() ? 1 : 2;
  if (issued() != legs) losses.push_back("the bank issued " + std::to_string(issued()) + " certificates");
  const auto history = renewal::Journal::open(paths::journal_file())->history(10);
  for (const auto& record : history)
    if (record.state != renewal::State::completed)
      losses.push_back("renewal " + std::to_string(record.number) + " is not complete in the journal");
  if (history.size() != legs)
    losses.push_back("the journal tells of " + std::to_string(history.size()) + " renewals");
  const bool renewed = std::holds_alternative<messages::RenewResult>(last.last);
  if (!renewed && last.failure() != Reason::not_due)
    losses.push_back("the undisturbed run ended with " + last.in_words());
  return losses;
}

}  // namespace koshin::cards
