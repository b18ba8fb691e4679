// SPDX-License-Identifier: MIT
// Writing a file in a test, with the permissions that the test is about.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace koshin::test {

inline std::filesystem::path write_file(const std::filesystem::path& path, std::string_view contents,
                                        unsigned mode = 0600) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << contents;
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
  return path;
}

}  // namespace koshin::test
