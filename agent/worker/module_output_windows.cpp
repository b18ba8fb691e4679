// SPDX-License-Identifier: MIT
// The standard handles, and the exceptions of a crash.
#include "worker/module_output.hpp"

#include <windows.h>

#include <algorithm>
#include <array>
#include <charconv>
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

namespace koshin::worker {
namespace {

// Read while the process crashes: set before a module is loaded.
NativeHandle log_end = no_handle;
Handle kept;
std::array<char, ModuleOutput::most_bytes> text;
KeptOutput shown;

std::size_t written_so_far() noexcept {
  const std::size_t size = read_bounded_file(kept.get(), text).size();
  wipe(text);
  return size;
}

/// True when more lines were kept than are shown.
template <typename Show>
bool each_line(const Show& show) noexcept {
  const std::string_view all = read_bounded_file(kept.get(), text);
  const bool more = shown.each_line(all, all.size() == text.size(), show);
  wipe(text);
  return more;
}

/// Allocates nothing: writes ASCII directly to the log.
void write_line(std::string_view line) noexcept {
  constexpr std::size_t longest = 1000;
  static constexpr std::string_view start = "koshin-worker: before it crashed, the module printed: ";
  std::array<char, start.size() + longest + 1> plain{};
  char* end = std::copy(start.begin(), start.end(), plain.begin());
  end =
      std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(std::min(line.size(), longest)),
                     end, [](char c) { return c >= 0x20 && c < 0x7f ? c : '?'; });
  *end++ = '\n';
  const auto size = static_cast<DWORD>(end - plain.data());
  DWORD written = 0;
  if (log::fits_log_file(log_end, size)) ::WriteFile(log_end, plain.data(), size, &written, nullptr);
}

/// The process ends with the exception's number as its exit code afterwards.
LONG WINAPI on_crash(EXCEPTION_POINTERS* /*what*/) {
  if (kept) (void)each_line(write_line);
  process_tree::end_children();
  return EXCEPTION_CONTINUE_SEARCH;
}

void call_ended(bool with_secret) noexcept {
  leave_module();
  open_standard_streams();
  if (with_secret && shown.in_stretch()) shown.end_stretch(written_so_far());
}

void call_begins(bool with_secret) noexcept {
  if (with_secret && kept) shown.begin_stretch(written_so_far());
  enter_module();
}

/// An overflowed stack keeps so much for the handler.
void prepare_for_crash() {
  ULONG room = 128UL * 1024;
  ::SetThreadStackGuarantee(&room);
  ::SetUnhandledExceptionFilter(on_crash);
}

}  // namespace

ModuleOutput::ModuleOutput() {
  process_tree::adopt_orphans();
  static const Handle log = keep_own(StandardStream::error);
  log_end = log.get();
  log::use_handle(log_end);
  lead_nowhere(StandardStream::error);
  // Of the C library that modules share with this program: what they print is written at once, so that it
  // belongs to the call.
  for (FILE* const stream : {stdout, stderr}) (void)std::setvbuf(stream, nullptr, _IONBF, 0);
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
