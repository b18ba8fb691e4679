// SPDX-License-Identifier: MIT
// What an installation leaves beside its own files: the computer's settings, and each user's journal and log.
#pragma once

#include <string>

namespace koshin::setup {

/// Removes the settings' folder (C:\ProgramData\koshin) with all that is in it. What cannot be removed stays.
void remove_settings(const std::wstring& folder);

/// Removes the state folder (AppData\Local\koshin) of every user who has a profile here. A folder that is, or
/// is reached through, a link is left alone: users may put links there, and this runs as the system.
void remove_users_state();

}  // namespace koshin::setup
