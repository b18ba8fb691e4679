// SPDX-License-Identifier: MIT
// Initialises libcurl once for the process, with an allocator that wipes freed memory: libcurl's copies of
// passwords, headers and bodies do not stay in the heap. Internal to this module.
#pragma once

namespace koshin::enrollment {

/// Throws FailureError{internal_error}. Cheap after the first call; safe from any thread.
void start_libcurl();

}  // namespace koshin::enrollment
