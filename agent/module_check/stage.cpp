// SPDX-License-Identifier: MIT
// The bank is the one of koshin's tests; it runs in this process, on a port of 127.0.0.1, with an authority
// that is made for the token and removed with the folder.
#include "module_check/stage.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bank/bank.hpp"
#include "bank/ca.hpp"
#include "bank/ledger.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/environment.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "module_check/stage_folder.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::module_check {
namespace {

namespace fs = std::filesystem;

constexpr const char* wrong_pin_name = "wrong-pin";

/// A name for the token's folder; also where the serial number identifies nothing.
std::string name_of(const TokenFacts& token) {
  std::string all;
  for (const std::string* part : {&token.manufacturer, &token.model, &token.serial, &token.label})
    all += *part + '\n';
  constexpr std::size_t enough = 16;
  return bank::sha256_hex({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()}).substr(0, enough);
}

fs::path private_folder(const fs::path& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  return folder;
}

/// A string of TOML, whose escapes are those of JSON.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump();
}

/// Whether the files of an authority are there and whole: a check may have been ended while it made them.
bool has_authority(const fs::path& directory) {
  try {
    const bank::CertificateAuthority authority(directory);
    (void)bank::Ledger(directory / "ledger.jsonl").entries();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/// The authority's name is this folder's alone: a certificate of another check is not this one's. What one
/// whose files were lost has issued is in the journal.
fs::path with_authority(const fs::path& directory) {
  if (!has_authority(directory)) {
    fs::remove_all(directory);
    private_folder(directory);
    bank::CertificateAuthority::create(directory, "ec", "koshin-module-check " + bank::random_hex(4));
  }
  return directory;
}

std::unique_ptr<FileLock> lock(const fs::path& file) {
  auto outcome = FileLock::acquire(file);
  if (auto* held = std::get_if<FileLock::Holder>(&outcome))
    fail(Reason::token_busy, "another check of this token runs: " + held->description());
  return std::get<std::unique_ptr<FileLock>>(std::move(outcome));
}

/// Sets XDG_STATE_HOME. The locks of tokens are in the runtime folder, which is below the state folder where
/// the user has no other: then this process holds the token's lock of the user's other programs, since the
/// workers of the check hold one of the check's own folder. Else the workers' lock is the user's.
std::unique_ptr<renewal::TokenLock> lock_for_user(const TokenFacts& token, const fs::path& state) {
  const fs::path runtime = paths::runtime_directory();
  auto held = renewal::TokenLock::acquire(
      renewal::token_key(token.manufacturer, token.model, token.serial, token.label));
  set_environment("XDG_STATE_HOME", private_folder(state).string());
  if (paths::runtime_directory() == runtime) held.reset();
  return held;
}

bank::Bank::Options bank_options() {
  bank::Bank::Options options;
  options.customers_only = true;
  return options;
}

}  // namespace

struct Stage::Parts {
  explicit Parts(const fs::path& folder)
      : held(lock(folder / "lock")),
        authority(with_authority(folder / "bank")),
        bank(authority, bank_options()) {}
  std::unique_ptr<FileLock> held;
  std::unique_ptr<renewal::TokenLock> token;  ///< where the workers' own would be of another folder
  fs::path authority;
  bank::Bank bank;
};

Stage::Stage(const CheckArguments& arguments, const TokenFacts& token)
    : folder_(private_folder(checks_folder() / name_of(token))),
      user_("check-" + bank::random_hex(4)),
      common_name_("koshin-module-check " + user_) {
  auto token_lock = lock_for_user(token, folder_ / "state");
  parts_ = std::make_unique<Parts>(folder_);
  parts_->token = std::move(token_lock);
  std::string text = "token.modules = [" + quoted(arguments.module) + "]\n";
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) text += std::string(key) + " = " + quoted(value) + "\n";
  };
  set("token.profile", arguments.profile);
  set("renewal.key", arguments.key);
  // Every pair of a check goes into a spare slot of a card: a key in a home slot could not be taken out
  // again.
  set("renewal.home_slot", "never");
  // The check's own keys and certificates show whether the token can be written, and are accounted for.
  set("token.trial_object", "never");
  set("authority.url", parts_->bank.url());
  set("authority.trust_anchors", (parts_->authority / "anchors.pem").string());
  set("authority.prove_url", parts_->bank.url() + "/login");
  set("proxy.url", "none");
  const bank::CertificateAuthority authority(parts_->authority);
  set("expect.issuer_pattern",
      ".*CN=" + bank::name_entry(X509_get_subject_name(authority.issuing()), NID_commonName) + "(,.*)?");
  text += "authority.attempts = 1\n";  // an answer that is lost is lost
  // As the folder lets everybody: on Windows a file that is its user's alone is the user's to change, too.
  write_file_atomically(settings_file(), text, 0644);
  parts_->bank.set("validity_days", "365");
}

Stage::~Stage() {
  auto held = std::move(parts_->held);
  const auto token = std::move(parts_->token);
  parts_.reset();
  if (clean_) remove_folder(folder_, std::move(held));
}

fs::path Stage::settings_file() const {
  return folder_ / "koshin.toml";
}
std::string Stage::reissue_code() {
  return parts_->bank.reissue_code(common_name_);
}
void Stage::set_validity(int days) {
  parts_->bank.set("validity_days", std::to_string(days));
}
void Stage::lose_next_answer() {
  parts_->bank.set("drop_after_issue", "1");
}
std::size_t Stage::issued() const {
  return parts_->bank.issued();
}

void Stage::begin_wrong_pin() {
  write_file_atomically(folder_ / wrong_pin_name, {});
}
void Stage::end_wrong_pin() {
  fs::remove(folder_ / wrong_pin_name);
}
bool Stage::owes_right_pin() const {
  return fs::exists(folder_ / wrong_pin_name);
}

std::vector<std::string> Stage::all_issued() const {
  std::vector<std::string> all;
  for (const auto& entry : bank::Ledger(parts_->authority / "ledger.jsonl").entries())
    all.push_back(entry.sha256);
  constexpr std::size_t more_than_a_check_makes = 1000;
  // The authority's book is not made durable, the journal is.
  for (const auto& record : renewal::Journal::open(paths::journal_file())->history(more_than_a_check_makes))
    if (!record.certificate.empty()) all.push_back(bank::sha256_hex(record.certificate));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace koshin::module_check
