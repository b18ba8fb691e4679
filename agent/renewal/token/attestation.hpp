// SPDX-License-Identifier: MIT
// Attestation certificates: a YubiKey (firmware 4.3 and later) certifies by itself, with a key of its maker's
// in slot F9, that a key was made on it, and when that key asks for the PIN and for a touch. ykcs11 makes one
// for each key when it reads the card and shows it as a certificate object under the CKA_ID of the key's slot
// ("X.509 Certificate for PIV Attestation 9a"). It logs in nowhere, and is in no slot.
// Source: developers.yubico.com/PIV/Introduction/PIV_attestation.html
#pragma once

#include <vector>

#include "foundation/jobs/messages.hpp"
#include "pkcs11/types.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// What a token says of one of its keys.
struct Attestation {
  pkcs11::Bytes key_id;      ///< CKA_ID of the key
  pkcs11::Bytes public_key;  ///< of the key, DER SubjectPublicKeyInfo
  /// `attested` is true where the token's attestation certificate, which it shows too, has signed it.
  messages::KeyPolicies policies;
};

/// Whether the certificate is an attestation by its subject and its extension 1.3.6.1.4.1.41482.3.8.
bool is_attestation(const pkcs11::TokenObject& object);

/// Removes the attestation certificates from `objects` and returns what they say. Keys of which the token has
/// signed an attestation get the public key that it says. Nothing where no bank of the job has a profile
/// whose tokens attest (TokenProfile::attests_keys()).
std::vector<Attestation> take_attestations(const JobContext& context,
                                           std::vector<pkcs11::TokenObject>& objects);

/// The attestation of exactly this key; null where there is none.
const Attestation* attestation_of(const std::vector<Attestation>& all, pkcs11::ByteView public_key);

/// Those whose slot shows neither key nor certificate: keys that only the attestation tells of (a card
/// without GET METADATA).
std::vector<Attestation> hidden_keys(const std::vector<Attestation>& all,
                                     const std::vector<pkcs11::TokenObject>& objects);

/// Adds the policies of their keys to the certificates and keys of a report, and the hidden keys.
void report_attestations(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                         const std::vector<Attestation>& attestations);

}  // namespace koshin::renewal
