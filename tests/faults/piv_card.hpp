// SPDX-License-Identifier: MIT
// What the tests and the module that behaves as a PIV card agree on.
#pragma once

#include <string_view>

namespace koshin::faults {

/// The management key that cards are delivered with, in the form in which ykcs11 takes it for the SO PIN.
inline constexpr std::string_view management_key = "010203040506070801020304050607080102030405060708";

/// Slots are numbered 1 (9a) to 4 (9e), and 5 to 24 (82 to 95, for retired keys).
inline constexpr unsigned char last_piv_slot = 24;

}  // namespace koshin::faults
