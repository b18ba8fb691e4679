// SPDX-License-Identifier: MIT
// What a certificate is for, by what it says itself. docs/inventory.md has the rule in words.
#pragma once

#include "enrollment/x509/certificate.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

/// `beside_key`: a key of this certificate is on the same token, so that one which nobody has issued is a
/// placeholder, and no authority of an old kind.
messages::Purpose purpose_of(const enrollment::Certificate& certificate, bool beside_key);

/// Whether others may have encrypted something for it, which is read with its key alone.
bool decrypts(const enrollment::Certificate& certificate);

/// Its KeyUsage says that it signs contents (contentCommitment, also called nonRepudiation), and no
/// ExtendedKeyUsage says what else it is for: what is issued for signatures often looks so.
bool commits_content(const enrollment::Certificate& certificate);

}  // namespace koshin::renewal
