// SPDX-License-Identifier: MIT
#include <windows.h>

#include <lmcons.h>

#include <array>
#include <cstdlib>

#include "foundation/system/security_windows.hpp"
#include "foundation/system/user.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {

std::optional<User> current_user() {
  std::array<wchar_t, UNLEN + 1> name{};
  auto size = static_cast<DWORD>(name.size());
  if (::GetUserNameW(name.data(), &size) == 0) return {};
  const wchar_t* const profile = ::_wgetenv(L"USERPROFILE");
  const std::filesystem::path home = profile == nullptr ? L"" : profile;
  if (!home.is_absolute()) return {};
  return User{narrow(name.data()), home};
}

std::string computer_name() {
  std::array<wchar_t, 256> name{};
  auto size = static_cast<DWORD>(name.size());
  return ::GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size) != 0 ? narrow(name.data()) : "";
}

bool is_administrator() noexcept {
  return is_elevated();
}

}  // namespace koshin
