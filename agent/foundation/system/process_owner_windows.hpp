// SPDX-License-Identifier: MIT
// Whose a process is, and what it runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "handle.hpp"

namespace koshin {

/// Whether the process, of which limited information may be asked, was started by the user of this one; false
/// where that cannot be told.
bool belongs_to_this_user(NativeHandle process);

/// Opens it for that; empty when it cannot be opened.
Handle open_process(unsigned long number);

/// The program of a process, of which limited information may be asked; empty where that cannot be told.
std::filesystem::path program_of(NativeHandle process);

struct RunningProcess {
  unsigned long number = 0;
  std::wstring name;  ///< its program's, without the folder
};
/// All that run now; empty where the system does not list them.
std::vector<RunningProcess> running_processes();

/// The session that this process is in. Throws std::system_error.
unsigned long own_session();

}  // namespace koshin
