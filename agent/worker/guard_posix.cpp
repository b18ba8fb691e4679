// SPDX-License-Identifier: MIT
// The guard as the worker's parent. Where the system lets it be (Linux), all that descends from it becomes
// its child in the end, also what was started with CLONE_PARENT; elsewhere the worker and what its modules
// start are in the guard's process group.
#include "worker/guard.hpp"

#include <signal.h>  // sigwait and sigaction are not in <csignal>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include "foundation/failures/failure.hpp"
#include "foundation/system/process_calls_posix.hpp"
#include "foundation/system/process_tree.hpp"

namespace koshin::worker {
namespace {

/// Number of calls into modules in progress, written by the worker, read by its guard. Null without shared
/// memory.
std::atomic<int>* calls = nullptr;

void share_with_guard() noexcept {
  void* const page =
      ::mmap(nullptr, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) calls = new (page) std::atomic<int>(0);
}

/// The signal that ended the worker, or that stands for an exit() of its module; 0: none.
int signal_of(int status) noexcept {
  if (WIFSIGNALED(status)) return WTERMSIG(status);
  const bool inside = calls != nullptr && calls->load() > 0;
  return inside && WEXITSTATUS(status) != info(Reason::deadline_exceeded).exit_code ? SIGABRT : 0;
}

sigset_t awaited_signals() {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, number);
  return awaited;
}

[[noreturn]] void end_in_the_same_way(int status) {
  process_tree::end_children();
  const int number = signal_of(status);
  if (number == 0) ::_exit(WEXITSTATUS(status));
  (void)::signal(number, SIG_DFL);
  sigset_t it;
  sigemptyset(&it);
  sigaddset(&it, number);
  (void)::sigprocmask(SIG_UNBLOCK, &it, nullptr);
  (void)::raise(number);
  ::_exit(128 + number);
}

extern "C" void koshin_child_ended(int /*number*/) {}

/// Closes its ends of the pipes, which would stay open after the worker's end.
[[noreturn]] void guard(pid_t worker, const sigset_t& awaited) {
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  name_process("koshin-guard");
  process_tree::adopt_orphans();
  // Not every system keeps a blocked signal for sigwait() that has no effect by default. Of a worker that has
  // ended before this, the first look tells.
  struct sigaction to_be_waited_for {};
  to_be_waited_for.sa_handler = koshin_child_ended;
  sigemptyset(&to_be_waited_for.sa_mask);
  (void)::sigaction(SIGCHLD, &to_be_waited_for, nullptr);
  while (true) {
    int status = 0;
    pid_t ended = 0;
    while ((ended = reap_any_child(status)) > 0) {
      if (ended == worker) end_in_the_same_way(status);
    }
    int number = 0;
    if (::sigwait(&awaited, &number) == 0 && number != SIGCHLD) (void)::kill(worker, number);
  }
}

}  // namespace

void go_on_under_guard() noexcept {
  share_with_guard();
  (void)::signal(SIGCHLD, SIG_DFL);  // an ignored SIGCHLD would discard the worker's exit status
  const sigset_t awaited = awaited_signals();
  (void)::sigprocmask(SIG_BLOCK, &awaited, nullptr);
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child > 0) guard(child, awaited);
  if (child == 0) {
    leave_group();  // signals of a module to its process group do not reach the guard
    end_with_parent(self);
  }
  sigset_t of_children;
  sigemptyset(&of_children);
  sigaddset(&of_children, SIGCHLD);
  (void)::sigprocmask(SIG_UNBLOCK, &of_children, nullptr);
}

void enter_module() noexcept {
  if (calls != nullptr) calls->fetch_add(1);
}

void leave_module() noexcept {
  if (calls != nullptr) calls->fetch_sub(1);
}

}  // namespace koshin::worker
