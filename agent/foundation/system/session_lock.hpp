// SPDX-License-Identifier: MIT
// One agent in a session.
#pragma once

#include <filesystem>

namespace koshin::paths {

/// The file whose lock the agent of this session holds (FileLock). Readers that are redirected belong to a
/// session, so two sessions of one user have an agent each where the system has such sessions.
std::filesystem::path session_lock_file();

}  // namespace koshin::paths
