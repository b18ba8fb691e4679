// SPDX-License-Identifier: MIT
// Descriptors 1 and 2, and the signals of a crash.
#include "worker/module_output.hpp"

#include <signal.h>  // sigaction is not in <csignal>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "foundation/log/log.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "worker/module_output_system.hpp"

// A sanitizer's reports are not a module's output.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizers' own name
extern "C" __attribute__((weak)) void __sanitizer_set_report_fd(void* descriptor);

namespace koshin::worker {
namespace {

constexpr std::array<int, 5> crashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// Read by a signal handler: set before a module is loaded.
int log_end = STDERR_FILENO;

/// Async-signal-safe: writes ASCII directly to the log's descriptor.
void write_line(std::string_view line) noexcept {
  static constexpr std::string_view start = module_output::crash_line;
  std::array<char, module_output::longest_crash_line> plain{};
  const std::size_t size = std::min(line.size(), plain.size());
  std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(size), plain.begin(),
                 [](char c) { return c >= 0x20 && c < 0x7f ? c : '?'; });
  if (!log::fits_log_file(log_end, start.size() + size + 1)) return;
  char newline = '\n';
  const std::array<iovec, 3> parts{
      {{const_cast<char*>(start.data()), start.size()}, {plain.data(), size}, {&newline, 1}}};
  (void)!::writev(log_end, parts.data(), static_cast<int>(parts.size()));
}

extern "C" void koshin_worker_crashed(int number) {
  module_output::tell_of_crash(write_line);
  (void)::raise(number);  // the default action was restored
}

/// Uses a separate stack: an overflowed stack has no space.
void prepare_for_crash() {
#if !defined(KOSHIN_ADDRESS_SANITIZER)
  static std::array<char, 64UL * 1024> stack;
  const stack_t alternative{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  (void)::sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = koshin_worker_crashed;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  sigemptyset(&action.sa_mask);
  for (const int number : crashes) (void)::sigaction(number, &action, nullptr);
#endif
}

}  // namespace

/// Flushes the module's stdio, whose content belongs to the earlier part. A stream that another thread has
/// locked is skipped.
std::size_t module_output::written_so_far(NativeHandle file) noexcept {
  for (FILE* const stream : {stdout, stderr}) {
    if (::ftrylockfile(stream) != 0) continue;
    (void)std::fflush(stream);
    ::funlockfile(stream);
  }
  static std::array<char, ModuleOutput::most_bytes> text;
  const std::size_t size = read_bounded_file(file, text).size();
  wipe(text);
  return size;
}

ModuleOutput::ModuleOutput() {
  process_tree::adopt_orphans();
  static const Handle log = keep_own(StandardStream::error);
  log_end = log.get();
  log::use_handle(log_end);
  if (__sanitizer_set_report_fd != nullptr)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): that function takes a descriptor as a pointer
    __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(log_end)));
  lead_nowhere(StandardStream::error);
  prepare_for_crash();
  module_output::watch_module_calls();
}

}  // namespace koshin::worker
