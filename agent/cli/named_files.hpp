// SPDX-License-Identifier: MIT
// Check of the files that settings name.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::cli {

struct UnusableFile {
  std::string key;  ///< "authority.trust_anchors"
  std::string why;  ///< the error, with the file's name
};

/// Opens each file as the jobs do, with this user's rights, and executes nothing. The doctor evaluates the
/// contents of files.
std::vector<UnusableFile> unusable_files(const Settings& settings);

}  // namespace koshin::cli
