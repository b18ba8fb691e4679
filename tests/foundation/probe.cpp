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
#include "foundation/system/event_loop.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/stop_requests.hpp"

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

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(30);
}

/// Says its number and that of what it has started, which would outlive it.
int starts_another() {
  process_tree::adopt_orphans();
  const pid_t started = fork();
  if (started == 0) sleep_for_ever();
  std::cout << getpid() << '\n' << started << std::endl;
  sleep_for_ever();
}

/// Hands on what such a process says, and ends without another word to it.
int parent_of_one_that_starts_another() {
  const auto child = ChildProcess::start("/proc/self/exe", {"starts-another"});
  for (int i = 0; i < 2; ++i) {
    std::string line;
    (void)child->read_line(line, soon());
    std::cout << line << std::endl;
  }
  _exit(0);
}

/// Says what a process sees in the end that outlives its parent, and that no koshin has started.
int outlives_a_stranger() {
  const pid_t parent = fork();
  if (parent == 0) {
    const pid_t stranger = getpid();
    Pipe adopted = Pipe::make();
    if (fork() != 0) {
      adopted.writing.close();
      char ignored = 0;
      (void)!read(adopted.reading.get(), &ignored, 1);
      _exit(0);
    }
    process_tree::adopt_orphans();
    adopted.writing.close();
    while (getppid() == stranger) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // a look at the parent comes in between
    std::cout << "lives" << std::endl;
    _exit(0);
  }
  waitpid(parent, nullptr, 0);
  return 0;
}

/// As a shell starts "one | other": one leads the group of both, and ends all that it has started.
int leads_a_group_with_another() {
  const pid_t one = fork();
  if (one == 0) {
    setpgid(0, 0);
    raise(SIGSTOP);
    process_tree::adopt_orphans();
    process_tree::end_process(7);
  }
  waitpid(one, nullptr, WUNTRACED);
  const pid_t other = fork();
  if (other == 0) sleep_for_ever();
  setpgid(other, one);
  kill(one, SIGCONT);
  waitpid(one, nullptr, 0);
  std::cout << (waitpid(other, nullptr, WNOHANG) == 0 ? "lives" : "was ended") << std::endl;
  kill(other, SIGKILL);
  return 0;
}

/// As koshin-hooks does, started by hand: what its child has left behind is ended, whose number it says.
int ends_what_a_child_left() {
  const pid_t by_hand = fork();
  if (by_hand == 0) {
    process_tree::adopt_orphans();
    const auto child = ChildProcess::start("/bin/sh", {"-c", "sleep 300 >/dev/null & echo $!"});
    std::string line;
    (void)child->read_line(line, soon());
    (void)child->wait_until(soon());
    process_tree::end_children();
    std::cout << line << std::endl;
    _exit(0);
  }
  waitpid(by_hand, nullptr, 0);
  return 0;
}

/// As koshin-hooks does, started by koshin: says the number of its child and waits.
int waits_for_a_child() {
  process_tree::adopt_orphans();
  const auto child = ChildProcess::start("/proc/self/exe", {"sleeper"});
  std::string line;
  (void)child->read_line(line, soon());
  std::cout << child->pid() << std::endl;
  sleep_for_ever();
}

/// Says each request that it takes in its loop, and the third that it waits for.
int hears_requests() {
  const StopRequests requests;
  const auto say = [](StopRequests::Request request) {
    std::cout << (request == StopRequests::Request::reload ? "reload" : "end") << std::endl;
  };
  EventLoop loop;
  EventLoop::Watch watch = loop.on(requests.handle(), [&] {
    while (const auto request = requests.take()) say(*request);
  });
  std::cout << (requests.take() ? "some" : "none") << std::endl;
  for (int i = 0; i < 2; ++i) loop.run_once();
  watch.end();
  say(requests.wait());
  return 0;
}

/// As after nohup.
int hears_ignored_requests() {
  signal(SIGHUP, SIG_IGN);
  return hears_requests();
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
    {"starts-another", starts_another},
    {"parent-of-one-that-starts-another", parent_of_one_that_starts_another},
    {"outlives-a-stranger", outlives_a_stranger},
    {"leads-a-group-with-another", leads_a_group_with_another},
    {"ends-what-a-child-left", ends_what_a_child_left},
    {"waits-for-a-child", waits_for_a_child},
    {"hears-requests", hears_requests},
    {"hears-ignored-requests", hears_ignored_requests},
    {"prompt", prompt},
    {"prompt-surviving-signals", prompt_surviving_signals},
    {"prompt-stopped", prompt_stopped},
};

}  // namespace

int main(int argc, char** argv) {
  const auto thing = argc == 2 ? things.find(argv[1]) : things.end();
  return thing == things.end() ? 99 : thing->second();
}
