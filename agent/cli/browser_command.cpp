// SPDX-License-Identifier: MIT
// koshin browser add and koshin browser remove: the token's modules in the lists of this user's browsers.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "desk_check/browser_changes.hpp"
#include "desk_check/module_list.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "foundation/texts/computer.hpp"

namespace koshin::cli {
namespace {

namespace fs = std::filesystem;
using desk_check::ProfileChange;
using ChangeState = ProfileChange::State;

/// The libraries of token.modules. Throws FailureError for settings without modules and for one that is not
/// there: a browser would complain at each start.
std::vector<fs::path> libraries(const Session& session) {
  std::vector<fs::path> found;
  for (const std::string& module : session.deployment.base.token.modules) {
    fs::path library = desk_check::library_of(module);
    std::error_code error;
    if (library.empty() || !fs::exists(library, error))
      fail(Reason::module_not_found, printable(module, 300));
    found.push_back(std::move(library));
  }
  if (found.empty()) fail(Reason::module_not_configured, "token.modules is empty");
  return found;
}

const Text& words_for(ChangeState state) {
  switch (state) {
    case ChangeState::added:
      return texts::cli_browser_added;
    case ChangeState::there:
      return texts::cli_browser_there;
    case ChangeState::by_other:
      return texts::computer_browser_by_other;
    case ChangeState::removed:
      return texts::cli_browser_removed;
    case ChangeState::nothing:
      return texts::cli_browser_nothing;
    case ChangeState::in_use:
      return texts::cli_browser_in_use;
    case ChangeState::confined:
      return texts::cli_browser_confined;
    case ChangeState::failed:
      break;
  }
  return texts::cli_browser_failed;
}

bool is_undone(const ProfileChange& change) {
  return change.state == ChangeState::in_use || change.state == ChangeState::failed;
}

int report(const Session& session, const std::vector<ProfileChange>& changes) {
  const Console& console = session.console;
  const bool done = std::ranges::none_of(changes, is_undone);
  console.document(browser_json(session, changes, done));
  for (const ProfileChange& change : changes) {
    const std::string line =
        console.say(words_for(change.state), {printable(change.profile.folder.string(), 300), change.detail});
    is_undone(change) ? console.print_wrong(line) : console.print(line);
  }
  if (changes.empty()) console.print(texts::cli_browser_none);
  return done ? 0 : browser_unchanged;
}

}  // namespace

int run_browser_add(const Session& session) {
  const auto wanted = libraries(session);
  std::vector<ProfileChange> changes;
  const fs::path home = desk_check::home_of_browsers();
  const auto sources = desk_check::module_sources(home);
  for (const auto& profile : desk_check::browser_profiles(home))
    changes.push_back(desk_check::add_modules(profile, wanted, sources));
  return report(session, changes);
}

int run_browser_remove(const Session& session) {
  std::vector<ProfileChange> changes;
  for (const auto& profile : desk_check::browser_profiles(desk_check::home_of_browsers()))
    changes.push_back(desk_check::remove_modules(profile));
  return report(session, changes);
}

}  // namespace koshin::cli
