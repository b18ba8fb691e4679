// SPDX-License-Identifier: MIT
// The notice as an e-mail: RFC 5322 with MIME parts for text and HTML, all UTF-8. Never holds a secret, and
// no link that could be taken for a request to type one.
#pragma once

#include <string>
#include <string_view>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::ui {

struct MailNotice {
  TimePoint not_after{}, now{};
  std::string token_label;
};

/// Lines end in CRLF. `boundary` and `message_id` are unguessable texts of their own.
std::string compose_mail(const Settings& settings, const MailNotice& notice, Language language,
                         std::string_view boundary, std::string_view message_id);
/// RFC 2047 encoded words (base64, UTF-8), folded; plain ASCII stays as it is. Line breaks become blanks.
/// `column`: how much of the first line the header's name takes.
std::string encode_header(std::string_view text, std::size_t column = 0);

}  // namespace koshin::ui
