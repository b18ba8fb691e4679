// SPDX-License-Identifier: MIT
// The pause between two links: a web page could otherwise open tabs without end.
#pragma once

namespace koshin::ui {

/// Whether a link may be followed now: not within five seconds of this user's last one. The time of the last
/// one is kept below the runtime folder; where it cannot be kept, with a log entry, every link may be
/// followed.
bool admit_link();

}  // namespace koshin::ui
