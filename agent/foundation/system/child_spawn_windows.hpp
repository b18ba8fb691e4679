// SPDX-License-Identifier: MIT
// Starting a program with pipes, in a job of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "foundation/system/child_process.hpp"
#include "foundation/system/handle.hpp"

namespace koshin {

struct SpawnedChild {
  unsigned long pid = 0;
  Handle process;
  Handle job;         ///< the child, and with ChildOptions::whole_tree what it starts; closing it ends them
  Handle stop;        ///< the event that asks the child's StopRequests to end
  Handle to_child;    ///< overlapped
  Handle from_child;  ///< overlapped
  Handle errors;      ///< what ChildOptions::keep_errors keeps
};
/// Throws FailureError{worker_failed}.
SpawnedChild spawn_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const ChildOptions& options);

/// The arguments as CommandLineToArgvW and the C library take them apart again.
std::wstring command_line_of(const std::filesystem::path& program, const std::vector<std::string>& arguments);

/// The event by which a process is asked to end: whoever starts the process makes it before the process runs.
std::wstring stop_event_name(unsigned long process);

}  // namespace koshin
