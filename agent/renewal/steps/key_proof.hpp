// SPDX-License-Identifier: MIT
// The proof of a new certificate that does not log in: its key on the token does what the certificate is for.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// The new key signs random data, and the certificate verifies the signature. Where others encrypt for the
/// certificate, the key also decrypts what was encrypted for it (RSA), or agrees on a secret with another key
/// (EC); that the module cannot do that, or fails at it, is told (notice `decryption_not_checked`), since the
/// old certificate and its key stay. Notices say what was shown. Throws FailureError{readback_mismatch} when
/// key and certificate do not belong together, and what the token throws.
void prove_key(const Workspace& work, const enrollment::Certificate& certificate, EVP_PKEY* key);

/// Whether a certificate of this purpose is proved by its key and not by logging in.
bool is_proved_by_key(messages::Purpose purpose);

/// Whether the key signs random data so that the certificate verifies it. Throws FailureError where it makes
/// no signature; the session has the cause.
bool signs_for(const enrollment::Certificate& certificate, EVP_PKEY* key);

/// What the next key of a certificate is made for.
pkcs11::KeyUse use_of_next_key(const messages::CertificateReport& certificate);

}  // namespace koshin::renewal
