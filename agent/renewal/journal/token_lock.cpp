// SPDX-License-Identifier: MIT
// The lock per token: a lock file of the user, named after the token.
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/stable_hash.hpp"

namespace koshin::renewal {
namespace {

/// Two tokens that shared a name by chance would only wait for each other.
std::string name_of(const TokenKey& token) {
  std::uint64_t hash = stable_hash({token.manufacturer, token.model, token.serial});
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, hash >>= 4U)
    *digit = "0123456789abcdef"[hash & 0xfU];
  return "token-" + digits + ".lock";
}

[[noreturn]] void busy(const TokenKey& token, const std::string& holder) {
  fail(Reason::token_busy, "token " + token.manufacturer + " " + token.model + " " + serial_number(token) +
                               " is being worked on by " + holder + ": wait until it has finished");
}

class TokenFileLock final : public TokenLock {
 public:
  explicit TokenFileLock(std::unique_ptr<FileLock> lock) : lock_(std::move(lock)) {}

 private:
  std::unique_ptr<FileLock> lock_;
};

}  // namespace

std::unique_ptr<TokenLock> TokenLock::acquire(const TokenKey& token) {
  const std::filesystem::path file = paths::runtime_directory() / name_of(token);
  try {
    auto outcome = FileLock::acquire(file);
    if (const auto* const holder = std::get_if<FileLock::Holder>(&outcome))
      busy(token, holder->description());
    return std::make_unique<TokenFileLock>(std::get<std::unique_ptr<FileLock>>(std::move(outcome)));
  } catch (const std::system_error& error) {
    fail(Reason::internal_error, error.what());
  }
}

}  // namespace koshin::renewal
