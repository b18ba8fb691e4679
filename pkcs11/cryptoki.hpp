// SPDX-License-Identifier: MIT
// The C types of PKCS#11, for the sources of this folder only. No public header includes this one.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// A blank-padded text of a Cryptoki structure without its padding (section 3, "blank padded"); some modules
/// pad with zero bytes instead.
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

/// Cryptoki takes attribute values by pointer to non-const though it only reads templates of searches and
/// creations.
inline CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value),
          static_cast<CK_ULONG>(size)};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

template <class Value>
CK_ATTRIBUTE attribute_of_value(CK_ATTRIBUTE_TYPE type, const Value& value) {
  return attribute_of(type, &value, sizeof value);
}

}  // namespace koshin::pkcs11
