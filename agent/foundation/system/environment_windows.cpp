// SPDX-License-Identifier: MIT
// The C library keeps a copy of the variables, in which getenv() looks; _wputenv_s changes both.
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "foundation/system/environment.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {

void set_environment(const std::string& name, const std::string& value) {
  if (const int error = ::_wputenv_s(wide(name).c_str(), wide(value).c_str()); error != 0)
    throw std::system_error(error, std::generic_category(), "_wputenv_s " + name);
}

}  // namespace koshin
