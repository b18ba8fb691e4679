// SPDX-License-Identifier: MIT
// Whose a process is, and what it runs.
#pragma once

#include <filesystem>

#include "handle.hpp"

namespace koshin {

/// Whether the process, of which limited information may be asked, was started by the user of this one; false
/// where that cannot be told.
bool belongs_to_this_user(NativeHandle process);

/// Opens it for that; empty when it cannot be opened.
Handle open_process(unsigned long number);

/// The program of a process, of which limited information may be asked; empty where that cannot be told.
std::filesystem::path program_of(NativeHandle process);

/// The session that this process is in. Throws std::system_error.
unsigned long own_session();

}  // namespace koshin
