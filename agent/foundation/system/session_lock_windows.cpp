// SPDX-License-Identifier: MIT
// A user may be logged on several times, each time with readers of that session.
#include <string>

#include "foundation/system/paths.hpp"
#include "foundation/system/process_owner_windows.hpp"
#include "foundation/system/session_lock.hpp"

namespace koshin::paths {

std::filesystem::path session_lock_file() {
  return runtime_directory() / ("agent-" + std::to_string(own_session()) + ".lock");
}

}  // namespace koshin::paths
