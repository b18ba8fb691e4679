// SPDX-License-Identifier: MIT
// The marks by which koshin knows the key pairs that it has made, on whichever computer: in CKA_ID and in the
// label of the keys. docs/architecture.md documents them. They hold no secret.
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

/// Whose certificate a pair was made for: the first bytes of SHA-256 over subject, subjectAltName and issuer
/// of the certificate that is renewed, so that two users' or two banks' certificates on one token never take
/// each other's.
using LineageMark = std::array<std::uint8_t, 8>;

LineageMark lineage_mark(const enrollment::Certificate& old_certificate);
/// For an enrolment on a token that has no certificate of this user.
LineageMark lineage_mark(ByteView subject_der);

Bytes make_marked_id(const LineageMark& lineage);
bool is_marked_for(ByteView id, const LineageMark& lineage);

/// The lineage that a marked CKA_ID names; empty for another one.
std::optional<LineageMark> lineage_in_id(ByteView id);

/// Label of the two keys: "12345678901234 user0001 2026-11-28 [koshin 1a2b3c4d5e6f7081]". A pair whose making
/// was cut off may have no CKA_ID yet.
std::string marked_label(std::string_view label, const LineageMark& lineage);
bool label_is_marked_for(std::string_view label, const LineageMark& lineage);
/// The day in a marked label, "2026-11-28"; empty for another label.
std::string day_of_label(std::string_view label);

}  // namespace koshin::renewal
