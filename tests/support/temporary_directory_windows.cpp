// SPDX-License-Identifier: MIT
// A folder beside the one of the test programs: others can write to the system's temporary folder under wine,
// and what lies there is not believed.
#include <windows.h>

#include <array>
#include <random>
#include <string>
#include <system_error>

#include "support/temporary_directory.hpp"

namespace koshin::test {

TemporaryDirectory::TemporaryDirectory() {
  std::array<wchar_t, 32768> program{};
  ::GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size()));
  std::random_device random;
  path_ = std::filesystem::path(program.data()).parent_path().parent_path() / "temporary" /
          ("koshin-test-" + std::to_string(random()) + std::to_string(random()));
  std::filesystem::create_directories(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace koshin::test
