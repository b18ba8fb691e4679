// SPDX-License-Identifier: MIT
// Windows' programs want to know where Windows is, and where they may write; the user's own variables say the
// latter.
#include "hooks/hook_surroundings.hpp"

#include <windows.h>

#include <array>
#include <cstdlib>

#include "foundation/system/user.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::hooks {
namespace {

/// "C:\Windows", as the system says: a user sets the variable.
std::filesystem::path windows_folder() {
  std::array<wchar_t, MAX_PATH> path{};
  const UINT size = ::GetSystemWindowsDirectoryW(path.data(), static_cast<UINT>(path.size()));
  return size == 0 || size >= path.size() ? LR"(C:\Windows)" : std::wstring(path.data(), size);
}

}  // namespace

Variables system_variables() {
  const std::filesystem::path windows = windows_folder(), system = windows / "System32";
  const std::filesystem::path power_shell = system / "WindowsPowerShell" / "v1.0";
  Variables variables{{"SystemRoot", windows.string()},
                      {"SystemDrive", windows.root_name().string()},
                      {"ComSpec", (system / "cmd.exe").string()},
                      {"PATHEXT", ".COM;.EXE;.BAT;.CMD"},
                      {"PATH", system.string() + ';' + windows.string() + ';' + power_shell.string()}};
  if (const auto user = current_user()) {
    variables.emplace_back("USERPROFILE", user->home.string());
    variables.emplace_back("USERNAME", user->name);
  }
  for (const wchar_t* const name : {L"APPDATA", L"LOCALAPPDATA", L"TEMP", L"TMP"})
    if (const wchar_t* const value = ::_wgetenv(name)) variables.emplace_back(narrow(name), narrow(value));
  return variables;
}

std::filesystem::path hook_folder() {
  return windows_folder();
}

}  // namespace koshin::hooks
