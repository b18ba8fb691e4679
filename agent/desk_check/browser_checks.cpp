// SPDX-License-Identifier: MIT
// Whether the browsers of this user show the certificates on the token.
#include <algorithm>

#include "desk_check/browser_modules.hpp"
#include "desk_check/browser_policies.hpp"
#include "desk_check/browser_profiles.hpp"
#include "desk_check/checks.hpp"
#include "desk_check/module_list.hpp"
#include "foundation/base/text.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

DeskSubject subject_of(Browser browser) {
  return browser == Browser::firefox ? DeskSubject::firefox : DeskSubject::chromium;
}

void tell_of_library(Report& report, const BrowserProfile& profile, const std::string& library,
                     const ModuleWays& ways) {
  const auto add = [&](Status status, DeskFinding finding, std::vector<std::string> more = {}) {
    more.insert(more.begin(), library);
    report.add(subject_of(profile.browser), status, finding, more, profile.folder.string());
  };
  if (ways.by_proxy && (ways.listed || !ways.policy.empty()))
    return add(Status::warning, DeskFinding::browser_has_it_twice, {ways.proxy});
  if (ways.listed) return add(Status::ok, DeskFinding::browser_has_module);
  if (!ways.policy.empty()) return add(Status::ok, DeskFinding::browser_has_it_by_policy, {ways.policy});
  if (ways.proxy.empty()) return add(Status::warning, DeskFinding::browser_lacks_module);
  if (ways.left_out.empty()) return add(Status::ok, DeskFinding::browser_has_it_by_proxy, {ways.proxy});
  add(Status::warning, DeskFinding::browser_proxy_lacks_it, {ways.proxy, joined(ways.left_out)});
}

void check_profile(Report& report, const BrowserProfile& profile, const std::vector<fs::path>& libraries,
                   const ModuleSources& sources) {
  const std::string where = profile.folder.string();
  const DeskSubject subject = subject_of(profile.browser);
  if (profile.confined) return report.add(subject, Status::skipped, DeskFinding::browser_confined, {}, where);
  const std::string list = list_of(profile);
  for (const fs::path& library : libraries)
    tell_of_library(report, profile, library.string(), ways_to(profile, list, library, sources));
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
  const ModuleSources sources = module_sources(home);
  const auto profiles = browser_profiles(home);
  for (const BrowserProfile& profile : profiles)
    report.run(subject_of(profile.browser), [&] { check_profile(report, profile, libraries, sources); });
  report.run(DeskSubject::browser_policy, [&] { check_policies(report, profiles, libraries); });
  for (const Browser browser : browsers_with_lists())
    if (std::ranges::find(profiles, browser, &BrowserProfile::browser) == profiles.end())
      report.add(subject_of(browser), Status::ok, DeskFinding::browser_unused, {}, home.string());
}

}  // namespace koshin::desk_check
