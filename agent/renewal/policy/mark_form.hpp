// SPDX-License-Identifier: MIT
// The form of koshin's CKA_IDs, as bytes and as hexadecimal digits in reports: enough to recognize objects
// that koshin has made. renewal/token/marks.hpp makes the marks.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "foundation/base/text.hpp"

namespace koshin::renewal {

/// Length of koshin's CKA_IDs in bytes: "kosh", 8 bytes of lineage, 8 random bytes. CKA_IDs of older versions
/// are 20 random bytes.
inline constexpr std::size_t own_id_size = 20;
inline constexpr std::array<std::uint8_t, 4> mark_prefix{0x6b, 0x6f, 0x73, 0x68};  // "kosh"

/// Whether koshin has made the object with this CKA_ID, for any lineage.
inline bool is_marked(std::span<const std::uint8_t> id) {
  return id.size() == own_id_size && std::equal(mark_prefix.begin(), mark_prefix.end(), id.begin());
}
/// is_marked() of a CKA_ID in hexadecimal digits.
inline bool is_marked_in_hex(std::string_view hexadecimal_id) {
  return hexadecimal_id.size() == 2 * own_id_size && hexadecimal_id.starts_with(to_hex(mark_prefix));
}

}  // namespace koshin::renewal
