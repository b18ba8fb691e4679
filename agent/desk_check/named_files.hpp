// SPDX-License-Identifier: MIT
// Check of the files that settings name.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::desk_check {

struct UnusableFile {
  std::string key;  ///< "authority.trust_anchors"
  std::string why;  ///< the error, with the file's name
};

struct NamedFiles {
  std::vector<std::string> opened;  ///< the files that were looked at
  std::vector<UnusableFile> unusable;
};

/// Opens each file as the jobs do, with this user's rights, and executes nothing. The doctor evaluates the
/// contents of files.
NamedFiles look_at_named_files(const Settings& settings);

}  // namespace koshin::desk_check
