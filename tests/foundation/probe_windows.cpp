// SPDX-License-Identifier: MIT
// A program that shows what a process of its own sees. usage: foundation_probe WHAT [ARGUMENT]...
#include <windows.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>

#include "foundation/base/path_text.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/stop_requests.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace {

using namespace koshin;  // NOLINT(google-build-using-namespace): a program of one page

int echo() {
  for (std::string line; std::getline(std::cin, line);) std::cout << line << '\n' << std::flush;
  return 7;
}

int arguments(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) std::cout << argv[i] << '\n';
  return 0;
}

int wait_for_request() {
  const StopRequests requests;
  std::cout << "waiting\n" << std::flush;
  (void)requests.wait();
  std::cout << "asked to end\n" << std::flush;
  return 3;
}

int hold_lock(const std::string& file) {
  const auto lock = FileLock::acquire(path_of(file));
  std::cout << (std::holds_alternative<std::unique_ptr<FileLock>>(lock) ? "locked\n" : "busy\n")
            << std::flush;
  std::string line;
  std::getline(std::cin, line);
  return 0;
}

/// Leaves a process behind that holds this one's standard output.
int leave_child() {
  process_tree::adopt_orphans();
  std::wstring line = paths::self().native();
  line = L'"' + line + L"\" sleep";
  STARTUPINFOW start{};
  start.cb = sizeof start;
  PROCESS_INFORMATION child{};
  if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &child) ==
      0)
    return 1;
  std::cout << child.dwProcessId << '\n' << std::flush;
  return 0;
}

/// These variables, and the folder that it is in.
int surroundings(int count, char** names) {
  for (int i = 0; i < count; ++i) {
    const wchar_t* const value = ::_wgetenv(wide(names[i]).c_str());
    std::cout << (value == nullptr ? "no " : "") << names[i];
    if (value != nullptr) std::cout << '=' << narrow(value);
    std::cout << '\n';
  }
  std::cout << std::filesystem::current_path().string() << '\n' << std::flush;
  return 0;
}

/// How many MiB it gets, up to five GiB; none of it is touched.
int eat() {
  constexpr std::size_t bite = std::size_t{64} << 20U, most = std::size_t{5} << 30U;
  std::size_t eaten = 0;
  while (eaten < most && ::VirtualAlloc(nullptr, bite, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != nullptr)
    eaten += bite;
  std::cout << (eaten >> 20U) << '\n' << std::flush;
  return 0;
}

/// How many children it gets, up to 80.
int breed() {
  int children = 0;
  for (; children < 80; ++children) {
    std::wstring line = L'"' + paths::self().native() + L"\" sleep";
    STARTUPINFOW start{};
    start.cb = sizeof start;
    PROCESS_INFORMATION child{};
    if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start,
                         &child) == 0)
      break;
    ::CloseHandle(child.hThread);
    ::CloseHandle(child.hProcess);
  }
  std::cout << children << '\n' << std::flush;
  return 0;
}

/// What the system says of this process's restrictions once they were asked for: a line for each.
int policies() {
  hardening::protect_process();
  const auto ask = [](PROCESS_MITIGATION_POLICY which) {
    DWORD flags = 0;
    return ::GetProcessMitigationPolicy(::GetCurrentProcess(), which, &flags, sizeof flags) == 0 ? 0 : flags;
  };
  std::cout << ask(ProcessExtensionPointDisablePolicy) << '\n'
            << ask(ProcessImageLoadPolicy) << '\n'
            << ask(ProcessASLRPolicy) << '\n'
            << std::flush;
  return 0;
}

int deadline() {
  hardening::protect_process();
  hardening::set_deadline(std::chrono::seconds{1}, "\nlast words\n");
  ::Sleep(INFINITE);
  return 0;
}

int run(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const std::string argument = argc > 2 ? argv[2] : "";
  if (what == "echo") return echo();
  if (what == "arguments") return arguments(argc, argv);
  if (what == "surroundings") return surroundings(argc - 2, argv + 2);
  if (what == "wait") return wait_for_request();
  if (what == "lock") return hold_lock(argument);
  if (what == "leave") return leave_child();
  if (what == "deadline") return deadline();
  if (what == "eat") return eat();
  if (what == "breed") return breed();
  if (what == "policies") return policies();
  if (what == "sleep") ::Sleep(60000);
  if (what == "crash") *static_cast<volatile int*>(nullptr) = 1;  // cppcheck-suppress nullPointer
  if (what == "errors") std::cerr << std::string(10000, 'e') << std::flush;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  begin_program();
  return run(argc, argv);
}
