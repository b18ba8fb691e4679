// SPDX-License-Identifier: MIT
// What a CKA_ID of koshin's looks like, as bytes and as reports spell it: all that is needed to see that
// koshin has made something. marks.hpp has the rest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "foundation/base/text.hpp"

namespace koshin::renewal {

/// CKA_ID of what koshin makes: "kosh", the lineage, eight random bytes. Older ones are twenty random bytes.
inline constexpr std::size_t own_id_size = 20;
inline constexpr std::array<std::uint8_t, 4> mark_prefix{0x6b, 0x6f, 0x73, 0x68};  // "kosh"

/// Made by koshin, for any lineage.
inline bool is_marked(std::span<const std::uint8_t> id) {
  return id.size() == own_id_size && std::equal(mark_prefix.begin(), mark_prefix.end(), id.begin());
}
/// The same of hexadecimal digits.
inline bool is_marked_in_hex(std::string_view hexadecimal_id) {
  return hexadecimal_id.size() == 2 * own_id_size && hexadecimal_id.starts_with(to_hex(mark_prefix));
}

}  // namespace koshin::renewal
