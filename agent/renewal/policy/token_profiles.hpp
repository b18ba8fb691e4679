// SPDX-License-Identifier: MIT
// The profiles there are, for the table in token_profile.cpp. Everybody else asks profile_of().
#pragma once

#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

const TokenProfile& generic_profile();
const TokenProfile& piv_profile();

}  // namespace koshin::renewal
