// SPDX-License-Identifier: MIT
// A folder where KOSHIN_TEST_FOLDER says, a drive in memory (tests/windows/wine.sh), else beside the one of
// the test programs: others can write to the system's temporary folder under wine, and what lies there is not
// believed.
#include <windows.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <system_error>

#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

std::filesystem::path folder_of_tests() {
  if (const wchar_t* named = ::_wgetenv(L"KOSHIN_TEST_FOLDER"); named != nullptr && *named != L'\0')
    return named;
  std::array<wchar_t, 32768> program{};
  ::GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size()));
  return std::filesystem::path(program.data()).parent_path().parent_path() / "temporary";
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::random_device random;
  path_ = folder_of_tests() / ("koshin-test-" + std::to_string(random()) + std::to_string(random()));
  std::filesystem::create_directories(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace koshin::test
