// SPDX-License-Identifier: MIT
// The portable part of reading descriptors.
#include "foundation/system/descriptor.hpp"

#include <stdexcept>

namespace koshin {

LineResult read_line_unbuffered(int descriptor, std::span<char> into) {
  LineResult result;
  char beyond = 0;  // all else goes straight into the caller's memory: the line may be a secret
  while (true) {
    const bool full = result.size == into.size();
    char& next = full ? beyond : into[result.size];
    if (read_some(descriptor, {&next, 1}) == 0) {
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
