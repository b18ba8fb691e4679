// SPDX-License-Identifier: MIT
// What must hold after a renewal was interrupted and run again.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "faults/objects.hpp"
#include "faults/trial.hpp"
#include "foundation/system/paths.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/session.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A session at the trial's token, logged in.
std::unique_ptr<pkcs11::Session> look() {
  const auto module = pkcs11::Module::load(test::SoftHsm::module());
  for (const auto& token : module->tokens()) {
    if (token.label != Stage::token_label) continue;
    auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
    const std::string pin = test::SoftHsm::default_pin;
    session->login(pkcs11::User::user, {pin.data(), pin.size()});
    return session;
  }
  return nullptr;
}

}  // namespace

std::vector<pkcs11::TokenObject> objects_on_token() {
  const auto session = look();
  return session ? session->objects() : std::vector<pkcs11::TokenObject>();
}

std::size_t objects_of_no_class() {
  const auto session = look();
  if (!session) return 0;
  const auto all = session->list();
  const auto objects = session->objects();
  const auto told = std::count_if(objects.begin(), objects.end(), [](const auto& object) {
    return object.object_class != pkcs11::ObjectClass::other;
  });
  return all.certificates.size() + all.others.size() - static_cast<std::size_t>(told);
}

void Trial::check_old_objects(std::vector<std::string>& losses) const {
  for (const auto& entry : fs::directory_iterator(stage_.hsm().token_directory(Stage::token_label))) {
    const auto name = entry.path().filename();
    // The token's own record holds the PIN's flags; the others are the old key pair and certificate.
    if (name.extension() != ".object" || name == "token.object") continue;
    if (content(entry.path()) != content(tokens_ / name))
      losses.push_back("the old object " + name.string() + " changed");
  }
}

void Trial::check_logins(std::vector<std::string>& losses) const {
  for (const auto& run : logs_) {
    if (run.calls("C_Login") > most_logins_)
      losses.push_back("the PIN was presented " + std::to_string(run.calls("C_Login")) + " times in one run");
  }
}

void Trial::check_calls(std::vector<std::string>& losses) const {
  check_logins(losses);
  unsigned generated = 0;
  for (const auto& run : logs_) {
    generated += run.real("C_GenerateKeyPair");
    if (run.calls("C_DestroyObject") > 0) losses.push_back("C_DestroyObject was called");
  }
  if (generated > 1) losses.push_back(std::to_string(generated) + " key pairs were made");
}

void Trial::check_new_objects(std::vector<std::string>& losses) const {
  const auto objects = objects_on_token();
  const auto count = [&](pkcs11::ObjectClass wanted) {
    return std::count_if(objects.begin(), objects.end(),
                         [&](const auto& object) { return object.object_class == wanted; });
  };
  const auto certificates = count(pkcs11::ObjectClass::certificate);
  const auto private_keys = count(pkcs11::ObjectClass::private_key);
  const auto public_keys = count(pkcs11::ObjectClass::public_key);
  if (certificates != 2 || private_keys != 2 || public_keys != 2) {
    losses.push_back("the token holds " + std::to_string(certificates) + " certificates, " +
                     std::to_string(private_keys) + " private and " + std::to_string(public_keys) +
                     " public keys instead of 2 of each");
    return;
  }
  for (const auto& credential : pkcs11::match_credentials(objects)) {
    const bool whole = credential.certificate && credential.private_key && credential.public_key;
    if (!whole) {
      losses.emplace_back("a certificate, private and public key do not belong together");
    } else if (credential.id_mismatch || credential.certificate->id != credential.private_key->id ||
               credential.public_key->id != credential.private_key->id) {
      losses.emplace_back("the CKA_IDs of certificate, private and public key differ");
    }
  }
}

void Trial::check_journal(std::vector<std::string>& losses, const Run& last) const {
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto history = journal->history(10);
  if (history.empty() || history.front().state != renewal::State::completed) {
    losses.push_back("the journal does not say that the renewal is complete");
  }
  if (history.size() != expected_renewals_)
    losses.push_back("the journal tells of " + std::to_string(history.size()) + " renewals");
  const bool renewed = std::holds_alternative<messages::RenewResult>(last.last);
  if (!renewed && last.failure() != Reason::not_due) {
    const auto* failure = std::get_if<Failure>(&last.last);
    losses.push_back("the undisturbed run ended with " +
                     (failure == nullptr ? "something else"
                                         : std::string(info(failure->reason).id) + ": " + failure->detail));
  }
}

std::vector<std::string> Trial::pruning_damage() const {
  std::vector<std::string> losses;
  bool certificate = false;
  std::size_t others = 0;
  const auto objects = objects_on_token();
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto renewed = journal->history(1).front();
  for (const auto& object : objects) {
    if (object.id == renewed.key_id) continue;
    if (object.object_class == pkcs11::ObjectClass::certificate)
      certificate = true;
    else
      ++others;
  }
  if (others > 0 && !certificate)
    losses.emplace_back("keys of the old pair are left, and no certificate that says whose they are");
  const auto ours = std::count_if(objects.begin(), objects.end(),
                                  [&](const auto& object) { return object.id == renewed.key_id; });
  if (ours != 3) losses.push_back(std::to_string(ours) + " objects are left of the new pair and certificate");
  for (const auto& run : logs_) {
    if (run.calls("C_Login") > most_logins_) losses.emplace_back("the PIN was presented twice in one run");
  }
  return losses;
}

std::vector<std::string> Trial::pruning_losses(const Run& last) const {
  auto losses = pruning_damage();
  if (const auto left = objects_on_token().size(); left != 3)
    losses.push_back(std::to_string(left) + " objects are on the token instead of 3");
  const bool pruned = std::holds_alternative<messages::PruneResult>(last.last);
  if (!pruned && last.failure() != Reason::nothing_to_delete)
    losses.push_back("the undisturbed run ended with " + to_json(last.last));
  return losses;
}

std::vector<std::string> Trial::cancelling_damage() const {
  std::vector<std::string> losses;
  check_old_objects(losses);
  check_logins(losses);
  const auto history = renewal::Journal::open(paths::journal_file())->history(1);
  if (history.empty() || history.front().state != renewal::State::completed) return losses;
  const auto objects = objects_on_token();
  const auto in_use = std::count_if(objects.begin(), objects.end(),
                                    [&](const auto& object) { return object.id == history.front().key_id; });
  if (in_use != 3)
    losses.push_back(std::to_string(in_use) + " objects are left of the pair and certificate in use");
  return losses;
}

std::vector<std::string> Trial::cancelling_losses(const Run& last) const {
  auto losses = cancelling_damage();
  const auto journal = renewal::Journal::open(paths::journal_file());
  if (!journal->all_unfinished().empty()) losses.emplace_back("a renewal is unfinished all the same");
  const bool renewed = journal->history(1).front().state == renewal::State::completed;
  const std::size_t expected = renewed ? 6 : 3;
  if (const auto left = objects_on_token().size(); left != expected)
    losses.push_back(std::to_string(left) + " objects are on the token instead of " +
                     std::to_string(expected));
  const bool cancelled = std::holds_alternative<messages::CancelResult>(last.last);
  if (!cancelled && last.failure() != Reason::nothing_unfinished)
    losses.push_back("the undisturbed run ended with " + to_json(last.last));
  return losses;
}

std::vector<std::string> Trial::damage() const {
  std::vector<std::string> losses;
  check_old_objects(losses);
  check_calls(losses);
  return losses;
}

std::vector<std::string> Trial::storm_losses() const {
  std::vector<std::string> losses;
  check_old_objects(losses);
  check_new_objects(losses);
  check_logins(losses);
  return losses;
}

void Trial::check_books(std::vector<std::string>& losses) const {
  const auto issued = stage_.bank().issued() - issued_before_;
  if (issued != expected_issued_)
    losses.push_back("the bank issued " + std::to_string(issued) + " certificates");
}

std::vector<std::string> Trial::losses(const Run& last) const {
  auto losses = damage();
  check_new_objects(losses);
  check_journal(losses, last);
  check_books(losses);
  return losses;
}

std::vector<std::string> Trial::losses_within_calls(const Run& last) const {
  auto losses = storm_losses();
  check_journal(losses, last);
  check_books(losses);
  return losses;
}

}  // namespace koshin::faults
