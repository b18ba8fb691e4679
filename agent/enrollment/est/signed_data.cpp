// SPDX-License-Identifier: MIT
// ContentInfo ::= SEQUENCE { OBJECT IDENTIFIER, [0] SEQUENCE { version, digestAlgorithms, encapContentInfo,
// [0] certificates, … } }.
#include "enrollment/est/signed_data.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "pkcs11/der.hpp"

namespace koshin::enrollment {

namespace {

using pkcs11::ByteView;

constexpr std::uint8_t integer = 0x02, object_identifier = 0x06, sequence = 0x30, set = 0x31,
                       context_0 = 0xA0;
constexpr std::array<std::uint8_t, 9> signed_data{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02};

/// Removes the first element from `rest` and returns it.
std::optional<ByteView> take_element(ByteView& rest) {
  const std::size_t size = pkcs11::size_of_der(rest);
  if (size == 0 || size > rest.size()) return std::nullopt;
  const ByteView element = rest.first(size);
  rest = rest.subspan(size);
  return element;
}

/// take_element(), returning its content if it has this tag.
std::optional<ByteView> take_content(ByteView& rest, std::uint8_t tag) {
  if (rest.empty() || rest.front() != tag) return std::nullopt;
  const auto element = take_element(rest);
  if (!element) return std::nullopt;
  constexpr std::uint8_t long_form = 0x80;
  const std::uint8_t length = (*element)[1];
  return element->subspan(length < long_form ? 2U : 2U + (length & 0x7FU));
}

/// The content of the certificates field; empty when there is none.
ByteView certificates_field(ByteView der) {
  auto info = take_content(der, sequence);
  if (!info || !der.empty()) return {};
  const auto type = take_content(*info, object_identifier);
  if (!type || !std::ranges::equal(*type, signed_data)) return {};
  auto wrapped = take_content(*info, context_0);
  auto content = wrapped ? take_content(*wrapped, sequence) : std::nullopt;
  for (const std::uint8_t tag : {integer, set, sequence}) {
    if (!content || !take_content(*content, tag)) return {};
  }
  return take_content(*content, context_0).value_or(ByteView());
}

}  // namespace

std::vector<ByteView> elements_of_signed_data(ByteView der) {
  std::vector<ByteView> all;
  for (ByteView rest = certificates_field(der); !rest.empty();) {
    const auto element = take_element(rest);
    if (!element) return {};
    all.push_back(*element);
  }
  return all;
}

}  // namespace koshin::enrollment
