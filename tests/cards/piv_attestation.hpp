// SPDX-License-Identifier: MIT
// Attestation, as YubiKeys have it from firmware 4.3: the key of slot F9 certifies that a key was made on the
// card, and with which policies (developers.yubico.com/PIV/Introduction/PIV_attestation.html).
#pragma once

#include <string>

#include "piv_state.hpp"

namespace koshin::cards {

/// The object that has the certificate of slot F9.
inline constexpr std::uint32_t attestation_object = 0x5FFF01;

/// Gives the card a key in F9 and a certificate for it, as the factory does.
void make_attesting(CardState& state);

/// The certificate (DER) by which the card attests the key in `slot`: issued by F9, with the extensions
/// 1.3.6.1.4.1.41482.3.3 (firmware), .3.7 (serial number), .3.8 (PIN and touch policy), .3.9 (form factor).
/// `place` is the slot's number as the subject names it, "9a".
Bytes attestation_of(const CardState& state, const KeySlot& slot, const std::string& place);

}  // namespace koshin::cards
