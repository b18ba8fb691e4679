// SPDX-License-Identifier: MIT
// Questions to the user. (Secrets: foundation/secrets/secret_input.hpp.) The operating system's part is in
// terminal_posix.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cli/interrupt.hpp"
#include "foundation/system/handle.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::cli {

bool stdout_is_terminal();
bool stdin_is_terminal();
/// Whether the stream leads to a terminal that follows the codes of colours. On Windows this switches its
/// console over to them (ENABLE_VIRTUAL_TERMINAL_PROCESSING), as programs from elsewhere expect it.
bool takes_colors(StandardStream stream);
/// Whether terminals of this system are named in the environment's TERM.
extern const bool terminals_have_names;
/// Waits for input, or its end, on standard input. Throws FailureError{interrupted}.
void wait_for_stdin(const Interrupt& interrupt);

class Terminal {
 public:
  /// The controlling terminal; null when standard input is no terminal, so that no questions are possible.
  static std::unique_ptr<Terminal> open();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void show(std::string_view text);
  /// Asks for one line and trims it; empty at the end of the input. Throws FailureError{interrupted}.
  std::string ask(std::string_view prompt, const Interrupt& interrupt);

 private:
  explicit Terminal(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
};

}  // namespace koshin::cli
