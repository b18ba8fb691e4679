// SPDX-License-Identifier: MIT
// A look at a YubiKey beside its PKCS#11 module, for what PKCS#11 does not show: ADMIN DATA and the metadata
// of the management key. Yubico's own library (libykpiv) is asked, where it is installed; ykcs11 is made on
// it.
#pragma once

#include <string>

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

}  // namespace koshin::pkcs11
