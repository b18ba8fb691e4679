// SPDX-License-Identifier: MIT
// Who runs this process.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace koshin {

struct User {
  std::string name;
  std::filesystem::path home;  ///< absolute
};
/// By the system's user database; empty for a user whom it does not know or who has no home there.
std::optional<User> current_user();
/// Whether this process runs as the system's administrator, whose settings may name modules.
bool is_administrator() noexcept;

/// The computer's own name; empty when the system does not tell it.
std::string computer_name();

}  // namespace koshin
