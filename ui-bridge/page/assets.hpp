// SPDX-License-Identifier: MIT
// The page's files, embedded in the program when it is built.
#pragma once

#include <string_view>

namespace koshin::ui {

struct Asset {
  std::string_view path;  ///< "/app.css"
  std::string_view content_type;
  std::string_view content;  ///< compressed (gzip)
};

/// The asset with this path; null when there is none.
const Asset* find_asset(std::string_view path);

}  // namespace koshin::ui
