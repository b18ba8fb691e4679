// SPDX-License-Identifier: MIT
// setenv, which is not in <cstdlib>.
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): the standard's header has no setenv

#include <cerrno>
#include <system_error>

#include "foundation/system/environment.hpp"

namespace koshin {

void set_environment(const std::string& name, const std::string& value) {
  if (::setenv(name.c_str(), value.c_str(), 1) != 0)
    throw std::system_error(errno, std::generic_category(), "setenv " + name);
}

}  // namespace koshin
