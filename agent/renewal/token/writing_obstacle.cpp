// SPDX-License-Identifier: MIT
#include "renewal/token/writing_obstacle.hpp"

#include "foundation/failures/failure.hpp"
#include "pkcs11/quirks.hpp"

namespace koshin::renewal {

WritingObstacle writing_obstacle(const pkcs11::TokenInfo& token, const TokenProfile& profile) {
  const pkcs11::Quirks quirks = pkcs11::quirks_of_manufacturer(token.identity.manufacturer);
  if (quirks.reads_only) return WritingObstacle::reads_only;
  if (pkcs11::is_piv_of_ykcs11(token.identity) && profile.name() != TokenProfileName::piv)
    return WritingObstacle::profile;
  return WritingObstacle::none;
}

void check_writing_obstacle(const pkcs11::TokenInfo& token, const TokenProfile& profile) {
  switch (writing_obstacle(token, profile)) {
    case WritingObstacle::none:
      return;
    case WritingObstacle::reads_only:
      fail(Reason::token_write_refused,
           "OpenSC shows PIV cards for reading alone: name the module of the card's maker in token.modules "
           "(for "
           "a YubiKey that is ykcs11), and set token.profile = \"piv\"");
    case WritingObstacle::profile:
      fail(Reason::token_write_refused,
           "a PIV card is written with its management key: set token.profile = \"piv\"");
  }
}

}  // namespace koshin::renewal
