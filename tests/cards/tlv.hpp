// SPDX-License-Identifier: MIT
// BER-TLV as smart cards use it (ISO/IEC 7816-4 section 6): tags of up to three bytes, definite lengths.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace koshin::cards {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Tag, length and value.
Bytes tlv(std::uint32_t tag, ByteView value);
void append(Bytes& to, ByteView what);

struct Tlv {
  std::uint32_t tag = 0;
  ByteView value;
};
/// Takes one off the front of `bytes`; empty when there is none that is whole.
std::optional<Tlv> take_tlv(ByteView& bytes);
/// The value of the first one with this tag; empty when there is none.
std::optional<ByteView> find_tlv(ByteView bytes, std::uint32_t tag);

}  // namespace koshin::cards
