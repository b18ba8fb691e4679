// SPDX-License-Identifier: MIT
// A pipe of which this process's end can be waited for with a limit.
#pragma once

#include "foundation/system/handle.hpp"

namespace koshin {

struct WaitedPipe {
  Handle own;    ///< opened for overlapped input and output; never inherited
  Handle other;  ///< an ordinary end, for a child or a library
  enum class Own { reads, writes };
  /// `inherited`: children may inherit the other end. Throws std::system_error.
  static WaitedPipe make(Own own, bool inherited);
};

}  // namespace koshin
