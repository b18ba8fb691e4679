// SPDX-License-Identifier: MIT
#include "foundation/settings/proxy_script_file.hpp"

#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"

namespace koshin {

std::optional<std::filesystem::path> proxy_script_file(std::string_view url) {
  constexpr std::string_view scheme = "file://";
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  const auto name = percent_decode(url);
  if (!name || !name->starts_with('/') || name->find('\0') != std::string::npos) return {};
  return path_of(*name);
}

}  // namespace koshin
