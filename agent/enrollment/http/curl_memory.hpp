// SPDX-License-Identifier: MIT
// libcurl, started once for the process with an allocator that wipes whatever is given back: its copies of
// passwords, headers and bodies do not stay behind in the heap. Internal to this module.
#pragma once

namespace koshin::enrollment {

/// Throws FailureError{internal_error}. Cheap after the first call; safe from any thread.
void start_libcurl();

}  // namespace koshin::enrollment
