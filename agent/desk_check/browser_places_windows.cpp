// SPDX-License-Identifier: MIT
// Firefox below %APPDATA%. Chromium and its relatives use Windows' own certificates there, and have no list.
#include "desk_check/browser_places.hpp"

#include <windows.h>

#include <knownfolders.h>
#include <shlobj.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <variant>

#include "foundation/base/path_text.hpp"
#include "foundation/system/registry.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

constexpr const char* firefox_policies = "SOFTWARE\\Policies\\Mozilla\\Firefox\\SecurityDevices";

/// Empty when the system has no such folder.
fs::path known_folder(const KNOWNFOLDERID& id) {
  wchar_t* text = nullptr;
  const bool found = SUCCEEDED(SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, nullptr, &text));
  fs::path path = found ? text : L"";
  CoTaskMemFree(text);
  return path;
}

/// The values of a key are NAME: LIBRARY; so are those of its key "Add", which newer releases have.
void add_registered(const RegistryKey& key, std::vector<PolicyModule>& modules) {
  for (const RegistryValue& value : key.values)
    if (const auto* const library = std::get_if<std::string>(&value.data))
      modules.push_back({path_of(*library), path_of(std::string("HKEY_LOCAL_MACHINE\\") + firefox_policies)});
}

}  // namespace

std::vector<std::string> programs_of(Browser /*browser*/) {
  return {"firefox"};
}

std::vector<PolicyFile> policy_files() {
  const fs::path programs = known_folder(FOLDERID_ProgramFiles);
  if (programs.empty()) return {};
  return {{Browser::firefox, programs / "Mozilla Firefox" / "distribution" / "policies.json"}};
}

std::vector<Browser> browsers_with_lists() {
  return {Browser::firefox};
}

fs::path home_of_browsers() {
  const wchar_t* const named = _wgetenv(L"APPDATA");
  fs::path folder = named != nullptr ? fs::path(named) : fs::path();
  if (!folder.is_absolute()) folder = known_folder(FOLDERID_RoamingAppData);
  if (folder.empty()) throw std::runtime_error("this user has no folder for application data");
  return folder;
}

std::vector<BrowserProfile> browser_profiles(const fs::path& home) {
  std::vector<BrowserProfile> profiles;
  add_profiles_of_firefox(home / "Mozilla" / "Firefox" / "Profiles", false, profiles);
  std::ranges::sort(profiles, {}, &BrowserProfile::folder);
  return profiles;
}

std::vector<PolicyModule> policy_modules() {
  std::vector<PolicyModule> modules;
  const RegistryKey policies = read_machine_registry(firefox_policies);
  add_registered(policies, modules);
  for (const RegistryKey& key : policies.keys)
    if (key.name == "Add") add_registered(key, modules);
  add_modules_of_policies(modules);
  return modules;
}

}  // namespace koshin::desk_check
