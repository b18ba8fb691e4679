// SPDX-License-Identifier: MIT
#include "desk_check/browser_policies.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "desk_check/chromium_json.hpp"
#include "desk_check/module_list.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t most_told = 10;  // patterns, names: a person is to read them

/// The object in the text; discarded where there is none, with `error`. Without `kind` it is JSON alone.
Json parse(std::string_view text, std::optional<ChromiumJson> kind, std::string& error) {
  try {
    Json json = kind ? Json::parse(strict_from_chromium(text, *kind)) : Json::parse(text);
    if (json.is_object()) return json;
    error = "it is no JSON object";
  } catch (const std::exception& problem) {
    error = printable(problem.what(), 200);
  }
  return Json(Json::value_t::discarded);
}

/// The member of an object, or null.
const Json& member(const Json& json, const char* name) {
  static const Json none;
  const auto found = json.is_object() ? json.find(name) : json.end();
  return json.is_object() && found != json.end() ? *found : none;
}

void add_text(const Json& json, std::vector<std::string>& texts) {
  if (json.is_string() && texts.size() < most_told)
    texts.push_back(printable(json.get_ref<const std::string&>(), 200));
}

/// Each entry is a text that is JSON in turn, and Chromium passes over one that is not, or lacks a member.
void read_choices(const Json& entries, PolicyWords& words) {
  if (!entries.is_array()) return;
  words.sets_choices = true;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    std::string error = "it is no text";
    Json entry;
    if (entries[at].is_string()) {
      error.clear();
      entry = parse(entries[at].get_ref<const std::string&>(), ChromiumJson::text_in_file, error);
    }
    if (error.empty() && (!member(entry, "pattern").is_string() || !member(entry, "filter").is_object()))
      error = "it lacks \"pattern\" or \"filter\"";
    if (error.empty())
      add_text(member(entry, "pattern"), words.chosen_for);
    else
      words.error = "AutoSelectCertificateForUrls, entry " + std::to_string(at + 1) + ": " + error;
  }
}

void read_firefox(const Json& policies, PolicyWords& words) {
  const Json& removed = member(member(policies, "SecurityDevices"), "Delete");
  for (const Json& name : removed.is_array() ? removed : Json::array()) add_text(name, words.taken_modules);
  const Json& preference = member(member(policies, "Preferences"), "security.default_personal_cert");
  const Json& value = preference.is_object() ? member(preference, "Value") : preference;
  if (value.is_string()) words.choice = printable(value.get_ref<const std::string&>(), 200);
}

/// What the lists call a library.
std::vector<std::string> names_in_lists(const std::vector<BrowserProfile>& profiles,
                                        const fs::path& library) {
  std::vector<std::string> names;
  for (const BrowserProfile& profile : profiles) {
    if (profile.browser != Browser::firefox || profile.confined) continue;
    for (const ListedModule& listed : listed_modules(list_of(profile)))
      if (is_same_library(path_of(listed.library), library)) names.push_back(listed.name);
  }
  return names;
}

void tell(Report& report, const PolicyWords& words, const std::string& file,
          const std::vector<BrowserProfile>& profiles, const std::vector<fs::path>& libraries) {
  const auto add = [&](Status status, DeskFinding finding, const std::vector<std::string>& values) {
    report.add(DeskSubject::browser_policy, status, finding, values, file);
  };
  if (!words.error.empty()) add(Status::warning, DeskFinding::policy_unreadable, {words.error});
  if (!words.chosen_for.empty()) add(Status::ok, DeskFinding::policy_chooses, {joined(words.chosen_for)});
  if (!words.choice.empty()) add(Status::ok, DeskFinding::policy_sets_choice, {words.choice});
  if (words.taken_modules.empty()) return;
  for (const fs::path& library : libraries) {
    const auto names = names_in_lists(profiles, library);
    const auto taken = std::find_first_of(words.taken_modules.begin(), words.taken_modules.end(),
                                          names.begin(), names.end());
    if (taken != words.taken_modules.end())
      add(Status::warning, DeskFinding::policy_removes_module, {library.string(), *taken});
  }
}

}  // namespace

PolicyWords read_policy(Browser browser, std::string_view text) {
  PolicyWords words;
  const auto kind = browser == Browser::firefox ? std::nullopt : std::optional(ChromiumJson::file);
  const Json json = parse(text, kind, words.error);
  if (json.is_discarded()) return words;
  if (browser == Browser::firefox)
    read_firefox(member(json, "policies"), words);
  else
    read_choices(member(json, "AutoSelectCertificateForUrls"), words);
  return words;
}

void check_policies(Report& report, const std::vector<BrowserProfile>& profiles,
                    const std::vector<fs::path>& libraries) {
  struct Read {
    PolicyFile file;
    PolicyWords words;
  };
  std::vector<Read> all;
  for (const PolicyFile& policy : policy_files())
    if (const auto text = read_administrators_file(policy.path, largest_policy))
      all.push_back({policy, read_policy(policy.browser, *text)});
  for (auto one = all.begin(); one != all.end(); ++one) {
    const bool overruled = std::any_of(one + 1, all.end(), [&](const Read& later) {
      return later.words.sets_choices && later.file.path.parent_path() == one->file.path.parent_path();
    });
    if (overruled) one->words.chosen_for.clear();
    tell(report, one->words, one->file.path.string(), profiles, libraries);
  }
}

}  // namespace koshin::desk_check
