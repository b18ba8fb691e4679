// SPDX-License-Identifier: MIT
// The places of Linux's distributions, and those below /usr/local, where other systems' packages are
// (FreeBSD).
#include "desk_check/browser_places_posix.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "desk_check/browser_places.hpp"
#include "foundation/system/user.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

// Where other systems' packages are, each with the program that goes by what is beside it: on Linux these
// folders are an administrator's own, and what is left there without a program counts for nothing.
constexpr std::array<const char*, 2> local_firefoxes{"usr/local/lib/firefox-esr/firefox-esr",
                                                     "usr/local/lib/firefox/firefox"};
constexpr const char* local_chromium = "usr/local/share/chromium/chrome";

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Chromium reads every file of the folder, in the order of their names.
void add_policies_of_chromium(const fs::path& folder, std::vector<PolicyFile>& files) {
  constexpr std::size_t most_files = 64;
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && found.size() < most_files;
       entry.increment(error))
    if (entry->is_regular_file(error)) found.push_back(entry->path());
  std::ranges::sort(found);
  for (fs::path& file : found) files.push_back({Browser::chromium, std::move(file)});
}

void add_chromium(const fs::path& home, std::vector<BrowserProfile>& profiles) {
  std::error_code error;
  const fs::path common = home / ".pki/nssdb", newer = home / ".local/share/pki/nssdb";
  if (fs::is_directory(newer, error)) profiles.push_back({Browser::chromium, newer});
  if (fs::is_directory(common, error) || (chromium_is_installed("/") && !fs::is_directory(newer, error)))
    profiles.push_back({Browser::chromium, common});
  for (const char* confined :
       {"snap/chromium/current/.pki/nssdb", ".var/app/org.chromium.Chromium/.pki/nssdb",
        ".var/app/com.google.Chrome/.pki/nssdb"})
    if (fs::is_directory(home / confined, error))
      profiles.push_back({Browser::chromium, home / confined, true});
}

}  // namespace

bool chromium_is_installed(const fs::path& root) {
  return std::ranges::any_of(
      std::array<const char*, 6>{"usr/bin/chromium", "usr/bin/chromium-browser", "usr/bin/google-chrome",
                                 "usr/bin/microsoft-edge", "usr/bin/brave-browser", local_chromium},
      [&](const char* program) { return is_there(root / program); });
}

std::vector<std::string> programs_of(Browser browser, const fs::path& root) {
  // Where the programs themselves are: what is in /usr/bin may be a script of another name.
  const std::vector<const char*> places =
      browser == Browser::firefox
          ? std::vector{"usr/lib/firefox-esr/firefox-esr",
                        "usr/lib/firefox/firefox",
                        "usr/lib64/firefox/firefox",
                        "opt/firefox/firefox",
                        local_firefoxes[0],
                        local_firefoxes[1]}
          : std::vector{"usr/lib/chromium/chromium", "usr/lib64/chromium-browser/chromium-browser",
                        "opt/google/chrome/chrome",  "opt/microsoft/msedge/msedge",
                        "opt/brave.com/brave/brave", local_chromium};
  std::vector<std::string> programs;
  for (const fs::path place : places)
    if (is_there(root / place)) programs.push_back(place.filename().string());
  std::ranges::sort(programs);
  programs.erase(std::unique(programs.begin(), programs.end()), programs.end());
  if (programs.empty()) programs.emplace_back(browser == Browser::firefox ? "firefox" : "chromium");
  return programs;
}

std::vector<std::string> programs_of(Browser browser) {
  return programs_of(browser, "/");
}

std::vector<Browser> browsers_with_lists() {
  return {Browser::firefox, Browser::chromium};
}

fs::path home_of_browsers() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
  const auto user = current_user();
  if (!user) throw std::runtime_error("this user has no home folder in the system's user database");
  return user->home;
}

std::vector<BrowserProfile> browser_profiles(const fs::path& home) {
  std::vector<BrowserProfile> profiles;
  add_profiles_of_firefox(home / ".mozilla/firefox", false, profiles);
  add_profiles_of_firefox(home / ".config/mozilla/firefox", false, profiles);
  add_profiles_of_firefox(home / "snap/firefox/common/.mozilla/firefox", true, profiles);
  add_profiles_of_firefox(home / ".var/app/org.mozilla.firefox/.mozilla/firefox", true, profiles);
  add_chromium(home, profiles);
  std::ranges::sort(profiles, {},
                    [](const BrowserProfile& profile) { return std::pair(profile.browser, profile.folder); });
  return profiles;
}

std::vector<PolicyModule> policy_modules() {
  std::vector<PolicyModule> modules;
  add_modules_of_policies(modules);
  return modules;
}

std::vector<PolicyFile> policy_files(const fs::path& root) {
  std::vector<PolicyFile> files;
  for (const char* policy :
       {"etc/firefox/policies/policies.json", "etc/firefox-esr/policies/policies.json",
        "usr/lib/firefox-esr/distribution/policies.json", "usr/lib/firefox/distribution/policies.json"})
    files.push_back({Browser::firefox, root / policy});
  for (const char* program : local_firefoxes)
    if (is_there(root / program))
      files.push_back(
          {Browser::firefox, (root / program).replace_filename("distribution") / "policies.json"});
  for (const char* folder : {"etc/chromium/policies/managed", "etc/opt/chrome/policies/managed",
                             "etc/opt/edge/policies/managed", "etc/brave/policies/managed"})
    add_policies_of_chromium(root / folder, files);
  if (is_there(root / local_chromium))
    add_policies_of_chromium(root / "usr/local/etc/chromium/policies/managed", files);
  return files;
}

std::vector<PolicyFile> policy_files() {
  return policy_files("/");
}

}  // namespace koshin::desk_check
