// SPDX-License-Identifier: MIT
// What keeps koshin from writing to a token, as far as module, token and settings tell without trying.
#pragma once

#include "pkcs11/types.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

enum class WritingObstacle {
  none,        ///< none is known: a trial object, or the renewal itself, shows whether there is one
  reads_only,  ///< the module shows this token for reading alone, as OpenSC does with PIV cards
  profile      ///< the token is a PIV card, which is written with its management key: token.profile = "piv"
};

WritingObstacle writing_obstacle(const pkcs11::TokenInfo& token, const TokenProfile& profile);

/// Throws FailureError{token_write_refused} where there is an obstacle: before a secret is presented, and
/// before anything is asked of the authority.
void check_writing_obstacle(const pkcs11::TokenInfo& token, const TokenProfile& profile);

}  // namespace koshin::renewal
