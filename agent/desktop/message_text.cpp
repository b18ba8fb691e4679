// SPDX-License-Identifier: MIT
// Line by line: printable() would take line breaks out as well.
#include "desktop/message_text.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"
#include "foundation/texts/desk.hpp"

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

Words words_for_wrong_settings(const Failure& mistake, Language language) {
  const auto words = info(mistake.reason).in(language);
  const PlaceValue values[] = {{"cause", std::string(words.cause)},
                               {"action", std::string(words.user_action)},
                               {"detail", mistake.detail}};
  return {std::string(texts::desk_settings_wrong_title.in(language)),
          fill_named_places(texts::desk_settings_wrong_body.in(language), values)};
}

Words words_for_unusable_journal(const Failure& why, Language language) {
  const PlaceValue values[] = {{"detail", why.detail}};
  return {std::string(texts::desk_journal_unusable_title.in(language)),
          fill_named_places(texts::desk_journal_unusable_body.in(language), values)};
}

}  // namespace koshin::desktop
