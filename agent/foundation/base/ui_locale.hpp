// SPDX-License-Identifier: MIT
// The languages that the person has chosen in the system's own settings.
#pragma once

#include <string>
#include <vector>

namespace koshin {

/// In the form of LANG ("ja_JP"), the preferred one first; empty where the environment's variables are the
/// system's settings.
std::vector<std::string> preferred_ui_locales();

}  // namespace koshin
