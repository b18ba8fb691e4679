// SPDX-License-Identifier: MIT
// The reminder as an e-mail: RFC 5322 with MIME parts for text and HTML, all UTF-8. Contains no secret, and
// no link but koshin's own (link.hpp), which leads to this computer and to no web site. Where koshin-ui opens
// no page there is no link either: the mail names the command.
#pragma once

#include <string>
#include <string_view>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::ui {

struct MailNotice {
  TimePoint not_after{}, now{};
  std::string token_label;
  messages::Purpose purpose = messages::Purpose::log_in;  ///< of the certificate
  bool page_possible = true;  ///< false: koshin-ui opens no page there, and a terminal is the way
};

/// Composes the mail; lines end in CRLF. `boundary` and `message_id`: unguessable texts.
std::string compose_mail(const Settings& settings, const MailNotice& notice, Language language,
                         std::string_view boundary, std::string_view message_id);
/// A mail that says that it is a test, and of which computer. Lines end in CRLF.
std::string compose_test_mail(const Settings& settings, TimePoint now, Language language,
                              std::string_view computer, std::string_view message_id);
/// Encodes a header's text as RFC 2047 encoded words (base64, UTF-8), folded; ASCII stays unchanged. Line
/// breaks become blanks. `column`: columns of the first line used by the header's name.
std::string encode_header(std::string_view text, std::size_t column = 0);

}  // namespace koshin::ui
