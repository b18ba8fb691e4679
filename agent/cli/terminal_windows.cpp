// SPDX-License-Identifier: MIT
// Questions on the console.
#include <windows.h>

#include <array>

#include "cli/terminal.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::cli {
namespace {

bool is_console(StandardStream stream) {
  DWORD mode = 0;
  return ::GetConsoleMode(standard_handle(stream), &mode) != 0;
}

Handle open_console(const wchar_t* name) {
  HANDLE const opened = ::CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                      nullptr, OPEN_EXISTING, 0, nullptr);
  return opened == INVALID_HANDLE_VALUE ? Handle() : Handle(opened);
}

void wait_readable(NativeHandle input, const Interrupt& interrupt) {
  constexpr std::chrono::milliseconds how_often_interrupt_is_asked{100};
  do interrupt.check();
  while (!wait_until_readable(input, how_often_interrupt_is_asked));
  interrupt.check();
}

}  // namespace

bool stdout_is_terminal() {
  return is_console(StandardStream::output);
}

bool stdin_is_terminal() {
  return is_console(StandardStream::input);
}

bool takes_colors(StandardStream stream) {
  const auto console = standard_handle(stream);
  DWORD mode = 0;
  if (::GetConsoleMode(console, &mode) == 0) return false;
  if ((mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0) return true;
  return ::SetConsoleMode(console, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

const bool terminals_have_names = false;

void wait_for_stdin(const Interrupt& interrupt) {
  wait_readable(standard_handle(StandardStream::input), interrupt);
}

std::unique_ptr<Terminal> Terminal::open() {
  if (!stdin_is_terminal()) return nullptr;
  Handle terminal = open_console(L"CONIN$");
  if (!terminal) return nullptr;
  return std::unique_ptr<Terminal>(new Terminal(std::move(terminal)));
}

void Terminal::show(std::string_view text) {
  const Handle output = open_console(L"CONOUT$");
  const std::wstring shown = wide(text);
  DWORD written = 0;
  ::WriteConsoleW(output.get(), shown.data(), static_cast<DWORD>(shown.size()), &written, nullptr);
}

std::string Terminal::ask(std::string_view prompt, const Interrupt& interrupt) {
  show(prompt);
  wait_readable(handle_.get(), interrupt);
  std::array<wchar_t, 1000> line{};
  DWORD count = 0;
  // The console edits the line and ends it with the return key; Ctrl-C ends it without a character.
  if (::ReadConsoleW(handle_.get(), line.data(), static_cast<DWORD>(line.size()), &count, nullptr) == 0)
    count = 0;
  interrupt.check();
  return std::string(trimmed(narrow({line.data(), count})));
}

}  // namespace koshin::cli
