// SPDX-License-Identifier: MIT
#include "desk_check/browser_policies.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "desk_check/module_list.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t most_told = 10;  // patterns, names: a person is to read them

/// Without the commas that nothing follows but blanks and a closing bracket, outside of strings.
std::string without_last_commas(std::string_view text) {
  std::string result;
  bool in_string = false, escaped = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      in_string = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      in_string = true;
    } else if (c == ',') {
      const auto next = text.find_first_not_of(" \t\r\n", at + 1);
      if (next != std::string_view::npos && (text[next] == ']' || text[next] == '}')) continue;
    }
    result += c;
  }
  return result;
}

/// The object in the text; discarded where there is none, with `error`.
Json parse(Browser browser, std::string_view text, std::string& error) {
  try {
    Json json = browser == Browser::firefox ? Json::parse(text)
                                            : Json::parse(without_last_commas(text), nullptr, true, true);
    if (json.is_object()) return json;
    error = "it is no JSON object";
  } catch (const Json::exception& problem) {
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

/// Each entry is a text that is JSON in turn.
void read_choices(const Json& entries, PolicyWords& words) {
  if (!entries.is_array()) return;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const Json entry = entries[at].is_string()
                           ? Json::parse(entries[at].get_ref<const std::string&>(), nullptr, false)
                           : Json();
    if (!entry.is_object())
      words.error =
          "AutoSelectCertificateForUrls, entry " + std::to_string(at + 1) + ": it is no JSON object";
    add_text(member(entry, "pattern"), words.chosen_for);
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
  const Json json = parse(browser, text, words.error);
  if (json.is_discarded()) return words;
  if (browser == Browser::firefox)
    read_firefox(member(json, "policies"), words);
  else
    read_choices(member(json, "AutoSelectCertificateForUrls"), words);
  return words;
}

void check_policies(Report& report, const std::vector<BrowserProfile>& profiles,
                    const std::vector<fs::path>& libraries) {
  for (const PolicyFile& policy : policy_files())
    if (const auto text = read_administrators_file(policy.path, largest_policy))
      tell(report, read_policy(policy.browser, *text), policy.path.string(), profiles, libraries);
}

}  // namespace koshin::desk_check
