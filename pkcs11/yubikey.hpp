// SPDX-License-Identifier: MIT
// A look at a YubiKey beside its PKCS#11 module, for what PKCS#11 does not show: ADMIN DATA and the metadata
// of the management key. Yubico's own library (libykpiv) is asked, where it is installed; ykcs11 is made on
// it.
#pragma once

#include <string>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct YubikeyAnswer {
  enum class Kind {
    answered,
    not_asked,  ///< there is no libykpiv here, or it is of another kind
    lost        ///< the card could not be found or connected to, or did not answer any more
  };
  Kind kind = Kind::not_asked;
  std::string trouble;   ///< why it is not `answered`
  Bytes administration;  ///< ADMIN DATA (object 5FFF00); empty: the card has none
  Bytes key_metadata;    ///< GET METADATA of 9B; empty: a card before firmware 5.3
};

/// Asks the YubiKey with this serial number in a reader whose name begins with `reader`. No secret is
/// presented. The card is reset afterwards, as libykpiv does: to be called only while no session of its
/// module is open, since ykcs11 would present the PIN, which it remembers, once more.
YubikeyAnswer ask_yubikey(const std::string& serial, const std::string& reader);

/// Deletes the private key of a slot (instruction F6, MOVE KEY to nowhere), which no PKCS#11 function does.
/// It takes firmware 5.7 and libykpiv 2.6; where either is older, no secret is presented. Returns why the key
/// has stayed; empty: it is gone. No session of the module may be open. `management_key`: its bytes, in
/// memory that the caller wipes; they are not copied here.
std::string empty_yubikey_slot(const std::string& serial, const std::string& reader, std::uint8_t slot,
                               PinView management_key);

/// What became of a new PIN that was set with the PUK.
struct UnblockAnswer {
  enum class Kind {
    set,          ///< the new PIN counts, and the tries of the PIN are as at first
    refused,      ///< the card did not take the PUK; `tries_left` of it
    unsupported,  ///< there is no libykpiv here, or it is of another kind; nothing was presented
    lost,         ///< the card could not be connected to; nothing was presented
    unknown       ///< the card's answer was lost, or is of no known meaning
  };
  Kind kind = Kind::unsupported;
  std::string trouble;  ///< why it is not `set`
  int tries_left = -1;  ///< of the PUK, after `refused`; -1: not told
};

/// Sets the PIN with the PUK (RESET RETRY COUNTER, SP 800-73-4 part 2 section 3.2.3), which no PKCS#11
/// function does: one try of the PUK. No session of the module may be open.
UnblockAnswer unblock_yubikey_pin(const std::string& serial, const std::string& reader, PinView puk,
                                  PinView new_pin);

}  // namespace koshin::pkcs11
