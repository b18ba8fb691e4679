// SPDX-License-Identifier: MIT
// The token of the trial that is in use, looked at without koshin's programs.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::faults {

/// All objects, private ones among them.
std::vector<pkcs11::TokenObject> objects_on_token();
/// How many more there are, of which the module cannot say what they are.
std::size_t objects_of_no_class();

}  // namespace koshin::faults
