// SPDX-License-Identifier: MIT
// Memory that a module keeps for ever, which is no leak of ours.
#pragma once

#ifdef KOSHIN_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace koshin::test {

/// What is allocated while it lives counts as nobody's leak.
class LeaksOfModules {
 public:
#ifdef KOSHIN_ADDRESS_SANITIZER
  LeaksOfModules() {
    __lsan_disable();
  }
  ~LeaksOfModules() {
    __lsan_enable();
  }
#else
  LeaksOfModules() {}   // NOLINT(modernize-use-equals-default): a variable that does nothing would be unused
  ~LeaksOfModules() {}  // NOLINT(modernize-use-equals-default)
#endif
  LeaksOfModules(const LeaksOfModules&) = delete;
  LeaksOfModules& operator=(const LeaksOfModules&) = delete;
};

}  // namespace koshin::test
