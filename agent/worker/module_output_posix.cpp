// SPDX-License-Identifier: MIT
// Descriptors 1 and 2, and the signals of a crash.
#include "worker/module_output.hpp"

#include <signal.h>  // sigaction is not in <csignal>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "foundation/log/log.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/secrets/redaction.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/descriptor.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "pkcs11/call_watch.hpp"
#include "worker/guard.hpp"

// In builds with a sanitizer its reports are no module's output.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizers' own name
extern "C" __attribute__((weak)) void __sanitizer_set_report_fd(void* descriptor);

namespace koshin::worker {
namespace {

constexpr std::array<int, 5> crashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// What a signal handler reads: set before a module is loaded.
int log_end = STDERR_FILENO;
int kept = -1;
std::array<std::span<const char>, 8> kept_secrets;
std::size_t secret_count = 0;
std::array<char, ModuleOutput::most_bytes> text;

/// Calls `show` with each line that holds no secret. True when there were more than are shown.
template <typename Show>
bool each_line(const Show& show) noexcept {
  std::string_view left = read_bounded_file(kept, text);
  const bool cut = left.size() == text.size();
  LineRedaction redaction({kept_secrets.data(), secret_count});
  bool more = false;
  for (int line = 0; !left.empty(); ++line) {
    more = line == ModuleOutput::most_lines;
    if (more) break;
    const auto end = std::min(left.find('\n'), left.size());
    more = cut && end == left.size();  // in the middle of a line, and perhaps of a secret
    if (more) break;
    const std::string_view content = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    const std::string_view next = left.substr(0, left.find('\n'));
    show(redaction.may_show(content, next) ? content
                                           : std::string_view("(a line with a secret was left out)"));
  }
  wipe(text);
  return more;
}

/// For a signal handler, where nothing may be allocated: ASCII alone, straight to the log's descriptor.
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
  if (kept >= 0) (void)each_line(write_line);
  process_tree::end_children();
  (void)::raise(number);  // by now the system's own action again
}

/// A module that closes 0, 1 or 2 and goes on printing (one that makes a daemon of itself does) must find
/// nothing of ours there: the journal, the lock or the connection to the authority, with the PIN in it.
void call_ended(bool /*with_secret*/) noexcept {
  leave_module();
  open_standard_streams();
}

void call_begins(bool /*with_secret*/) noexcept {
  enter_module();
}

/// On a stack of its own: the one that overflowed has no room.
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
  log_end = keep_own(STDERR_FILENO);
  log::use_descriptor(log_end);
  if (__sanitizer_set_report_fd != nullptr)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): that function takes a descriptor as a pointer
    __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(log_end)));
  lead_nowhere(STDERR_FILENO, Direction::writing);
  prepare_for_crash();
  pkcs11::watch_calls({.begins = call_begins, .ended = call_ended});
}

void ModuleOutput::keep(const std::vector<std::span<const char>>& job_secrets) {
  secret_count = std::min(job_secrets.size(), kept_secrets.size());
  std::copy_n(job_secrets.begin(), secret_count, kept_secrets.begin());
  const int file = make_bounded_file(most_bytes);
  kept = file;
  lead_to(file, STDOUT_FILENO);
  lead_to(file, STDERR_FILENO);
}

void ModuleOutput::tell() noexcept {
  if (kept < 0) return;
  try {
    lead_nowhere(STDOUT_FILENO, Direction::writing);
    lead_nowhere(STDERR_FILENO, Direction::writing);
    const bool more = each_line([](std::string_view line) {
      log::info(log::Event::none, "The token software printed something.", {{"KOSHIN_MODULE_OUTPUT", line}});
    });
    if (more) log::info(log::Event::none, "The token software printed more lines than are kept.");
  } catch (const std::exception&) {  // what a module prints is worth no failure
  }
  ::close(kept);
  kept = -1;
  secret_count = 0;
}

}  // namespace koshin::worker
