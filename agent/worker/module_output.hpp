// SPDX-License-Identifier: MIT
// What a vendor's module prints, and what is done when it ends this process.
#pragma once

#include <span>
#include <vector>

namespace koshin::worker {

/// What is written to stdout and stderr in this process is a module's: modules in debug mode print PINs. It
/// goes nowhere, and the log has a descriptor of its own; or it is kept, at most 64 KiB for a job, and told
/// to the log without what was printed while a PIN was presented and without the lines that hold a secret. A
/// module that crashes has its last words told as well, and what it has started is ended with it. Where it
/// closes one of the standard streams, nothing of this process's own takes that number.
class ModuleOutput {
 public:
  static constexpr std::size_t most_bytes = 64UL * 1024;
  static constexpr int most_lines = 400;

  /// Before anything is loaded. Throws std::system_error.
  ModuleOutput();
  ModuleOutput(const ModuleOutput&) = delete;
  ModuleOutput& operator=(const ModuleOutput&) = delete;

  /// Keeps what comes from now on. The secrets must outlive tell().
  void keep(const std::vector<std::span<const char>>& secrets);
  /// Tells the log what was kept; what comes later goes nowhere.
  void tell() noexcept;
};

}  // namespace koshin::worker
