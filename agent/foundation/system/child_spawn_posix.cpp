// SPDX-License-Identifier: MIT
// Starting a program with pipes. fork and exec rather than posix_spawn, which has no place for
// end_with_parent(); between the two only async-signal-safe calls are made, so threads of the parent do no
// harm.
#include "foundation/system/child_spawn_posix.hpp"

#include <fcntl.h>
#include <signal.h>  // sigset_t and NSIG, of which <csignal> has no more than the first
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/process_calls_posix.hpp"
#include "foundation/system/process_end_posix.hpp"

extern char** environ;  // POSIX has it in no header

namespace koshin {
namespace {

[[noreturn]] void cannot_start(const std::filesystem::path& program, int error) {
  fail(Reason::worker_failed,
       "cannot start " + program.string() + ": " + std::generic_category().message(error));
}

Pipe make_pipe(const std::filesystem::path& program) {
  try {
    return Pipe::make();
  } catch (const std::system_error& error) {
    cannot_start(program, error.code().value());
  }
}

Handle make_error_file(const std::filesystem::path& program) {
  try {
    return make_bounded_file(ChildProcess::max_errors);
  } catch (const std::system_error& error) {
    cannot_start(program, error.code().value());
  }
}

/// What the child needs to know; prepared before fork, because nothing may be allocated after it.
struct Plan {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const char* folder;  ///< null: the parent's
  int stdin_end, stdout_end, report_end;
  int errors;  ///< -1: stderr is the parent's
  bool own_group;
  pid_t parent;
  char* start_mark;  ///< null: there is none
};

[[noreturn]] void report_and_exit(int report_end) {
  const int error = errno;
  (void)!write(report_end, &error, sizeof error);
  _exit(127);
}

/// Runs in the child.
[[noreturn]] void become(const void* prepared) {
  const Plan& plan = *static_cast<const Plan*>(prepared);
  // Signals as a fresh program expects them: the parent may ignore SIGPIPE and block what it waits for.
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);

  if (plan.own_group) setpgid(0, 0);
  end_with_parent(plan.parent);
  if (plan.start_mark != nullptr) complete_start_mark(plan.start_mark, plan.parent);
  if (dup2(plan.stdin_end, STDIN_FILENO) < 0 || dup2(plan.stdout_end, STDOUT_FILENO) < 0)
    report_and_exit(plan.report_end);
  if (plan.folder != nullptr && chdir(plan.folder) != 0) report_and_exit(plan.report_end);
  if (plan.errors >= 0 && dup2(plan.errors, STDERR_FILENO) < 0) report_and_exit(plan.report_end);
  close_the_rest_on_exec();  // whatever vendor libraries left open in the parent
  execve(plan.program, plan.arguments, plan.environment);
  report_and_exit(plan.report_end);
}

/// errno of a failed exec; 0 when the pipe was closed by a successful one.
int exec_error(int report_end) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(report_end, &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof error) ? error : 0;
}

/// It has ended or is about to.
void reap(pid_t child) {
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// This process's environment with `mark` in place of the one that it has itself.
std::vector<std::string> environment_with(const std::string& mark) {
  const auto name = std::string_view(mark).substr(0, mark.find('=') + 1);
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with(name)) variables.emplace_back(*variable);
  }
  return variables;
}

/// The pointers that exec wants, to texts that stay where they are.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

SpawnedChild spawn_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const ChildOptions& options) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::vector<char*> argv = pointers_to(words);
  std::string mark = start_mark();
  std::vector<std::string> variables;
  if (options.environment)
    variables = *options.environment;
  else if (!mark.empty())
    variables = environment_with(mark);
  std::vector<char*> envp = pointers_to(variables);
  if (!mark.empty()) envp.insert(envp.begin(), mark.data());
  const bool own_environment = options.environment || !mark.empty();

  Pipe in = make_pipe(program);
  Pipe out = make_pipe(program);
  Pipe report = make_pipe(program);
  SpawnedChild child;
  if (options.keep_errors) child.errors = make_error_file(program);
  const Plan plan{.program = argv.front(),
                  .arguments = argv.data(),
                  .environment = own_environment ? envp.data() : environ,
                  .folder = options.working_directory.empty() ? nullptr : options.working_directory.c_str(),
                  .stdin_end = in.reading.get(),
                  .stdout_end = out.writing.get(),
                  .report_end = report.writing.get(),
                  .errors = options.errors_with_output ? out.writing.get() : child.errors.get(),
                  .own_group = options.own_group && !keeps_children_in_group(),
                  .parent = getpid(),
                  .start_mark = mark.empty() ? nullptr : mark.data()};
  {
    const BlockedSignals meanwhile;
    child.pid = start_process(become, &plan);
  }
  if (child.pid < 0) cannot_start(program, errno);
  report.writing.close();
  if (const int error = exec_error(report.reading.get()); error != 0) {
    reap(child.pid);
    cannot_start(program, error);
  }
  try {
    child.end = watch_process_end(child.pid);
  } catch (const std::system_error& error) {
    ::kill(child.pid, SIGKILL);
    reap(child.pid);
    cannot_start(program, error.code().value());
  }
  child.to_child = std::move(in.writing);
  child.from_child = std::move(out.reading);
  fcntl(child.to_child.get(), F_SETFL, O_NONBLOCK);
  fcntl(child.from_child.get(), F_SETFL, O_NONBLOCK);
  return child;
}

}  // namespace koshin
