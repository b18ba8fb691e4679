// SPDX-License-Identifier: MIT
#include "desk_check/browser_profiles.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "desk_check/module_list.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/user.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_list = 1024UL * 1024, most_profiles = 64;

std::string read_up_to(const fs::path& file, std::size_t limit) {
  if (!fs::is_regular_file(file)) return {};
  if (fs::file_size(file) > limit)
    throw std::length_error(file.string() + ": far larger than such a file is");
  std::ifstream stream(file, std::ios::binary);
  // What cannot be read is not empty: whoever took it for that would replace it.
  if (!stream) throw std::system_error(errno, std::generic_category(), file.string());
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Firefox's folders below a home, and which of them are a snap's or a flatpak's.
void add_firefox(const fs::path& folder, bool confined, std::vector<BrowserProfile>& profiles) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (profiles.size() >= most_profiles) return;
    if (fs::exists(entry.path() / "cert9.db", error) || fs::exists(entry.path() / "pkcs11.txt", error))
      profiles.push_back({Browser::firefox, entry.path(), confined});
  }
}

bool chromium_is_installed() {
  std::error_code error;
  return std::ranges::any_of(
      std::array<const char*, 5>{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
                                 "/usr/bin/microsoft-edge", "/usr/bin/brave-browser"},
      [&](const char* program) { return fs::exists(program, error); });
}

void add_chromium(const fs::path& home, std::vector<BrowserProfile>& profiles) {
  std::error_code error;
  const fs::path common = home / ".pki/nssdb", newer = home / ".local/share/pki/nssdb";
  if (fs::is_directory(newer, error)) profiles.push_back({Browser::chromium, newer});
  if (fs::is_directory(common, error) || (chromium_is_installed() && !fs::is_directory(newer, error)))
    profiles.push_back({Browser::chromium, common});
  for (const char* confined :
       {"snap/chromium/current/.pki/nssdb", ".var/app/org.chromium.Chromium/.pki/nssdb",
        ".var/app/com.google.Chrome/.pki/nssdb"})
    if (fs::is_directory(home / confined, error))
      profiles.push_back({Browser::chromium, home / confined, true});
}

/// {"policies": {"SecurityDevices": {"Add": {NAME: LIBRARY}}}}, or without "Add" in older releases.
void add_policy(const fs::path& policy, std::vector<PolicyModule>& modules) {
  const auto text = read_administrators_file(policy, largest_list);
  if (!text) return;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("policies") || !json["policies"].is_object()) return;
  const auto devices = json["policies"].value("SecurityDevices", nlohmann::json::object());
  if (!devices.is_object()) return;
  const auto& added = devices.contains("Add") ? devices["Add"] : devices;
  for (const auto& [name, library] : added.items())
    if (library.is_string()) modules.push_back({library.get<std::string>(), policy});
}

}  // namespace

fs::path home_of_browsers() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
  const auto user = current_user();
  if (!user) throw std::runtime_error("this user has no home folder in the system's user database");
  return user->home;
}

std::vector<BrowserProfile> browser_profiles(const fs::path& home) {
  std::vector<BrowserProfile> profiles;
  add_firefox(home / ".mozilla/firefox", false, profiles);
  add_firefox(home / ".config/mozilla/firefox", false, profiles);
  add_firefox(home / "snap/firefox/common/.mozilla/firefox", true, profiles);
  add_firefox(home / ".var/app/org.mozilla.firefox/.mozilla/firefox", true, profiles);
  add_chromium(home, profiles);
  std::ranges::sort(profiles, {},
                    [](const BrowserProfile& profile) { return std::pair(profile.browser, profile.folder); });
  return profiles;
}

std::vector<PolicyModule> policy_modules() {
  std::vector<PolicyModule> modules;
  for (const char* policy :
       {"/etc/firefox/policies/policies.json", "/etc/firefox-esr/policies/policies.json",
        "/usr/lib/firefox-esr/distribution/policies.json", "/usr/lib/firefox/distribution/policies.json"})
    add_policy(policy, modules);
  return modules;
}

std::string list_of(const BrowserProfile& profile) {
  return read_up_to(profile.folder / "pkcs11.txt", largest_list);
}

bool list_shows(std::string_view list, const fs::path& library) {
  std::error_code error;
  return std::ranges::any_of(listed_modules(list), [&](const ListedModule& listed) {
    const fs::path there = listed.library;
    if (there.empty()) return false;
    return there == library || fs::equivalent(there, library, error);
  });
}

std::size_t remembered_choices(const fs::path& profile) {
  // A slot of Firefox's data storage: checksum, score and day of last use of 2 bytes each, a key of 256 and a
  // value of 1024 (security/manager/ssl/data_storage). The key of an empty slot is all zero.
  constexpr std::size_t slot = 2 + 2 + 2 + 256 + 1024, before_key = 6;
  const std::string bytes = read_up_to(profile / "ClientAuthRememberList.bin", 16 * largest_list);
  std::size_t choices = 0;
  for (std::size_t at = 0; at + slot <= bytes.size(); at += slot)
    if (bytes[at + before_key] != '\0') ++choices;
  return choices;
}

}  // namespace koshin::desk_check
