// SPDX-License-Identifier: MIT
// Standard input, output and error of a program that may have been started without them. The system's part is
// in standard_streams_posix.cpp.
#pragma once

namespace koshin {

/// The first thing in every program's main(): open_standard_streams(), and a file that may not grow beyond
/// the limit of this process (ulimit -f) gives an error (EFBIG) to whoever writes it, as a full disk does,
/// instead of a signal that ends the program.
void begin_program() noexcept;

/// Where one of the descriptors 0 to 2 is closed, the next file,
/// pipe or socket that is opened would get its number, and pass for standard input or output from then on.
/// Afterwards input that was closed is at its end, and error that was closed leads nowhere. Output that was
/// closed fails when it is written to, so that what is lost can be noticed. Never fails: a system on which
/// /dev/null cannot be opened leaves nothing to be done.
void open_standard_streams() noexcept;

}  // namespace koshin
