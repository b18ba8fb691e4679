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
#include <string>
#include <string_view>

#include "foundation/log/log.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "pkcs11/call_watch.hpp"
#include "worker/guard.hpp"
#include "worker/kept_output.hpp"

// A sanitizer's reports are not a module's output.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizers' own name
extern "C" __attribute__((weak)) void __sanitizer_set_report_fd(void* descriptor);

namespace koshin::worker {
namespace {

constexpr std::array<int, 5> crashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// Read by a signal handler: set before a module is loaded.
int log_end = STDERR_FILENO;
Handle kept;
std::array<char, ModuleOutput::most_bytes> text;
KeptOutput shown;

/// Flushes the module's stdio, whose content belongs to the earlier part. A stream that another thread has
/// locked is skipped.
std::size_t written_so_far() noexcept {
  for (FILE* const stream : {stdout, stderr}) {
    if (::ftrylockfile(stream) != 0) continue;
    (void)std::fflush(stream);
    ::funlockfile(stream);
  }
  return static_cast<std::size_t>(std::max<off_t>(::lseek(kept.get(), 0, SEEK_CUR), 0));
}

/// Calls `show` with each kept line that may be shown. True when more lines were kept than are shown.
template <typename Show>
bool each_line(const Show& show) noexcept {
  const std::string_view all = read_bounded_file(kept.get(), text);
  const bool more = shown.each_line(all, all.size() == text.size(), show);
  wipe(text);
  return more;
}

/// Async-signal-safe: writes ASCII directly to the log's descriptor.
void write_line(std::string_view line) noexcept {
  constexpr std::size_t longest = 1000;
  std::array<char, longest> plain{};
  const std::size_t size = std::min(line.size(), longest);
  std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(size), plain.begin(),
                 [](char c) { return c >= 0x20 && c < 0x7f ? c : '?'; });
  static constexpr std::string_view start = "koshin-worker: before it crashed, the module printed: ";
  if (!log::fits_log_file(log_end, start.size() + size + 1)) return;
  char newline = '\n';
  const std::array<iovec, 3> parts{
      {{const_cast<char*>(start.data()), start.size()}, {plain.data(), size}, {&newline, 1}}};
  (void)!::writev(log_end, parts.data(), static_cast<int>(parts.size()));
}

extern "C" void koshin_worker_crashed(int number) {
  if (kept) (void)each_line(write_line);
  process_tree::end_children();
  (void)::raise(number);  // the default action was restored
}

/// A module that closes 0, 1 or 2 and continues printing (as one that daemonizes does) must not write to
/// journal, lock or the authority's connection, with the PIN in its output.
void call_ended(bool with_secret) noexcept {
  leave_module();
  open_standard_streams();
  if (with_secret && shown.in_stretch()) shown.end_stretch(written_so_far());
}

void call_begins(bool with_secret) noexcept {
  if (with_secret && kept) shown.begin_stretch(written_so_far());
  enter_module();
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
  pkcs11::watch_calls({.begins = call_begins, .ended = call_ended});
}

void ModuleOutput::keep(const std::vector<std::span<const char>>& job_secrets) {
  shown.know(job_secrets);
  kept = make_bounded_file(most_bytes);
  lead_to(kept.get(), StandardStream::output);
  lead_to(kept.get(), StandardStream::error);
}

void ModuleOutput::tell() noexcept {
  if (!kept) return;
  try {
    lead_nowhere(StandardStream::output);
    lead_nowhere(StandardStream::error);
    const bool more = each_line([](std::string_view line) {
      log::info(log::Event::none, "The token software printed something.", {{"KOSHIN_MODULE_OUTPUT", line}});
    });
    if (more) log::info(log::Event::none, "The token software printed more lines than are kept.");
  } catch (const std::exception&) {  // output of a module is no reason for a failure
  }
  kept.close();
  shown.forget();
}

}  // namespace koshin::worker
