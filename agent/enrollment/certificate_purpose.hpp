// SPDX-License-Identifier: MIT
// What a certificate is for, by what it says itself. docs/inventory.md has the rule in words.
#pragma once

#include "enrollment/certificate.hpp"
#include "foundation/messages.hpp"

namespace koshin::enrollment {

/// `beside_key`: a key of this certificate is on the same token, so that one which nobody has issued is a
/// placeholder, and no authority of an old kind.
messages::Purpose purpose_of(const Certificate& certificate, bool beside_key);

/// Whether others may have encrypted something for it, which is read with its key alone.
bool decrypts(const Certificate& certificate);

}  // namespace koshin::enrollment
