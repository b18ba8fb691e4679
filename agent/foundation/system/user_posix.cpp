// SPDX-License-Identifier: MIT
#include "foundation/system/user.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace koshin {

std::optional<User> current_user() {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr || !std::filesystem::path(found->pw_dir).is_absolute()) return {};
  return User{found->pw_name, found->pw_dir};
}

std::string computer_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

bool is_administrator() noexcept {
  return ::geteuid() == 0;
}

}  // namespace koshin
