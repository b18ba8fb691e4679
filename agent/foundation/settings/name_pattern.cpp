// SPDX-License-Identifier: MIT
#include "foundation/settings/name_pattern.hpp"

#include <re2/re2.h>

namespace koshin {
namespace {

// RE2's memory limit for a compiled pattern; beyond it matching is slower, never wrong.
constexpr int bytes_for_a_pattern = 256 * 1024;

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(bytes_for_a_pattern);
  return options;
}

}  // namespace

std::string pattern_trouble(const std::string& pattern) {
  const RE2 compiled(pattern, quiet());
  return compiled.ok() ? std::string() : compiled.error();
}

bool fits_pattern(std::string_view text, const std::string& pattern) {
  const RE2 compiled(pattern, quiet());
  return compiled.ok() && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), compiled);
}

}  // namespace koshin
