// SPDX-License-Identifier: MIT
// The check of the place where the next certificate will be shown to log in.
#pragma once

#include "renewal/steps/checks.hpp"

namespace koshin::renewal {

/// Nobody's certificate is shown: the token's key signs nothing for this, unless that leaves the question
/// open. Before a key is made, so that none is made for a certificate that could never be shown to log in.
Found check_proof(Examination& exam);

}  // namespace koshin::renewal
