// SPDX-License-Identifier: MIT
// Does one thing in a process of its own and says on stdout what it saw. argv[1] names the thing.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "foundation/secrets/process_hardening.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/process_tree.hpp"

namespace {

using namespace koshin;  // NOLINT(google-build-using-namespace): a program of one page

[[noreturn]] void sleep_for_ever() {
  while (true) pause();
}

int hardening() {
  hardening::protect_process();
  rlimit core{};
  getrlimit(RLIMIT_CORE, &core);
  const mode_t mask = umask(0);
  std::cout << "dumpable " << prctl(PR_GET_DUMPABLE) << "\nno_new_privileges "
            << prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) << "\ncore " << core.rlim_cur << ' ' << core.rlim_max
            << "\numask " << mask << '\n';
  return 0;
}

/// What a signal handler must survive: the main thread is busy, and another one holds the stream's lock.
int deadline() {
  hardening::set_deadline(std::chrono::seconds(1), "\n{\"last\":\"words\"}\n");
  std::cout << "started\nhalf a li" << std::flush;
  volatile unsigned long spin = 0;
  while (true) spin = spin + 1;
}

int deadline_taken_away() {
  hardening::set_deadline(std::chrono::seconds(1), "ended");
  hardening::set_deadline(std::chrono::seconds(0), nullptr);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  raise(SIGRTMAX - 1);  // somebody else's use of the signal ends nothing either
  std::cout << "still here\n";
  return 0;
}

/// Exit code 0 when a process of the same user could attach to this one.
int try_to_trace(pid_t target) {
  const pid_t tracer = fork();
  if (tracer == 0) {
    if (ptrace(PTRACE_ATTACH, target, nullptr, nullptr) != 0) _exit(1);
    waitpid(target, nullptr, __WALL);
    ptrace(PTRACE_DETACH, target, nullptr, nullptr);
    _exit(0);
  }
  int status = 0;
  while (waitpid(tracer, &status, 0) < 0) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// As an ordinary user, since root may trace everybody.
int tracing() {
  if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 1;
  prctl(PR_SET_DUMPABLE, 1);
  prctl(PR_SET_PTRACER, -1L);  // Yama's own restriction would hide what is looked for here
  std::cout << "before " << try_to_trace(getpid()) << '\n';
  hardening::protect_process();
  std::cout << "after " << try_to_trace(getpid()) << '\n';
  return 0;
}

int descriptors() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink(entry, error);
    if (!error && target.string().find("/fd") == std::string::npos)
      std::cout << "fd " << entry.path().filename().string() << '\n';
  }
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk") || line.starts_with("SigIgn")) std::cout << line << '\n';
  }
  std::cout << "group " << (getpgrp() == getpid() ? "own" : "parent's") << '\n';
  return 0;
}

int sleeper() {
  std::cout << "ready" << std::endl;
  sleep_for_ever();
}

/// Starts a child, says its number, and is killed.
int parent_that_dies() {
  const auto child = ChildProcess::start("/proc/self/exe", {"sleeper"});
  std::string line;
  (void)child->read_line(line, std::chrono::steady_clock::now() + std::chrono::seconds(30));
  std::cout << child->pid() << std::endl;
  raise(SIGKILL);
  return 1;
}

/// Starts a process that stays in its group, says its number, and ends.
int ends_what_it_started() {
  const pid_t child = fork();
  if (child == 0) sleep_for_ever();
  std::cout << child << std::endl;
  process_tree::end_process(7);
}

/// A process that looks for its parent, whose number it says, and what it has started beside it.
int looks_for_its_parent() {
  const pid_t parent = fork();
  if (parent == 0) {
    if (fork() != 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      _exit(0);
    }
    setpgid(0, 0);
    process_tree::adopt_orphans();
    const pid_t started = fork();
    if (started == 0) sleep_for_ever();
    std::cout << getpid() << '\n' << started << std::endl;
    sleep_for_ever();
  }
  waitpid(parent, nullptr, 0);
  return 0;
}

int prompt() {
  try {
    const SecureBuffer secret = prompt_secret("PIN\x1b[31m: ");
    std::cout << "got " << secret.size() << " beginning with " << secret.view().front() << std::endl;
  } catch (const FailureError& error) {
    std::cout << "failed " << error.what() << std::endl;
  }
  return 0;
}

extern "C" void survive(int /*signal*/) {}
int prompt_surviving_signals() {
  signal(SIGINT, survive);
  return prompt();
}

/// SIGUSR1 is waited for by a thread of its own, as programs do that turn signals into stop requests.
int prompt_stopped() {
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, nullptr);
  std::stop_source source;
  std::thread stopper([&] {
    int number = 0;
    sigwait(&usr1, &number);
    source.request_stop();
  });
  try {
    prompt_secret("PIN: ", source.get_token());
  } catch (const FailureError& error) {
    std::cout << "failed " << info(error.failure().reason).id << std::endl;
  }
  stopper.join();
  return 0;
}

const std::map<std::string_view, int (*)()> things{
    {"hardening", hardening},
    {"deadline", deadline},
    {"deadline-taken-away", deadline_taken_away},
    {"tracing", tracing},
    {"descriptors", descriptors},
    {"sleeper", sleeper},
    {"parent-that-dies", parent_that_dies},
    {"ends-what-it-started", ends_what_it_started},
    {"looks-for-its-parent", looks_for_its_parent},
    {"prompt", prompt},
    {"prompt-surviving-signals", prompt_surviving_signals},
    {"prompt-stopped", prompt_stopped},
};

}  // namespace

int main(int argc, char** argv) {
  const auto thing = argc == 2 ? things.find(argv[1]) : things.end();
  return thing == things.end() ? 99 : thing->second();
}
