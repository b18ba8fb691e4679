// SPDX-License-Identifier: MIT
// The marks in CKA_ID and CKA_LABEL by which koshin recognizes the key pairs that it has made on any
// computer. docs/architecture.md documents them. Marks contain no secret.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "enrollment/x509/certificate.hpp"
#include "renewal/policy/mark_form.hpp"

namespace koshin::renewal {

using pkcs11::Bytes;
using pkcs11::ByteView;

/// The lineage that a pair was made for: the first 8 bytes of SHA-256 over subject, subjectAltName and issuer
/// of the renewed certificate, so that the certificates of two users or two banks on one token never use each
/// other's pairs.
using LineageMark = std::array<std::uint8_t, 8>;

/// A certificate that does not log in has a mark of its own: its pair is never certified for logging in, nor
/// the other way about. The mark of one that others encrypt for, whether or not it logs in, says so
/// (is_marked_for_decryption()); an unused pair that an older version made for one that logs in is left where
/// it is.
LineageMark lineage_mark(const enrollment::Certificate& old_certificate);
/// The mark for an enrolment on a token without a certificate of the user.
LineageMark lineage_mark(ByteView subject_der);

/// Whether a pair with this CKA_ID was made for a certificate that others encrypt for: its mark ends in
/// two bytes that say so. Once certified, such a key is needed for as long as there is mail to be read.
bool is_marked_for_decryption(ByteView id);

/// A new random CKA_ID of own_id_size bytes with this mark.
Bytes make_marked_id(const LineageMark& lineage);
bool is_marked_for(ByteView id, const LineageMark& lineage);

/// The lineage in a marked CKA_ID; empty for other CKA_IDs.
std::optional<LineageMark> lineage_in_id(ByteView id);

/// CKA_LABEL of a certificate: "12345678901234 user0001 2026-11-28", its holder and the day on which its
/// renewal began.
std::string pair_label(std::string_view common_name, TimePoint started);

/// CKA_LABEL of both keys: "12345678901234 user0001 2026-11-28 [koshin 1a2b3c4d5e6f7081]". The mark is
/// repeated in the label because a pair whose generation was interrupted may have no CKA_ID.
std::string marked_label(std::string_view label, const LineageMark& lineage);
bool label_is_marked_for(std::string_view label, const LineageMark& lineage);
/// The date in a marked label, "2026-11-28"; empty for other labels.
std::string day_of_label(std::string_view label);

}  // namespace koshin::renewal
