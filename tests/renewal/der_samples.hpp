// SPDX-License-Identifier: MIT
// Certificates and requests of the smallest form that has all elements: what a journal takes for whole.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace koshin::test {

using Der = std::vector<std::uint8_t>;

/// One element with the contents in it, one after another.
inline Der der(std::uint8_t tag, std::initializer_list<Der> contents) {
  Der content;
  for (const Der& one : contents) content.insert(content.end(), one.begin(), one.end());
  Der element{tag};
  if (content.size() < 0x80) {
    element.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    element.push_back(0x82);
    element.push_back(static_cast<std::uint8_t>(content.size() >> 8U));
    element.push_back(static_cast<std::uint8_t>(content.size()));
    if (content.size() < 0x100) {
      element.resize(1);
      element.push_back(0x81);
      element.push_back(static_cast<std::uint8_t>(content.size()));
    }
  }
  element.insert(element.end(), content.begin(), content.end());
  return element;
}

inline Der algorithm() {
  return der(0x30, {der(0x06, {{0x2a, 0x03}})});
}
/// A SubjectPublicKeyInfo (RFC 5280 section 4.1); `which` is the key.
inline Der public_key(std::uint8_t which) {
  return der(0x30, {algorithm(), der(0x03, {{0, which, which}})});
}
/// With an extension of `more` bytes, in elements of 100.
inline Der certificate_der(const Der& key, std::size_t more = 0) {
  Der filling;
  for (std::size_t size = 0; size < more; size += 102) {
    const Der part = der(0x04, {Der(100, 0x20)});
    filling.insert(filling.end(), part.begin(), part.end());
  }
  const Der name = der(0x30, {});
  const Der extension = der(0x30, {der(0x06, {{0x2a, 0x04}}), der(0x04, {der(0x30, {filling})})});
  const Der body = der(0x30, {der(0xa0, {der(0x02, {{2}})}), der(0x02, {{1}}), algorithm(), name, name, name,
                              key, der(0xa3, {der(0x30, {extension})})});
  return der(0x30, {body, algorithm(), der(0x03, {{0, 1}})});
}
/// PKCS #10 (RFC 2986 section 4).
inline Der request_der(const Der& key) {
  const Der body = der(0x30, {der(0x02, {{0}}), der(0x30, {}), key, der(0xa0, {})});
  return der(0x30, {body, algorithm(), der(0x03, {{0, 1}})});
}

}  // namespace koshin::test
