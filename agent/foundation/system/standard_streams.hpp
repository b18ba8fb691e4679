// SPDX-License-Identifier: MIT
// Standard input, output and error of a program that may have been started without them. The system's part is
// in standard_streams_posix.cpp.
#pragma once

namespace koshin {

/// The first thing in every program's main(). Where one of the descriptors 0 to 2 is closed, the next file,
/// pipe or socket that is opened would get its number, and pass for standard input or output from then on.
/// Afterwards input that was closed is at its end, and error that was closed leads nowhere. Output that was
/// closed fails when it is written to, so that what is lost can be noticed. Never fails: a system on which
/// /dev/null cannot be opened leaves nothing to be done.
void open_standard_streams() noexcept;

}  // namespace koshin
