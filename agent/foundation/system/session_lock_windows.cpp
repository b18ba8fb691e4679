// SPDX-License-Identifier: MIT
// A user may be logged on several times, each time with readers of that session.
#include <windows.h>

#include <string>
#include <system_error>

#include "foundation/system/paths.hpp"
#include "foundation/system/session_lock.hpp"

namespace koshin::paths {

std::filesystem::path session_lock_file() {
  DWORD session = 0;
  if (!ProcessIdToSessionId(GetCurrentProcessId(), &session))
    throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "ProcessIdToSessionId");
  return runtime_directory() / ("agent-" + std::to_string(session) + ".lock");
}

}  // namespace koshin::paths
