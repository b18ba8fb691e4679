// SPDX-License-Identifier: MIT
// The check of the place where the next certificate will be shown to log in.
#pragma once

#include "renewal/steps/checks.hpp"

namespace koshin::renewal {

/// Checks the place of the proof, before a key is generated for a certificate that could never be proved. No
/// client certificate is sent and the token signs nothing, unless the answer without one leaves the question
/// open.
Found check_proof(Examination& exam);

}  // namespace koshin::renewal
