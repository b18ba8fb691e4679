// SPDX-License-Identifier: MIT
// Questions to the person at the keyboard. (Secrets: foundation/secrets/secret_input.hpp.) The system's part
// is in terminal_posix.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/interrupt.hpp"

namespace koshin::cli {

bool stdout_is_terminal();
bool stdin_is_terminal();
/// Until there is something to read on standard input, or its end. Throws FailureError{interrupted}.
void wait_for_stdin(const Interrupt& interrupt);

class Terminal {
 public:
  /// Null when standard input is no terminal: then nobody can be asked.
  static std::unique_ptr<Terminal> open();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void show(std::string_view text);
  /// One line, without blanks around it; empty at the end of the input. Throws FailureError{interrupted}.
  std::string ask(std::string_view prompt, const Interrupt& interrupt);

 private:
  explicit Terminal(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace koshin::cli
