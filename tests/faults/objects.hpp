// SPDX-License-Identifier: MIT
// The token of the trial that is in use, looked at without koshin's programs.
#pragma once

#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::faults {

/// All objects, private ones among them.
std::vector<pkcs11::TokenObject> objects_on_token();

}  // namespace koshin::faults
