// SPDX-License-Identifier: MIT
// Output of a vendor's module, and the handling of a crash in it.
#pragma once

#include <span>
#include <vector>

namespace koshin::worker {

/// Output of this process on stdout and stderr comes from modules, and modules in debug mode print PINs. So
/// it is discarded, and the log has a descriptor of its own; or it is kept, at most 64 KiB for a job, and
/// logged without the output during C_Login and without lines that contain a secret. The output of a crashing
/// module is logged too, and processes that it has started are ended. Where a module closes a standard
/// stream, no descriptor of this process takes its number.
class ModuleOutput {
 public:
  static constexpr std::size_t most_bytes = 64UL * 1024;
  static constexpr int most_lines = 400;

  /// To be constructed before anything is loaded. Throws std::system_error.
  ModuleOutput();
  ModuleOutput(const ModuleOutput&) = delete;
  ModuleOutput& operator=(const ModuleOutput&) = delete;

  /// Keeps output from now on. The secrets must outlive tell().
  void keep(const std::vector<std::span<const char>>& secrets);
  /// Logs the kept output; later output is discarded.
  void tell() noexcept;
};

}  // namespace koshin::worker
