// SPDX-License-Identifier: MIT
#include "tlv.hpp"

namespace koshin::cards {
namespace {

constexpr std::uint8_t more_tag_bytes = 0x1F, another_tag_byte = 0x80, long_length = 0x80;

}  // namespace

void append(Bytes& to, ByteView what) {
  to.insert(to.end(), what.begin(), what.end());
}

Bytes tlv(std::uint32_t tag, ByteView value) {
  Bytes bytes;
  for (const unsigned shift : {16U, 8U}) {
    if (tag >> shift != 0) bytes.push_back(static_cast<std::uint8_t>(tag >> shift));
  }
  bytes.push_back(static_cast<std::uint8_t>(tag));
  const auto size = value.size();
  if (size >= 0x100) {
    bytes.push_back(long_length | 2);
    bytes.push_back(static_cast<std::uint8_t>(size >> 8U));
  } else if (size >= long_length) {
    bytes.push_back(long_length | 1);
  }
  bytes.push_back(static_cast<std::uint8_t>(size));
  append(bytes, value);
  return bytes;
}

std::optional<Tlv> take_tlv(ByteView& bytes) {
  std::size_t at = 0;
  const auto next = [&]() -> std::optional<std::uint8_t> {
    return at < bytes.size() ? std::optional(bytes[at++]) : std::nullopt;
  };
  const auto first = next();
  if (!first) return std::nullopt;
  Tlv found{*first, {}};
  if ((*first & more_tag_bytes) == more_tag_bytes) {
    for (auto byte = next();; byte = next()) {
      if (!byte) return std::nullopt;
      found.tag = found.tag << 8U | *byte;
      if ((*byte & another_tag_byte) == 0) break;
    }
  }
  const auto length = next();
  if (!length) return std::nullopt;
  std::size_t size = *length;
  if (size >= long_length) {
    const unsigned count = *length & 0x7FU;
    size = 0;
    for (unsigned i = 0; i < count; ++i) {
      const auto byte = next();
      if (!byte) return std::nullopt;
      size = size << 8U | *byte;
    }
  }
  if (size > bytes.size() - at) return std::nullopt;
  found.value = bytes.subspan(at, size);
  bytes = bytes.subspan(at + size);
  return found;
}

std::optional<ByteView> find_tlv(ByteView bytes, std::uint32_t tag) {
  while (const auto one = take_tlv(bytes)) {
    if (one->tag == tag) return one->value;
  }
  return std::nullopt;
}

}  // namespace koshin::cards
