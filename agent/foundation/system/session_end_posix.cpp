// SPDX-License-Identifier: MIT
// Programs get SIGTERM or SIGHUP here.
#include "foundation/system/session_end.hpp"

namespace koshin {

// NOLINTNEXTLINE(performance-unnecessary-value-param): the other system keeps it
std::unique_ptr<SessionEnd> SessionEnd::watch(std::function<void()> /*ends*/) {
  return nullptr;
}

}  // namespace koshin
