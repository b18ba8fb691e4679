// SPDX-License-Identifier: MIT
#include "card_stage.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "foundation/base/text.hpp"
#include "foundation/system/paths.hpp"
#include "piv_crypto.hpp"
#include "pkcs11/public_key.hpp"
#include "renewal/journal/journal.hpp"
#include "resident/pcsc_connection.hpp"
#include "support/environment.hpp"

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
  fs::remove_all(path_ / "user");
  fs::create_directories(path_ / "user");
  test::isolate_user(path_ / "user");
  use_settings("");
}

void CardStage::use_settings(const std::string& extra) {
  const bool names_modules = extra.find("token.modules") != std::string::npos;
  const std::string module = names_modules ? "" : "token.modules = [\"" + ykcs11_module().string() + "\"]\n";
  test::write_settings(
      path_ / "user", bank_,
      module + "token.profile = \"piv\"\nauthority.attempts = 1\nlog.level = \"error\"\n" + extra);
}

void CardStage::plug(const Fault& fault) {
  pull();
  card_.plug(fault);
  wait_for("the card", daemon_, [this] { return daemon_.insertions() > daemon_.removals(); });
  test::PcscConnection(first_reader).wait_for_power();
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

JobRun CardStage::renew(const Given& given) const {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  return run(std::move(job), given);
}

std::vector<std::string> CardStage::damage() const {
  std::vector<std::string> losses;
  const CardState now = card_.state();
  const auto old_key = now.keys.find(authentication_slot);
  if (old_key == now.keys.end() || old_key->second != first_state_.keys.at(authentication_slot))
    losses.emplace_back("the old key changed");
  const auto object = certificate_object_of(authentication_slot);
  const auto old_object = now.objects.find(object);
  if (old_object == now.objects.end() || old_object->second != first_state_.objects.at(object))
    losses.emplace_back("the old certificate changed");
  if (now.pin != first_state_.pin)
    losses.push_back("the PIN has " + std::to_string(now.pin.tries_left) + " tries left");
  if (now.puk != first_state_.puk) losses.emplace_back("the PUK changed");
  if (now.management_key != first_state_.management_key) losses.emplace_back("the management key changed");
  return losses;
}

std::vector<std::string> CardStage::losses(const JobRun& last) const {
  auto losses = damage();
  const CardState now = card_.state();
  if (now.keys.size() != first_state_.keys.size() + 1)
    losses.push_back("the card has " + std::to_string(now.keys.size()) + " keys");
  for (const auto& [slot, key] : now.keys) {
    const Bytes der = certificate_in(now, slot);
    const auto certificate = der.empty() ? Bytes{} : pkcs11::public_key_of_certificate(der);
    if (certificate != public_key_info(key.private_key))
      losses.push_back("the certificate in slot " + to_hex(Bytes{static_cast<std::uint8_t>(slot)}) +
                       " is not its key's");
  }
  if (issued() != 1) losses.push_back("the bank issued " + std::to_string(issued()) + " certificates");
  const auto history = renewal::Journal::open(paths::journal_file())->history(10);
  if (history.empty() || history.front().state != renewal::State::completed)
    losses.emplace_back("the journal does not say that the renewal is complete");
  if (history.size() != 1)
    losses.push_back("the journal tells of " + std::to_string(history.size()) + " renewals");
  const bool renewed = std::holds_alternative<messages::RenewResult>(last.last);
  if (!renewed && last.failure() != Reason::not_due)
    losses.push_back("the undisturbed run ended with " + last.in_words());
  return losses;
}

}  // namespace koshin::cards
