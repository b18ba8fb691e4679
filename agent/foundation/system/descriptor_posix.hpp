// SPDX-License-Identifier: MIT
// The numbers of file descriptors, which matter on POSIX systems alone.
#pragma once

namespace koshin {

/// For a descriptor that was just opened, or a call's -1: the same, above 2. A loaded library may close 0, 1
/// and 2 at any time and go on writing to them; what this process opens next would get those numbers, and
/// what is written. -1 and errno when there is no other number.
int out_of_reach(int descriptor) noexcept;

}  // namespace koshin
