// SPDX-License-Identifier: MIT
// What the fault module was told to do: a text file of "key=value" lines, written by the sweep and read by
// the module.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace koshin::faults {

enum class Action { none, kill, error, hang, remove };

struct Plan {
  std::filesystem::path module;   ///< the real one
  std::filesystem::path log;      ///< a line per call is appended
  std::filesystem::path removed;  ///< while this file exists the token is not there
  std::string function;           ///< only calls of this function count; empty: all
  unsigned at = 0;                ///< number of the call, from 1; 0: never
  bool after = false;             ///< once the real module has done it, or instead of that
  bool from_then_on = false;      ///< every later call too
  Action action = Action::none;
  unsigned long rv = 0;  ///< what Action::error answers
  unsigned long within_us =
      0;  ///< Action::kill: so long after the call began, at the latest when it has ended
  unsigned long token_flags = 0;             ///< added to CK_TOKEN_INFO.flags
  unsigned long token_flags_off = 0;         ///< taken from them
  std::optional<unsigned long> free_memory;  ///< CK_TOKEN_INFO.ulFree…Memory, bytes; empty: as it is
  unsigned long pin_max = 0;                 ///< CK_TOKEN_INFO.ulMaxPinLen; 0: as it is
  bool alike = false;                        ///< all tokens have one label and one serial number
  std::string serial = "twin";               ///< which, when they are alike
  std::string keypad_new_pin;                ///< and the new PIN when C_SetPIN comes without PINs
  /// While this file does not exist the token wants its PIN changed (CKF_USER_PIN_TO_BE_CHANGED); made once
  /// C_SetPIN has set one. Empty: the token never wants that.
  std::filesystem::path to_be_changed_until;
  std::string keypad_pin;   ///< what a person types on the reader when C_Login comes without a PIN
  bool only_pkcs1 = false;  ///< of RSA, the mechanism CKM_RSA_PKCS is all there is to sign with
  bool strict = false;  ///< of templates, those alone are taken that say no more than the module cannot know
  bool imported_keys = false;  ///< CKA_LOCAL is false, as of keys that were not made on the token
};

/// The file that the environment variable KOSHIN_FAULT_PLAN names.
inline constexpr const char* plan_variable = "KOSHIN_FAULT_PLAN";

void save(const Plan& plan, const std::filesystem::path& file);
/// Whether the token wants its PIN changed; a PIN that was set ends that.
bool wants_pin_changed(const Plan& plan);
void pin_was_set(const Plan& plan);
/// Throws std::runtime_error for a file that is not there or not one of save()'s.
Plan load_plan(const std::filesystem::path& file);

}  // namespace koshin::faults
