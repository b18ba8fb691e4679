// SPDX-License-Identifier: MIT
// The parsed command line. Documented in packaging/man/koshin.1.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/colors.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {

enum class Command {
  none,
  inspect,
  status,
  renew,
  enroll,
  prune,
  cancel,
  history,
  doctor,
  config_check,
  config_show,
  browser_add,
  browser_remove,
  support_bundle,
  pin_change,
  pin_set,
  pin_unlock
};
/// The command's name on the command line and in the "command" member of JSON output: "renew", "config
/// check".
std::string_view to_string(Command command);

struct Arguments {
  Command command = Command::none;
  // every command
  std::string settings_file;  ///< absolute; empty: the standard chain
  bool json = false;
  bool quiet = false;
  bool progress = false;  ///< show progress even where the output is no terminal
  Language language = Language::en;
  ColorChoice color = ColorChoice::automatic;
  // which token and certificate
  std::string token_uri, module, certificate;
  std::string bank;  ///< renew, enroll, prune, cancel, doctor, pin: name of a bank in the settings
  // renew, enroll, prune
  bool dry_run = false, if_due = false, force = false, insist_count_low = false, insist_final_try = false,
       yes = false;
  bool also_not_renewed = false, also_encryption = false;
  bool all = false;  ///< renew: all certificates that are due
  bool wait = false;
  bool keep_key = false;        ///< cancel
  bool send_test_mail = false;  ///< doctor
  std::chrono::seconds wait_limit{0};
  std::string user;
  // where secrets come from; the lines on stdin are read in this order
  bool pin_stdin = false, so_pin_stdin = false, passphrase_stdin = false, code_stdin = false,
       puk_stdin = false, new_pin_stdin = false;
  bool pinentry = false;
  std::string pinentry_program;
  std::string output;  ///< support-bundle: the file to write
  // history
  std::size_t limit = 20;
};

/// What --help and --version print.
struct Information {
  std::string text;
};

/// Options needed before parsing, because parsing itself may fail or print help: --language, --json.
struct Preferences {
  Language language = Language::en;
  bool json = false;
};
/// Finds these options without parsing the rest.
Preferences scan_preferences(const std::vector<std::string>& words);

/// Parses `words`, without the program's name. Throws FailureError{usage_error} with the problem.
std::variant<Arguments, Information> parse_arguments(const std::vector<std::string>& words,
                                                     Language language);

}  // namespace koshin::cli
