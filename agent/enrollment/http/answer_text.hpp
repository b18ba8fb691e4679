// SPDX-License-Identifier: MIT
// The displayable text of an HTTP answer.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// The text of a body: plain text unchanged, HTML and XML without markup, JSON and problem+json (RFC 9457) by
/// their members with texts. One paragraph, printable, at most 1000 bytes. Empty for a body without text. The
/// declared media type is used only if the body agrees.
std::string words_of_body(std::string_view body, std::string_view content_type);

}  // namespace koshin::enrollment
