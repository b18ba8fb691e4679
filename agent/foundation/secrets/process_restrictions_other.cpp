// SPDX-License-Identifier: MIT
// POSIX knows neither debuggers nor privileges that a program brings with it. What the system allows here is
// what it allows by itself: on many, a user's debugger may look into all of that user's processes.
#include "foundation/secrets/process_restrictions_posix.hpp"

namespace koshin::hardening {

void restrict_process() {}

}  // namespace koshin::hardening
