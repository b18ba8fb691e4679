// SPDX-License-Identifier: MIT
// Management keys that a card's PIN gives out, as ykman, yubico-piv-tool and the Windows minidriver leave
// them on a card (docs.yubico.com, "PIV PIN-only mode"; tags as in Yubico's libykpiv).
#pragma once

#include <string_view>

#include "piv_state.hpp"

namespace koshin::cards {

/// Tags of the data objects: PRINTED (read after VERIFY alone) and YubiKey's ADMIN DATA (read by anybody).
inline constexpr std::uint32_t printed_information = 0x5FC109, admin_data = 0x5FFF00;

/// `ykman piv access change-management-key --protect`: a new random key, in PRINTED.
void protect_management_key(CardState& state, Algorithm algorithm = Algorithm::triple_des);
/// A 3DES key that is derived from the PIN and a random salt: PBKDF2 with HMAC-SHA-1, 10000 rounds.
void derive_management_key(CardState& state, std::string_view pin);

}  // namespace koshin::cards
