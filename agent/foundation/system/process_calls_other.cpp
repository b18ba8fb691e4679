// SPDX-License-Identifier: MIT
// fork(2), and what POSIX has to say about the rest.
#include "foundation/system/process_calls_other.hpp"

#include <fcntl.h>
#include <signal.h>  // kill is not in <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "foundation/system/process_calls_posix.hpp"

namespace koshin {
namespace {

struct Start {
  pid_t process = -1, parent = -1;
};

/// "NAME=PROCESS:PARENT", of as many digits each as a number may have. All that the program starts inherits
/// it: it is about the process that it names.
constexpr std::string_view mark_name = "KOSHIN_STARTED=";
constexpr std::size_t digits = 10;

Start read_mark() noexcept {
  const char* const text = std::getenv("KOSHIN_STARTED");
  const std::string_view mark = text == nullptr ? std::string_view() : std::string_view(text);
  if (mark.size() != 2 * digits + 1) return {};
  Start start;
  std::from_chars(mark.data(), mark.data() + digits, start.process);
  std::from_chars(mark.data() + digits + 1, mark.data() + mark.size(), start.parent);
  return start;
}

void write_number(char* into, int number) noexcept {
  for (std::size_t i = digits; i > 0; --i, number /= 10) into[i - 1] = static_cast<char>('0' + number % 10);
}

/// One call is made for each number that may be open: POSIX does not tell which are. A process may be allowed
/// millions of them, and koshin's own have close-on-exec all the same: what a library has left open beyond
/// this number is inherited.
constexpr int most_descriptors = 65536;
// Asked for before the fork: getrlimit() is not among the calls that may be made after it.
std::atomic<int> end_of_descriptors{most_descriptors};

int may_be_open_below() noexcept {
  rlimit allowed{};
  if (::getrlimit(RLIMIT_NOFILE, &allowed) != 0) return most_descriptors;
  return static_cast<int>(std::min<rlim_t>(allowed.rlim_max, most_descriptors));
}

// Of programs, as they were started. Read before main(), since a signal handler asks for it.
const Start marked = read_mark();
// Of a process that has not become another program since it was made.
Start remembered;
pid_t maker_of_own_group = -1;
pid_t keeper_of_children = -1;

}  // namespace

int starter_of_this_process() noexcept {
  const pid_t self = ::getpid();
  if (remembered.process == self) return remembered.parent;
  return marked.process == self ? marked.parent : -1;
}

bool is_in_private_group() noexcept {
  const pid_t self = ::getpid(), group = ::getpgrp();
  if (group == self) return marked.process == self || maker_of_own_group == self;
  return group == marked.process && remembered.process == self && remembered.parent == group;
}

void keep_children_in_group() noexcept {
  keeper_of_children = ::getpid();
}

int start_process(void (*become)(const void* plan), const void* plan) noexcept {
  end_of_descriptors = may_be_open_below();
  const pid_t child = ::fork();
  if (child == 0) {
    become(plan);
    ::_exit(127);
  }
  return child;
}

void end_with_parent(int parent) noexcept {
  remembered = {.process = ::getpid(), .parent = parent};
  if (::getppid() != parent) ::_exit(127);
}

void leave_group() noexcept {
  if (::getpgrp() == marked.process && ::getppid() == marked.process) return;
  if (::setpgid(0, 0) == 0) maker_of_own_group = ::getpid();
}

bool keeps_children_in_group() noexcept {
  return keeper_of_children == ::getpid() && is_in_private_group();
}

void end_what_is_left_of(int child) noexcept {
  if (keeper_of_children == ::getpid()) (void)::kill(-child, SIGKILL);
}

std::string start_mark() {
  return std::string(mark_name) + std::string(digits, '0') + ':' + std::string(digits, '0');
}

void complete_start_mark(char* mark, int parent) noexcept {
  write_number(mark + mark_name.size(), ::getpid());
  write_number(mark + mark_name.size() + digits + 1, parent);
}

void close_the_rest_on_exec() noexcept {
  const int end = end_of_descriptors.load();
  for (int number = STDERR_FILENO + 1; number < end; ++number) (void)::fcntl(number, F_SETFD, FD_CLOEXEC);
}

void name_process(const char* /*name*/) noexcept {}

int reap_any_child(int& status) noexcept {
  return ::waitpid(-1, &status, WNOHANG);
}

}  // namespace koshin
