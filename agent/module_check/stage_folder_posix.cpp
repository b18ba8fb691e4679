// SPDX-License-Identifier: MIT
// Root's own state folder.
#include "foundation/system/paths.hpp"
#include "module_check/stage_folder.hpp"

namespace koshin::module_check {

namespace fs = std::filesystem;

fs::path checks_folder() {
  return paths::state_directory() / "module-check";
}

void remove_folder(const fs::path& folder, std::unique_ptr<FileLock> lock) {
  std::error_code ignored;
  const fs::path aside = folder.string() + ".removed";
  fs::remove_all(aside, ignored);  // of a check that was killed here
  std::error_code error;
  fs::rename(folder, aside, error);
  fs::remove_all(error ? folder : aside, ignored);
  lock.reset();  // until the folder is gone: the next check makes its own
}

}  // namespace koshin::module_check
