// SPDX-License-Identifier: MIT
// Running programs of an installation: ended before their files are replaced, started again after.
#pragma once

#include <cstddef>
#include <string>

namespace koshin::setup {

/// Ends every process whose program lies in that folder, in all sessions: the agents at once, so that nothing
/// new is started; a worker has a minute to end by itself, since the next one would have to go on with what
/// it does. Returns how many were ended or have ended.
std::size_t stop_programs_below(const std::wstring& folder);

/// Starts the program in each session in which somebody is logged in, as that person. Returns in how many.
/// Nothing when the program is not there. A session whose agent runs already has one more for a moment, which
/// sees the other and ends.
std::size_t start_in_sessions(const std::wstring& program);

}  // namespace koshin::setup
