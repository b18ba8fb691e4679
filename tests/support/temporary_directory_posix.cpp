// SPDX-License-Identifier: MIT
// mkdtemp, and recursive removal.
#include <unistd.h>

#include <cstdlib>
#include <system_error>

#include "support/temporary_directory.hpp"

namespace koshin::test {

TemporaryDirectory::TemporaryDirectory() {
  const std::filesystem::path memory("/dev/shm");
  const bool in_memory = ::access(memory.c_str(), W_OK | X_OK) == 0;
  auto name = ((in_memory ? memory : std::filesystem::temp_directory_path()) / "koshin-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace koshin::test
