// SPDX-License-Identifier: MIT
// Sessions of POSIX systems set LANG.
#include "foundation/base/ui_locale.hpp"

namespace koshin {

std::vector<std::string> preferred_ui_locales() {
  return {};
}

}  // namespace koshin
