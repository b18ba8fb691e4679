// SPDX-License-Identifier: MIT
// Declarations of the profiles, for the table in token_profile.cpp. Other sources use profile_of().
#pragma once

#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

const TokenProfile& generic_profile();
const TokenProfile& piv_profile();

}  // namespace koshin::renewal
