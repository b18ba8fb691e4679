// SPDX-License-Identifier: MIT
#include "desk_check/browser_changes.hpp"

#include <exception>
#include <functional>

#include "desk_check/module_list.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/foreign_home.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using State = ProfileChange::State;

/// Chromium makes its folder when it first needs it. Private, as Chromium makes it.
void make_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

ProfileChange change(const BrowserProfile& profile, State changed, State unchanged,
                     const std::function<std::string(const std::string&)>& edit) noexcept {
  try {
    if (profile.confined) return {profile, State::confined};
    const std::string list = list_of(profile);
    const std::string wanted = edit(list);
    if (wanted == list) return {profile, unchanged};
    if (std::string why = paths::why_not_as_root(profile.folder); !why.empty())
      return {profile, State::failed, printable(why, 400)};
    if (auto who = user_of_profile(profile)) return {profile, State::in_use, std::move(*who)};
    make_folder(profile.folder);
    write_file_atomically(profile.folder / "pkcs11.txt", wanted);
    return {profile, changed};
  } catch (const std::exception& error) {
    return {profile, State::failed, printable(error.what(), 400)};
  }
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::added:
      return "added";
    case State::there:
      return "there";
    case State::by_other:
      return "by_other";
    case State::removed:
      return "removed";
    case State::nothing:
      return "nothing";
    case State::in_use:
      return "in_use";
    case State::confined:
      return "confined";
    case State::failed:
      break;
  }
  return "failed";
}

ProfileChange add_modules(const BrowserProfile& profile, const std::vector<fs::path>& libraries,
                          const ModuleSources& sources) noexcept {
  std::string other;
  ProfileChange made = change(profile, State::added, State::there, [&](const std::string& list) {
    std::string wanted = list;
    for (const fs::path& library : libraries) {
      const ModuleWays ways = ways_to(profile, wanted, library, sources);
      if (ways.listed) continue;
      if (ways.by_proxy || !ways.policy.empty())
        other = ways.by_proxy ? ways.proxy : ways.policy;
      else
        wanted = with_module(wanted, library);
    }
    return wanted;
  });
  if (made.state == State::there && !other.empty()) return {profile, State::by_other, printable(other, 400)};
  return made;
}

ProfileChange remove_modules(const BrowserProfile& profile) noexcept {
  return change(profile, State::removed, State::nothing,
                [](const std::string& list) { return without_ours(list); });
}

}  // namespace koshin::desk_check
