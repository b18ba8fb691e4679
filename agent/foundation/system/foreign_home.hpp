// SPDX-License-Identifier: MIT
// What root makes in the home of a user (by sudo -E, say) that user could not use.
#pragma once

#include <filesystem>
#include <string>

namespace koshin::paths {

/// Why root must make nothing at `path`, which need not be there: it is in the home of another user, by the
/// accounts of this computer or because that user has called sudo. Empty where nothing is against it, as for
/// anybody else than root, and for a folder that only belongs to another number: a volume mounted into a
/// container. Always empty on Windows, where what an administrator makes stays the user's to read.
std::string why_not_as_root(const std::filesystem::path& path);

}  // namespace koshin::paths
