// SPDX-License-Identifier: MIT
// This process's environment, pointed away from the machine it runs on.
#pragma once

#include <filesystem>

namespace koshin::test {

/// Points XDG_STATE_HOME, XDG_RUNTIME_DIR, XDG_CONFIG_HOME and HOME of this process (and its children) into
/// `directory`, and makes the folders, private to the user.
void isolate_user(const std::filesystem::path& directory);

}  // namespace koshin::test
