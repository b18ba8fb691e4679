// SPDX-License-Identifier: MIT
#include "foundation/system/dangling_link.hpp"

#include <system_error>

namespace koshin {

namespace fs = std::filesystem;

std::optional<fs::path> dangling_link(const fs::path& path) {
  std::error_code error;
  fs::path way;
  for (const fs::path& part : path) {
    way /= part;
    const fs::file_type here = fs::symlink_status(way, error).type();
    if (here == fs::file_type::not_found || here == fs::file_type::none) return {};
    if (here == fs::file_type::symlink && fs::status(way, error).type() == fs::file_type::not_found)
      return way;
  }
  return {};
}

std::string why_leads_nowhere(const fs::path& path) {
  const auto link = dangling_link(path);
  if (!link) return {};
  std::error_code error;
  const fs::path target = fs::read_symlink(*link, error);
  return (*link == path ? std::string("this") : link->string()) + " is a link to " +
         (error ? std::string("a place") : target.string()) + ", where nothing is: correct it, or delete it";
}

}  // namespace koshin
