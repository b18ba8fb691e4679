// SPDX-License-Identifier: MIT
// Text that a loaded library has written, without the secrets that it was given.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace koshin {

/// Whether a line holds the secret: as it is, with a zero byte between its bytes (UTF-16), or in hexadecimal
/// digits with what dumps put between them ("31 32", "31:32", "0x31, 0x32"), whole or in the pieces of 16 or
/// 8 bytes that a dump breaks it into. Allocates nothing: a signal handler asks.
bool holds_secret(std::string_view line, std::span<const char> secret) noexcept;

/// Walks through the lines of a text and tells which of them may be shown. A line that holds a secret may
/// not, nor may the one after it, where a dump may go on; nor may two lines that hold the secret together,
/// its beginning in the one and the rest in the other, as a dump has it that breaks its rows elsewhere.
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
