// SPDX-License-Identifier: MIT
#include "foundation/system/handle.hpp"

#include <unistd.h>

namespace koshin {

void Handle::close() noexcept {
  if (native_ != no_handle) ::close(std::exchange(native_, no_handle));
}

}  // namespace koshin
