// SPDX-License-Identifier: MIT
#include "foundation/system/file_version_windows.hpp"

#include <windows.h>

#include <vector>

namespace koshin {

std::string version_of_file(const std::filesystem::path& file) {
  DWORD unused = 0;
  const DWORD size = ::GetFileVersionInfoSizeW(file.c_str(), &unused);
  std::vector<std::byte> block(size);
  void* found = nullptr;
  UINT length = 0;
  if (size == 0 || ::GetFileVersionInfoW(file.c_str(), 0, size, block.data()) == 0 ||
      ::VerQueryValueW(block.data(), L"\\", &found, &length) == 0 || length < sizeof(VS_FIXEDFILEINFO))
    return {};
  const auto& info = *static_cast<const VS_FIXEDFILEINFO*>(found);
  return std::to_string(HIWORD(info.dwFileVersionMS)) + "." + std::to_string(LOWORD(info.dwFileVersionMS)) +
         "." + std::to_string(HIWORD(info.dwFileVersionLS));
}

}  // namespace koshin
