// SPDX-License-Identifier: MIT
// Whether the browsers of this user show the certificates on the token.
#include <algorithm>

#include "desk_check/browser_profiles.hpp"
#include "desk_check/checks.hpp"
#include "desk_check/module_list.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

DeskSubject subject_of(Browser browser) {
  return browser == Browser::firefox ? DeskSubject::firefox : DeskSubject::chromium;
}

/// Whether a policy of Firefox names the library; the result was told then.
bool told_by_policy(Report& report, const BrowserProfile& profile, const fs::path& library,
                    const std::vector<PolicyModule>& policies) {
  if (profile.browser != Browser::firefox) return false;
  const auto by_policy = std::ranges::find(policies, library, &PolicyModule::library);
  if (by_policy == policies.end()) return false;
  report.add(DeskSubject::firefox, Status::ok, DeskFinding::browser_has_it_by_policy,
             {library.string(), by_policy->policy.string()}, profile.folder.string());
  return true;
}

void check_profile(Report& report, const BrowserProfile& profile, const std::vector<fs::path>& libraries,
                   const std::vector<PolicyModule>& policies) {
  const std::string where = profile.folder.string();
  const DeskSubject subject = subject_of(profile.browser);
  if (profile.confined) return report.add(subject, Status::skipped, DeskFinding::browser_confined, {}, where);
  const std::string list = list_of(profile);
  for (const fs::path& library : libraries) {
    if (list_shows(list, library))
      report.add(subject, Status::ok, DeskFinding::browser_has_module, {library.string()}, where);
    else if (!told_by_policy(report, profile, library, policies))
      report.add(subject, Status::warning, DeskFinding::browser_lacks_module, {library.string()}, where);
  }
  if (profile.browser != Browser::firefox) return;
  if (const auto choices = remembered_choices(profile.folder); choices != 0)
    report.add(DeskSubject::firefox_choice, Status::warning, DeskFinding::choice_remembered,
               {std::to_string(choices)}, where);
}

}  // namespace

void check_browsers(Report& report, const Settings& settings) {
  const fs::path home = home_of_browsers();
  std::vector<fs::path> libraries;
  for (const std::string& module : settings.token.modules)
    if (auto library = library_of(module); !library.empty()) libraries.push_back(std::move(library));
  const auto policies = policy_modules();
  const auto profiles = browser_profiles(home);
  for (const BrowserProfile& profile : profiles)
    report.run(subject_of(profile.browser), [&] { check_profile(report, profile, libraries, policies); });
  for (const Browser browser : browsers_with_lists())
    if (std::ranges::find(profiles, browser, &BrowserProfile::browser) == profiles.end())
      report.add(subject_of(browser), Status::ok, DeskFinding::browser_unused, {}, home.string());
}

}  // namespace koshin::desk_check
