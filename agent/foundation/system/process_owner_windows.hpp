// SPDX-License-Identifier: MIT
// Whose a process is.
#pragma once

#include "handle.hpp"

namespace koshin {

/// Whether the process, of which limited information may be asked, was started by the user of this one; false
/// where that cannot be told.
bool belongs_to_this_user(NativeHandle process);

/// Opens it for that; empty when it cannot be opened.
Handle open_process(unsigned long number);

}  // namespace koshin
