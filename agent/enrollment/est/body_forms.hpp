// SPDX-License-Identifier: MIT
// The forms in which servers wrap the DER of an answer: base64, which RFC 7030 means, and others that are
// recognised at sight. Internal to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// With which a certificate and a PKCS#7 begin in DER. As a base64 digit it would decode to 0xD0…, which no
/// answer of EST starts with.
inline constexpr char der_sequence = 0x30;

/// What counts as nothing around a body.
inline constexpr std::string_view blank("\0 \t\r\n", 5);

/// The body without a byte order mark, which editors write, and without blanks in front of it.
std::string_view beginning_at_text(std::string_view body);

struct DecodedBody {
  pkcs11::Bytes der;
  std::string other_form;  ///< in words, when it is none that RFC 7030 means
};

/// Base64, or DER when it starts as DER does, which may have blanks behind it. Empty for anything else.
std::optional<DecodedBody> decode_body(std::string_view body);

bool is_pem(std::string_view body);
/// The contents of each "-----BEGIN …-----" block that may hold certificates; text around the blocks, as some
/// tools write it, is passed over, and blanks in front of its lines.
std::vector<pkcs11::Bytes> objects_in_pem(std::string_view body);

/// A message or its parts (RFC 5322, RFC 2046): a block of header lines, or a line that begins with two
/// hyphens, which base64 never does.
bool is_mime(std::string_view body);
/// What its parts hold in base64 or DER.
std::vector<pkcs11::Bytes> objects_in_mime(std::string_view body);

}  // namespace koshin::enrollment
