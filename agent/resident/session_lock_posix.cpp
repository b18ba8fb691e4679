// SPDX-License-Identifier: MIT
// The runtime folder is the session's, or all sessions of a user share one.
#include "foundation/system/paths.hpp"
#include "resident/session_lock.hpp"

namespace koshin::resident {

std::filesystem::path session_lock_file() {
  return paths::runtime_directory() / "agent.lock";
}

}  // namespace koshin::resident
