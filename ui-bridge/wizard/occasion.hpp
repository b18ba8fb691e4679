// SPDX-License-Identifier: MIT
// Why the wizard was opened, and what is known of it beforehand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "foundation/failures/failure.hpp"

namespace koshin::ui {

/// Why the agent opened the wizard.
struct Occasion {
  std::string token_uri;           ///< empty: the token that needs attention
  std::string slot;                ///< slot description, which distinguishes two tokens with the same URI
  std::string certificate_sha256;  ///< empty: the one that is due
  std::string reason;              ///< a Decision's name ("due"…) or "settings_invalid"; may be empty
  std::string settings_file;       ///< passed to the worker
  std::string bank;                ///< the page's bank, if there are several; passed to the worker
  std::size_t due = 0;             ///< how many certificates are due; 0: not told
  std::string purpose{};           ///< of the certificate, where it does not log in: "signature"
  bool reissue_asked = false;      ///< a link leads to the field for a re-issue code
  /// Why nothing can be done at all, such as wrong settings: the page says so and looks at no token.
  std::optional<Failure> obstacle{};
};

}  // namespace koshin::ui
