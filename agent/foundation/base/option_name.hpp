// SPDX-License-Identifier: MIT
// Speaking of a word of a command line that was not understood.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// What may be repeated of it: an option's name, without the value it may hold. "…" for anything that is
/// none: it may be a PIN.
std::string option_name(std::string_view word);

}  // namespace koshin
