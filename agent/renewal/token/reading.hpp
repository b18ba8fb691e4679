// SPDX-License-Identifier: MIT
// How much of a token a job reads. A card takes some 20 ms for a call, and each object takes one: of a token
// with many certificates a renewal reads what concerns its certificate.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pkcs11/session.hpp"

namespace koshin::renewal {

/// What a job needs of a token's contents.
struct Interest {
  /// Fingerprint of the certificate that the job is about; empty: everything is read.
  std::string certificate_sha256;
  /// CKA_IDs of the pairs of the certificate's unfinished renewals.
  std::vector<pkcs11::Bytes> key_ids;
};

struct Reading {
  std::vector<pkcs11::TokenObject> objects;
  std::vector<std::uint64_t> unread;  ///< handles of the certificates that were not read
};

/// Throws FailureError{token_error} when the module failed to read one of the objects
/// (TokenObject::read_failed): what is missing may be on the token all the same, and what looks free may be
/// somebody's.
void check_all_read(const std::vector<pkcs11::TokenObject>& objects);

/// Reads, logged in, what concerns the certificate of `interest`: all keys; each certificate with the CKA_ID
/// of a key or of `interest`; each with the certificate's subject; and the certificates of its issuers. A
/// certificate that is left unread has no key under its CKA_ID, and no key on the token lacks a certificate,
/// so none that is left unread can be renewed, replace another one, or be what a key is for
/// (docs/inventory.md).
///
/// Everything is read where that is not certain or costs no more: few certificates, a key whose certificate
/// is not under its CKA_ID, issuers that have to be joined, a module that cannot search, a certificate that
/// is not found. Throws pkcs11::Error.
Reading read_objects(pkcs11::Session& session, const Interest& interest);

}  // namespace koshin::renewal
