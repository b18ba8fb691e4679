// SPDX-License-Identifier: MIT
// Standard input, output and error: of a program that may have been started without them, and out of the
// reach of what it loads. The system's part is in standard_streams_posix.cpp.
#pragma once

#include "foundation/system/handle.hpp"

namespace koshin {

enum class StandardStream { input, output, error };
NativeHandle standard_handle(StandardStream stream) noexcept;

/// The first thing in every program's main(): open_standard_streams(), and a file that may not grow beyond
/// the limit of this process gives an error to whoever writes it, as a full disk does, instead of ending the
/// program.
void begin_program() noexcept;
/// From here on, writing to a pipe whose reader has gone away is an error, and does not end this program in
/// the middle of its work.
void outlive_readers() noexcept;

/// Where one of them is closed, the next file, pipe or socket that is opened could pass for it. Afterwards
/// input that was closed is at its end, and error that was closed leads nowhere. Output that was closed fails
/// when it is written to, so that what is lost can be noticed. Never fails: nothing is to be done where the
/// system has nothing that leads nowhere.
void open_standard_streams() noexcept;

/// A handle of this process's own for what the stream leads to, not inherited by children. Throws
/// std::system_error.
Handle keep_own(StandardStream stream);
/// Makes the stream lead to what `target` leads to; children inherit it. Throws std::system_error.
void lead_to(NativeHandle target, StandardStream stream);
/// Whether the stream is a socket, as the systemd journal's is for the programs of a unit. Never on Windows.
bool leads_to_socket(StandardStream stream) noexcept;
/// What a loaded library reads from the stream or writes to it is nobody's. Throws std::system_error.
void lead_nowhere(StandardStream stream);

}  // namespace koshin
