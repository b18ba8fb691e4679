// SPDX-License-Identifier: MIT
// The root certificates that this computer's administrators trust. Internal to this module.
#pragma once

#include <openssl/types.h>

namespace koshin::enrollment {

/// Adds them to a trust store, as implicit anchors (RFC 7030 section 3.6). Neither the environment nor the
/// user determines them. Throws FailureError{internal_error} when the store cannot take any.
void add_system_anchors(X509_STORE* store);

}  // namespace koshin::enrollment
