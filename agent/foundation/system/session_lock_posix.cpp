// SPDX-License-Identifier: MIT
// The runtime folder is the session's, or all sessions of a user share one.
#include "foundation/system/paths.hpp"
#include "foundation/system/session_lock.hpp"

namespace koshin::paths {

std::filesystem::path session_lock_file() {
  return runtime_directory() / "agent.lock";
}

}  // namespace koshin::paths
