// SPDX-License-Identifier: MIT
// What a program leaves of its standard streams when it ends without exit handlers.
#pragma once

namespace koshin {

/// The console speaks the code page again that it spoke before begin_program(). What exit handlers do where
/// they are run; a second time nothing happens.
void leave_console_as_found() noexcept;

}  // namespace koshin
