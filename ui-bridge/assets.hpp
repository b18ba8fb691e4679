// SPDX-License-Identifier: MIT
// The page's files, embedded in the program when it is built.
#pragma once

#include <string_view>

namespace koshin::ui {

struct Asset {
  std::string_view path;  ///< "/app.css": as the page is served; "ja.json": as the program itself reads it
  std::string_view content_type;
  std::string_view content;
  bool gzip = false;
};

/// Null when there is no such file.
const Asset* find_asset(std::string_view path);

}  // namespace koshin::ui
