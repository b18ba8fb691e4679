// SPDX-License-Identifier: MIT
// The encodings in which servers wrap the DER of an answer: base64, as RFC 7030 requires, and others that are
// recognized by their contents. Internal to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// First byte of a certificate and of PKCS#7 in DER. As a base64 digit it would decode to 0xD0…, with which
/// no EST answer starts.
inline constexpr char der_sequence = 0x30;

/// Characters that are ignored around a body.
inline constexpr std::string_view blank("\0 \t\r\n", 5);

/// The body without a leading byte order mark, which editors write, and without leading blanks.
std::string_view beginning_at_text(std::string_view body);

struct DecodedBody {
  pkcs11::Bytes der;
  std::string other_form;  ///< name of the encoding, when it is not the one of RFC 7030
};

/// Decodes base64, or DER, possibly with trailing blanks, when the body starts with der_sequence. Empty for
/// anything else.
std::optional<DecodedBody> decode_body(std::string_view body);

/// Whether the body is PEM (RFC 7468).
bool is_pem(std::string_view body);
/// The contents of each "-----BEGIN …-----" block that may hold certificates; text around the blocks, and
/// blanks at the begin of their lines, are ignored.
std::vector<pkcs11::Bytes> objects_in_pem(std::string_view body);

/// Whether the body is a MIME message or its parts (RFC 5322, RFC 2046): it starts with header lines, or with
/// a line that begins with two hyphens, which base64 never does.
bool is_mime(std::string_view body);
/// The base64 or DER contents of its parts.
std::vector<pkcs11::Bytes> objects_in_mime(std::string_view body);

}  // namespace koshin::enrollment
