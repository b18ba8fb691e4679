// SPDX-License-Identifier: MIT
// Paths and text: text is UTF-8 everywhere in koshin, also where the system's own paths are something else.
#pragma once

#include <filesystem>
#include <string_view>

namespace koshin {

/// The path that is written so. (A path made of a std::string takes that for the system's own characters.)
inline std::filesystem::path path_of(std::string_view utf8) {
  return std::filesystem::path(
      std::u8string_view(reinterpret_cast<const char8_t*>(utf8.data()), utf8.size()));
}

}  // namespace koshin
