// SPDX-License-Identifier: MIT
// Whether the content of a damaged file's row is what koshin has written. SQLite keeps long rows on several
// pages and has no checksums: of a page that was overwritten it returns the garbage as part of the row.
// Included by the journal's sources only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "renewal/journal/sqlite_database.hpp"

namespace koshin::renewal {

/// What may be taken over of a row.
struct RowContent {
  bool usable = true;       ///< the row without the columns of `lost`
  std::vector<int> lost{};  ///< columns whose content is garbage, or may be, and that nothing depends on
};

/// Of table `renewal`, of any schema. Not usable: a text that is no UTF-8, a public key that is not DER in
/// its full length, a request or certificate that is not one of this key. Lost: a replaced certificate that
/// is none in its full length, where no other column may be damaged unseen.
RowContent content_of_renewal(const sqlite::Statement& row);
/// Of table `token`. Lost: a snapshot that cannot be read, with the columns behind it.
RowContent content_of_token(const sqlite::Statement& row);
/// Of the other tables: usable where each text is UTF-8.
RowContent content_of_texts(const sqlite::Statement& row);

/// Whether `der` is an X.509 certificate (RFC 5280 section 4.1) in its full length, for `public_key` (a
/// SubjectPublicKeyInfo). Its elements alone are looked at, since the programs that rescue a journal link no
/// OpenSSL; a signature is not verified.
bool is_certificate_for(std::span<const std::uint8_t> der, std::span<const std::uint8_t> public_key);
/// The same of a request (RFC 2986 section 4).
bool is_request_for(std::span<const std::uint8_t> der, std::span<const std::uint8_t> public_key);

}  // namespace koshin::renewal
