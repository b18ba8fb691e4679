// SPDX-License-Identifier: MIT
// The person at the keyboard. The system's part is in terminal_posix.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/interrupt.hpp"
#include "foundation/secure_buffer.hpp"

namespace koshin::cli {

bool stdout_is_terminal();

class Terminal {
 public:
  /// Null when standard input is no terminal: then nobody can be asked.
  static std::unique_ptr<Terminal> open();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void show(std::string_view text);
  /// Without echo; what was typed ahead is thrown away. Empty when the person just pressed Enter or ended the
  /// input. Throws FailureError{interrupted}; {pin_length_invalid} for more than a secret can be.
  SecureBuffer ask_secret(std::string_view prompt, const Interrupt& interrupt);
  /// One line, without blanks around it. Throws FailureError{interrupted}.
  std::string ask(std::string_view prompt, const Interrupt& interrupt);

 private:
  explicit Terminal(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// One line of standard input, byte by byte so that nothing of it stays in a buffer and nothing after it is
/// taken. Echo is off if it is a terminal. Throws FailureError{pin_required} at the end of the input or for
/// an empty line, {pin_length_invalid} for more than a secret can be, {interrupted}.
SecureBuffer read_secret_line(std::string_view what, const Interrupt& interrupt);

}  // namespace koshin::cli
