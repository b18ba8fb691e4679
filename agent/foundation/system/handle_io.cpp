// SPDX-License-Identifier: MIT
// Lines, byte by byte.
#include "foundation/system/handle_io.hpp"

#include <stdexcept>

namespace koshin {

LineResult read_line_unbuffered(NativeHandle from, std::span<char> into) {
  LineResult result;
  char beyond = 0;  // all else goes straight into the caller's memory: the line may be a secret
  while (true) {
    const bool full = result.size == into.size();
    char& next = full ? beyond : into[result.size];
    if (read_some(from, {&next, 1}) == 0) {
      result.ended = true;
      return result;
    }
    if (next == '\n') {
      next = '\0';
      return result;
    }
    if (full) throw std::length_error("a line of more than " + std::to_string(into.size()) + " bytes");
    ++result.size;
  }
}

}  // namespace koshin
