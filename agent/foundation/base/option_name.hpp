// SPDX-License-Identifier: MIT
// Options of a command line: how an unknown one is named in messages, and values that must not be empty.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// The part of the argument that a message may repeat: an option's name without its value. "…" for anything
/// else, which may be a PIN.
std::string option_name(std::string_view word);

/// What is said of an option whose value is empty, as `--settings "$FILE"` is in a script without FILE. It
/// must not count as an option that is not given.
inline constexpr std::string_view value_is_missing = "the value is missing";
/// A check of CLI11's: why the value is not taken; empty for one that is.
std::string refuse_empty_value(const std::string& value);

}  // namespace koshin
