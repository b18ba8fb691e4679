// SPDX-License-Identifier: MIT
// Starting a program with pipes: the part of child_process_posix.cpp between fork and exec.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "foundation/system/child_process.hpp"
#include "foundation/system/handle.hpp"

namespace koshin {

struct SpawnedChild {
  int pid = -1;
  Handle end;         ///< of watch_process_end(): readable when the child has ended
  Handle to_child;    ///< non-blocking
  Handle from_child;  ///< non-blocking
  Handle errors;      ///< what ChildOptions::keep_errors keeps
};
/// Throws FailureError{worker_failed} when pipes, fork or exec fail; exec's error is the child's own.
SpawnedChild spawn_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const ChildOptions& options);

}  // namespace koshin
