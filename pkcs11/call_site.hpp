// SPDX-License-Identifier: MIT
// The place of a call in the source: std::source_location for compilers whose standard library lacks it
// (clang 14).
#pragma once

namespace koshin::pkcs11 {

struct CallSite {
  const char* file = "";
  unsigned line = 0;
  /// The place where the default argument is used.
  static constexpr CallSite current(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

}  // namespace koshin::pkcs11
