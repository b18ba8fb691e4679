// SPDX-License-Identifier: MIT
// Naming of an unknown command line argument in messages.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// The part of the argument that a message may repeat: an option's name without its value. "…" for anything
/// else, which may be a PIN.
std::string option_name(std::string_view word);

}  // namespace koshin
