// SPDX-License-Identifier: MIT
// The running executable on Linux.
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::paths {

std::filesystem::path self() {
  std::error_code error;
  auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) fail(Reason::internal_error, "/proc/self/exe: " + error.message());
  return path;
}

}  // namespace koshin::paths
