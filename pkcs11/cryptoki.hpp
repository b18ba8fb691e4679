// SPDX-License-Identifier: MIT
// The C types of PKCS#11, for the sources of this folder only. Included by no public header.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// The text of a blank-padded field of a Cryptoki structure without its padding (section 3); some modules pad
/// with zero bytes.
template <std::size_t size>
std::string padded_text(const CK_UTF8CHAR (&text)[size]) {
  std::string result;
  for (const CK_UTF8CHAR character : text) {
    if (character == 0) break;
    result.push_back(static_cast<char>(character));
  }
  const auto last = result.find_last_not_of(' ');
  result.erase(last == std::string::npos ? 0 : last + 1);
  return result;
}

/// An attribute of a search or creation template. Cryptoki takes pointers to non-const although it only reads
/// such templates.
inline CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value),
          static_cast<CK_ULONG>(size)};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

template <class Value>
CK_ATTRIBUTE attribute_of_value(CK_ATTRIBUTE_TYPE type, const Value& value) {
  return attribute_of(type, &value, sizeof value);
}

}  // namespace koshin::pkcs11
