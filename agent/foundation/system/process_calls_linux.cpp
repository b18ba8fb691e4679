// SPDX-License-Identifier: MIT
// prctl(2), close_range(2), vfork(2).
#include "foundation/system/process_calls_posix.hpp"

#include <linux/close_range.h>
#include <signal.h>  // SIGKILL
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>

namespace koshin {

int start_process(void (*become)(const void* plan), const void* plan) noexcept {
  // The child borrows this process's memory until its exec instead of having it copied, which takes as long
  // as all the rest.
  const pid_t child = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (child == 0) {
    become(plan);  // NOLINT(clang-analyzer-unix.Vfork): it makes async-signal-safe calls alone
    _exit(127);
  }
  return child;
}

void end_with_parent(int parent) noexcept {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above took effect
}

void leave_group() noexcept {
  (void)setpgid(0, 0);
}

bool keeps_children_in_group() noexcept {
  return false;
}

void end_what_is_left_of(int /*child*/) noexcept {}

std::string start_mark() {
  return {};
}

void complete_start_mark(char* /*mark*/, int /*parent*/) noexcept {}

void close_the_rest_on_exec() noexcept {
  (void)syscall(SYS_close_range, 3U, UINT_MAX, CLOSE_RANGE_CLOEXEC);
}

void name_process(const char* name) noexcept {
  (void)prctl(PR_SET_NAME, name);
}

int reap_any_child(int& status) noexcept {
  return waitpid(-1, &status, WNOHANG | __WALL);  // also what was started by clone(2) with another signal
}

}  // namespace koshin
