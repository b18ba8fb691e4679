// SPDX-License-Identifier: MIT
#include "desk_check/folder_rights.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace koshin::desk_check {

std::string why_not_writable(const std::filesystem::path& folder) {
  return access(folder.c_str(), W_OK | X_OK) == 0 ? std::string() : std::strerror(errno);
}

}  // namespace koshin::desk_check
