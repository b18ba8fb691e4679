// SPDX-License-Identifier: MIT
// prctl(2).
#include "foundation/secrets/process_restrictions_posix.hpp"

#include <sys/prctl.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "foundation/failures/failure.hpp"

namespace koshin::hardening {
namespace {

void give_up(int result, const char* what) {
  if (result != 0)
    fail(Reason::internal_error, std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

void restrict_process() {
  // LeakSanitizer attaches to its own process with ptrace at exit, which requires a dumpable process.
#ifndef KOSHIN_ADDRESS_SANITIZER
  give_up(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "PR_SET_DUMPABLE");
#endif
  give_up(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
}

}  // namespace koshin::hardening
