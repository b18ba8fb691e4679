// SPDX-License-Identifier: MIT
// Whether the running program is still the one that is installed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "foundation/system/handle.hpp"

namespace koshin {

class ProgramWatch {
 public:
  enum class State {
    same,
    replaced,  ///< an upgrade has put another file in the place of the program's
    removed    ///< the program's file is gone
  };

  /// Of this process's program. Where its folder cannot be watched, handle() never becomes ready.
  ProgramWatch();
  /// Readable when something has happened in the program's folder, until look().
  NativeHandle handle() const { return events_.get(); }
  State look();

 private:
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  // of a file: its device and its number there
  static std::optional<Identity> identity_of(const std::filesystem::path& file);

  std::filesystem::path program_;
  std::optional<Identity> identity_;
  Handle events_;
};

}  // namespace koshin
