// SPDX-License-Identifier: MIT
// For whoever has nothing to do for a user without state: asking makes nothing.
#pragma once

namespace koshin::paths {

/// Whether state_directory() was made before. Makes no folder. Throws FailureError{journal_unusable} where
/// the user has no home.
bool has_state_directory();

}  // namespace koshin::paths
