// SPDX-License-Identifier: MIT
// Opening an address as a double click does.
#pragma once

#include <string>

namespace koshin::ui {

/// Hands a file:// or http:// address to the program that the person has chosen for it, by the desktop's
/// process, else by this one. False when neither takes it. May take as long as the desktop does: call it in a
/// thread of its own.
bool open_by_shell(const std::string& address);

}  // namespace koshin::ui
