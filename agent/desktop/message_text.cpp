// SPDX-License-Identifier: MIT
// Line by line: printable() would take line breaks out as well.
#include "desktop/message_text.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"

namespace koshin::desktop {

std::string harmless(const std::string& text, std::size_t limit) {
  std::string result;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    if (begin > 0) result += '\n';
    result += printable(text.substr(begin, end - begin), limit);
    begin = end + 1;
  }
  return result;
}

}  // namespace koshin::desktop
