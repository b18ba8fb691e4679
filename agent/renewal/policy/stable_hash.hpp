// SPDX-License-Identifier: MIT
// A hash that is equal in every run: for names of lock files and the spread of unattended renewals. Not for
// security.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace koshin::renewal {

/// FNV-1a of the texts, each followed by a zero byte so that ("ab", "c") differs from ("a", "bc").
constexpr std::uint64_t stable_hash(std::initializer_list<std::string_view> texts) {
  constexpr std::uint64_t prime = 0x100000001b3U;
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::string_view text : texts) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    hash *= prime;
  }
  return hash;
}

}  // namespace koshin::renewal
