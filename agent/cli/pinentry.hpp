// SPDX-License-Identifier: MIT
// The PIN from a pinentry program (the Assuan protocol of GnuPG). The system's part is in pinentry_posix.cpp.
#pragma once

#include <string>

#include "cli/interrupt.hpp"
#include "foundation/secure_buffer.hpp"

namespace koshin::cli {

struct PinentryDialog {
  std::string program = "pinentry";  ///< path, or a name looked up in PATH
  std::string title, description, prompt, warning;
  bool japanese = false;
};

/// Throws FailureError{pin_cancelled} when the person cancels, {pin_required} when pinentry cannot be used,
/// and {interrupted}.
SecureBuffer ask_pinentry(const PinentryDialog& dialog, const Interrupt& interrupt);

}  // namespace koshin::cli
