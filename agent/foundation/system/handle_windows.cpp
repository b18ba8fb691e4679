// SPDX-License-Identifier: MIT
#include "foundation/system/handle.hpp"

#include <windows.h>

namespace koshin {

void Handle::close() noexcept {
  if (native_ != no_handle) ::CloseHandle(std::exchange(native_, no_handle));
}

}  // namespace koshin
