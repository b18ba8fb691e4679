// SPDX-License-Identifier: MIT
// The command line of koshin-module-check. Documented in packaging/man/koshin-module-check.1.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"

namespace koshin::module_check {

inline constexpr const char* program_name = "koshin-module-check";

struct CheckArguments {
  /// What koshin's own commands would be given: language, token URI, module, where secrets come from.
  cli::Arguments common;
  std::string module;         ///< absolute path, or "p11-kit:NAME"
  std::string profile;        ///< of token.profile; empty: generic
  std::string key;            ///< of renewal.key for the test keys; empty: what the token makes
  std::string agreed_serial;  ///< --yes-use-token: the token's serial number, in place of a person's answer
  std::string pin_file, so_pin_file;  ///< absolute; empty: none
  bool wrong_pin = false;
  std::string report_file;  ///< --json; empty: none
  bool with_serial = false;
};

/// Parses `words`, without the program's name. Throws FailureError{usage_error} with the problem.
std::variant<CheckArguments, cli::Information> parse_arguments(const std::vector<std::string>& words,
                                                               Language language);

}  // namespace koshin::module_check
