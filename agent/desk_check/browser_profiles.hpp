// SPDX-License-Identifier: MIT
// Where the browsers of this user keep their lists of PKCS#11 modules, and what koshin does to those lists.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::desk_check {

enum class Browser { firefox, chromium };

/// One NSS database: a profile of Firefox, or the one that Chromium and its relatives share.
struct BrowserProfile {
  Browser browser = Browser::firefox;
  std::filesystem::path folder;
  bool confined = false;  ///< of a snap or a flatpak, whose view of the file system is another one
};

/// The browsers that have a list of PKCS#11 modules on this system.
std::vector<Browser> browsers_with_lists();

/// $HOME, as browsers take it, else what the system's user database says; on Windows the user's folder for
/// application data. Throws std::runtime_error without.
std::filesystem::path home_of_browsers();

/// The databases that are there below this home folder, and where Chromium has none yet and is installed, the
/// place where it will look.
std::vector<BrowserProfile> browser_profiles(const std::filesystem::path& home);

/// The programs that go by such a list and are installed, by the names of their files, as p11-kit knows them;
/// where none is found, the usual name.
std::vector<std::string> programs_of(Browser browser);

/// A module that a policy gives to every Firefox of this computer (SecurityDevices), as far as root's
/// policies.json says, or the machine's registry.
struct PolicyModule {
  std::filesystem::path library, policy;
};
std::vector<PolicyModule> policy_modules();

/// A file with policies of a browser, in JSON. At most 64 of a folder.
struct PolicyFile {
  Browser browser = Browser::firefox;
  std::filesystem::path path;
};
/// Those of the computer that may be there.
std::vector<PolicyFile> policy_files();
/// No policy is larger.
inline constexpr std::size_t largest_policy = std::size_t{1024} * 1024;

/// The text of the profile's list; empty where there is none. Throws std::system_error, and std::length_error
/// for more than 1 MiB.
std::string list_of(const BrowserProfile& profile);
/// Whether the two are one file, by whatever paths. A bare name is looked for where the system's loader
/// looks.
bool is_same_library(const std::filesystem::path& one, const std::filesystem::path& other);
/// Whether the list names this library.
bool list_shows(std::string_view list, const std::filesystem::path& library);

/// Whether a program has the profile open: the lock of the browser itself, or a process of this user that has
/// a file of the database open. Says which process ("process 4711 (firefox-esr)"); empty where none is seen:
/// on a system that does not show which files are open, the browsers' own locks are all that there is to see.
std::optional<std::string> user_of_profile(const BrowserProfile& profile);

/// The number of answers to "which certificate" that Firefox remembers in this profile
/// (ClientAuthRememberList.bin).
std::size_t remembered_choices(const std::filesystem::path& profile);

}  // namespace koshin::desk_check
