// SPDX-License-Identifier: MIT
// Makes a module known to a browser of this user, and takes that back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "desk_check/browser_modules.hpp"
#include "desk_check/browser_profiles.hpp"

namespace koshin::desk_check {

struct ProfileChange {
  enum class State {
    added,     ///< now it has what it lacked
    there,     ///< it had all of it
    by_other,  ///< it has what its list lacks by p11-kit's proxy or a policy: nothing was changed
    removed,   ///< koshin's entries are gone
    nothing,   ///< there was nothing of koshin's
    in_use,    ///< the browser runs: nothing was changed
    confined,  ///< of a snap or a flatpak: nothing was changed
    failed     ///< nothing was changed
  };
  BrowserProfile profile;
  State state = State::failed;
  std::string detail{};  ///< who uses it, what it has the module by, or the error
};
std::string_view to_string(ProfileChange::State state);  ///< "added"

/// Writes the list anew, by rename, while no program is seen to have the database open: a browser writes the
/// list from its memory, and would undo the change. What the browser has already, by whatever name, by a
/// policy or by p11-kit's proxy in one of its programs, is not added again: each token would show twice.
/// Interrupted, the old list stays. Nothing is thrown: State::failed says why.
ProfileChange add_modules(const BrowserProfile& profile, const std::vector<std::filesystem::path>& libraries,
                          const ModuleSources& sources) noexcept;
ProfileChange remove_modules(const BrowserProfile& profile) noexcept;

}  // namespace koshin::desk_check
