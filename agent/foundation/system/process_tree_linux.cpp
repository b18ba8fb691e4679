// SPDX-License-Identifier: MIT
// The tree of processes as /proc shows it. Nothing here allocates: a signal handler of a process that has
// crashed calls it.
#include "foundation/system/process_tree.hpp"

#include <fcntl.h>
#include <signal.h>  // kill is not in <csignal>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace koshin::process_tree {
namespace {

/// Of one round; more are found in the next, when these have ended.
constexpr std::size_t most_at_once = 256;
/// A process that cannot be ended (one that waits for a device) is left behind after so many rounds.
constexpr int most_rounds = 200;
constexpr long round_pause_ns = 5'000'000;

struct Found {
  std::array<pid_t, most_at_once> processes{};
  std::size_t count = 0;
  void add(pid_t process) {
    if (count < processes.size()) processes.at(count++) = process;
  }
};

struct Stat {
  pid_t parent = -1;
  char state = '?';
};

/// "PID (name) S PPID …": the name may hold anything, its end is the last ")".
Stat stat_of(const char* process) noexcept {
  constexpr std::string_view folder = "/proc/", file_name = "/stat";
  constexpr std::size_t longest_number = 20;
  std::array<char, 64> path{};
  char* end = std::copy(folder.begin(), folder.end(), path.begin());
  end = std::copy_n(process, ::strnlen(process, longest_number), end);
  std::copy(file_name.begin(), file_name.end(), end);
  const int file = ::open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 512> text{};
  const ssize_t size = ::read(file, text.data(), text.size());
  ::close(file);
  const std::string_view line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const auto name_end = line.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 >= line.size()) return {};
  Stat stat{.state = line[name_end + 2]};
  std::from_chars(line.data() + name_end + 4, line.data() + line.size(), stat.parent);
  return stat;
}

/// Calls `see` with each process's number as text. getdents64 itself: opendir() allocates.
template <typename See>
void each_process(const See& see) noexcept {
  const int folder = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  struct Entry {  // linux_dirent64, which no header has
    unsigned long long inode;
    long long offset;
    unsigned short size;
    unsigned char type;
    char name[1];
  };
  alignas(Entry) std::array<char, 8192> entries{};
  long size = 0;
  while ((size = ::syscall(SYS_getdents64, folder, entries.data(), entries.size())) > 0) {
    for (long at = 0; at < size;) {
      const auto* const entry = reinterpret_cast<const Entry*>(entries.data() + at);
      const char* const name = &entry->name[0];
      if (*name >= '0' && *name <= '9') see(name);
      at += entry->size;
    }
  }
  ::close(folder);
}

pid_t number(const char* text) noexcept {
  pid_t value = -1;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

/// Those that still run: one that has ended and was not waited for does nothing any more.
void find_children(pid_t parent, Found& found) noexcept {
  each_process([&](const char* name) {
    const Stat stat = stat_of(name);
    if (stat.parent == parent && stat.state != 'Z' && stat.state != 'X') found.add(number(name));
  });
}

bool has_children() noexcept {
  siginfo_t ignored{};
  return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void pause_a_little() noexcept {
  const timespec pause{0, round_pause_ns};
  (void)::nanosleep(&pause, nullptr);
}

/// Read by the signal handler: set before the signal can come.
pid_t parent_at_start = -1;

extern "C" void koshin_parent_ended(int /*number*/) {
  if (::getppid() == parent_at_start) return;  // one of its threads has ended, or somebody else sent it
  end_children();
  ::_exit(1);
}

/// SIGKILL, which came with the parent's end until now, would leave behind what this process has started.
void outlive_parent_just_long_enough() noexcept {
  const int number = SIGRTMAX - 2;  // beside the deadline's: modules have no use for it
  int asked_for = 0;
  if (::prctl(PR_GET_PDEATHSIG, &asked_for) != 0 || asked_for == 0) return;
  parent_at_start = ::getppid();
  struct sigaction action {};
  action.sa_handler = koshin_parent_ended;
  sigfillset(&action.sa_mask);
  sigset_t parent_ended;
  sigemptyset(&parent_ended);
  sigaddset(&parent_ended, number);
  if (::sigaction(number, &action, nullptr) != 0) return;
  ::pthread_sigmask(SIG_UNBLOCK, &parent_ended, nullptr);
  (void)::prctl(PR_SET_PDEATHSIG, number);
}

}  // namespace

void adopt_orphans() noexcept {
  (void)::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  outlive_parent_just_long_enough();
}

void end_children() noexcept {
  if (has_children()) end_descendants_of(::getpid());
}

void end_process(int exit_code) noexcept {
  end_children();
  ::_exit(exit_code);
}

void end_descendants_of(int process) noexcept {
  for (int round = 0; round < most_rounds; ++round) {
    Found all;
    find_children(process, all);
    for (std::size_t i = 0; i < all.count; ++i) find_children(all.processes.at(i), all);
    if (all.count == 0) return;
    for (std::size_t i = 0; i < all.count; ++i) (void)::kill(all.processes.at(i), SIGKILL);
    pause_a_little();
  }
}

}  // namespace koshin::process_tree
