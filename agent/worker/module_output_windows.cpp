// SPDX-License-Identifier: MIT
// The standard handles, and the exceptions of a crash.
#include "worker/module_output.hpp"

#include <windows.h>

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

namespace koshin::worker {
namespace {

// Read while the process crashes: set before a module is loaded.
NativeHandle log_end = no_handle;

/// Allocates nothing: writes ASCII directly to the log.
void write_line(std::string_view line) noexcept {
  constexpr std::size_t longest = module_output::longest_crash_line;
  static constexpr std::string_view start = module_output::crash_line;
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
  module_output::tell_of_crash(write_line);
  return EXCEPTION_CONTINUE_SEARCH;
}

/// An overflowed stack keeps so much for the handler.
void prepare_for_crash() {
  ULONG room = 128UL * 1024;
  ::SetThreadStackGuarantee(&room);
  ::SetUnhandledExceptionFilter(on_crash);
}

}  // namespace

std::size_t module_output::written_so_far(NativeHandle file) noexcept {
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
  lead_nowhere(StandardStream::error);
  // Of the C library that modules share with this program: what they print is written at once, so that it
  // belongs to the call.
  for (FILE* const stream : {stdout, stderr}) (void)std::setvbuf(stream, nullptr, _IONBF, 0);
  prepare_for_crash();
  module_output::watch_module_calls();
}

}  // namespace koshin::worker
