// SPDX-License-Identifier: MIT
// Whether the running program is still the one that is installed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "foundation/system/folder_watch.hpp"
#include "foundation/system/handle.hpp"

namespace koshin {

class ProgramWatch {
 public:
  enum class State {
    same,
    replaced,  ///< an upgrade has put another file in the place of the program's
    removed    ///< the program's file is gone
  };

  /// Of this process's program. Throws FailureError{internal_error} when the system does not tell which that
  /// is.
  ProgramWatch();
  /// Why the program's folder is not watched, then without a handle(); empty where it is.
  const std::string& obstacle() const { return obstacle_; }
  /// Readable when something has happened in the program's folder, until look().
  NativeHandle handle() const { return folder_ ? folder_->handle() : events_.get(); }
  /// `removed` also of a program whose file was gone before the watch began. Needs no handle().
  State look();

 private:
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  // of a file: its device and its number there
  static std::optional<Identity> identity_of(const std::filesystem::path& file);

  std::filesystem::path program_;
  std::optional<Identity> identity_;
  std::optional<FolderWatch> folder_;
  Handle events_;  ///< in its place, where the system can tell of names alone
  std::string obstacle_;
};

}  // namespace koshin
