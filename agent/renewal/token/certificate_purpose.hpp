// SPDX-License-Identifier: MIT
// The purpose of a certificate, derived from its extensions. docs/inventory.md documents the rule.
#pragma once

#include "enrollment/x509/certificate.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::renewal {

/// `beside_key`: the certificate's key is on the same token; a self-issued certificate is then a placeholder
/// and not an authority of an old kind.
messages::Purpose purpose_of(const enrollment::Certificate& certificate, bool beside_key);

/// Whether KeyUsage has a bit for enciphering, or is not there.
bool allows_enciphering(const enrollment::Certificate& certificate);

/// Whether data may have been encrypted for the certificate, which only its key can decrypt.
bool decrypts(const enrollment::Certificate& certificate);

/// Whether KeyUsage has contentCommitment (nonRepudiation) and there is no ExtendedKeyUsage: typical of
/// certificates issued for signatures.
bool commits_content(const enrollment::Certificate& certificate);

}  // namespace koshin::renewal
