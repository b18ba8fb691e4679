// SPDX-License-Identifier: MIT
// This process's environment variables, which its children inherit.
#pragma once

#include <string>

namespace koshin {

/// Sets the variable for this process and for the children that it starts from here on. To be called while
/// no other thread reads them. Throws std::system_error.
void set_environment(const std::string& name, const std::string& value);

}  // namespace koshin
