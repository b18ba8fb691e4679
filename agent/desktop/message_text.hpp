// SPDX-License-Identifier: MIT
// What of a text may stand in a message on the desktop.
#pragma once

#include <string>

#include "foundation/base/language.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::desktop {

inline constexpr std::size_t longest_title = 300, longest_body = 2000;

/// Line breaks stay; what steers anything does not. `limit` is each line's, in bytes.
std::string harmless(const std::string& text, std::size_t limit);

struct Words {
  std::string title, body;
};
/// That nothing can be renewed because of this mistake in the settings: what it is, what to do, and where.
Words words_for_wrong_settings(const Failure& mistake, Language language);
/// That the journal is damaged or cannot be used: what follows from that, what to do, and which file it is.
Words words_for_unusable_journal(const Failure& why, Language language);

}  // namespace koshin::desktop
