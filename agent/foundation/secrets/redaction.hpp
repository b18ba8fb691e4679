// SPDX-License-Identifier: MIT
// Output of a loaded library, without the secrets that the library was given.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace koshin {

/// Whether a line contains the secret: as text, as UTF-16 (with zero bytes in between), or in hexadecimal
/// digits with the separators of dumps ("31 32", "31:32", "0x31, 0x32"), whole or in pieces of 16 or 8 bytes.
/// Allocates nothing: called in a signal handler.
bool holds_secret(std::string_view line, std::span<const char> secret) noexcept;

/// Decides line by line which lines of a text may be shown. Not shown are a line that contains a secret, the
/// line after it, where a dump may continue, and two lines that contain the secret together.
class LineRedaction {
 public:
  explicit LineRedaction(std::span<const std::span<const char>> secrets) noexcept : secrets_(secrets) {}
  /// `next`: the line that follows; empty after the last one.
  bool may_show(std::string_view line, std::string_view next) noexcept;

 private:
  std::span<const std::span<const char>> secrets_;
  bool held_before_ = false;  ///< the line before holds a secret, or begins one that this line ends
};

}  // namespace koshin
