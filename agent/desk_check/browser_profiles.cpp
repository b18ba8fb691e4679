// SPDX-License-Identifier: MIT
#include "desk_check/browser_profiles.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "desk_check/browser_places.hpp"
#include "desk_check/module_list.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/system/file_access.hpp"
#include "p11_kit/registered_modules.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_list = 1024UL * 1024;

std::string read_up_to(const fs::path& file, std::size_t limit) {
  if (!fs::is_regular_file(file)) return {};
  if (fs::file_size(file) > limit)
    throw std::length_error(file.string() + ": far larger than such a file is");
  std::ifstream stream(file, std::ios::binary);
  // What cannot be read is not empty: whoever took it for that would replace it.
  if (!stream) throw std::system_error(errno, std::generic_category(), file.string());
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

void add_modules_of_policy(const fs::path& policy, std::vector<PolicyModule>& modules) {
  const auto text = read_administrators_file(policy, largest_policy);
  if (!text) return;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("policies") || !json["policies"].is_object()) return;
  const auto devices = json["policies"].value("SecurityDevices", nlohmann::json::object());
  if (!devices.is_object()) return;
  const auto& added = devices.contains("Add") ? devices["Add"] : devices;
  for (const auto& [name, library] : added.items())
    if (library.is_string()) modules.push_back({path_of(library.get<std::string>()), policy});
}

}  // namespace

void add_profiles_of_firefox(const fs::path& folder, bool confined, std::vector<BrowserProfile>& profiles) {
  constexpr std::size_t most_profiles = 64;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (profiles.size() >= most_profiles) return;
    if (fs::exists(entry.path() / "cert9.db", error) || fs::exists(entry.path() / "pkcs11.txt", error))
      profiles.push_back({Browser::firefox, entry.path(), confined});
  }
}

void add_modules_of_policies(std::vector<PolicyModule>& modules) {
  for (const PolicyFile& file : policy_files())
    if (file.browser == Browser::firefox) add_modules_of_policy(file.path, modules);
}

std::string list_of(const BrowserProfile& profile) {
  return read_up_to(profile.folder / "pkcs11.txt", largest_list);
}

bool is_same_library(const fs::path& one, const fs::path& other) {
  if (one.empty() || other.empty()) return false;
  std::error_code error;
  if (one == other || fs::equivalent(one, other, error)) return true;
  if (one.has_parent_path() || one.filename() != other.filename()) return false;
  // The folder below which p11-kit keeps modules is one of the loader's.
  const std::array<fs::path, 6> folders{
      "/usr/local/lib", "/usr/lib", "/lib",
      "/usr/lib64",     "/lib64",   pkcs11::registered_module_folders().modules.parent_path()};
  return std::ranges::any_of(folders, [&](const fs::path& folder) {
    return !folder.empty() && fs::equivalent(folder / one, other, error);
  });
}

bool list_shows(std::string_view list, const fs::path& library) {
  return std::ranges::any_of(listed_modules(list), [&](const ListedModule& listed) {
    return is_same_library(path_of(listed.library), library);
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
