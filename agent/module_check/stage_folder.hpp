// SPDX-License-Identifier: MIT
// Where the folders of checks are on this system, and how one is removed that other checks may want at the
// same time.
#pragma once

#include <filesystem>
#include <memory>

#include "foundation/system/file_lock.hpp"

namespace koshin::module_check {

/// The folder that holds one folder for each token, made on first use. The settings in it name a module, so
/// nobody but an administrator can change what is in it. Throws FailureError{journal_unusable}.
std::filesystem::path checks_folder();

/// At once for another check, which may begin while this one removes file after file. `lock`: of a file in
/// the folder; given back when nothing of the folder is left under its name, or where the system does not
/// rename what is open, before that. A folder that another check has taken meanwhile stays.
void remove_folder(const std::filesystem::path& folder, std::unique_ptr<FileLock> lock);

}  // namespace koshin::module_check
