// SPDX-License-Identifier: MIT
// The files that settings name: whether a job will be able to use them.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::cli {

struct UnusableFile {
  std::string key;  ///< "authority.trust_anchors"
  std::string why;  ///< with the file's name
};

/// Opens each as the jobs do, with this user's rights, and starts nothing. What is in a file is the doctor's
/// to judge.
std::vector<UnusableFile> unusable_files(const Settings& settings);

}  // namespace koshin::cli
