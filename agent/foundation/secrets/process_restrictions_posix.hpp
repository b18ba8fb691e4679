// SPDX-License-Identifier: MIT
// The part of protect_process() for which POSIX has no words.
#pragma once

namespace koshin::hardening {

/// Other processes of the user may not trace this one, nor read its memory, and nothing that it starts gets
/// more privileges than it has. Throws FailureError{internal_error} when the system refuses.
void restrict_process();

}  // namespace koshin::hardening
