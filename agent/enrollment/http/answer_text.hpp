// SPDX-License-Identifier: MIT
// The words of whoever answered, taken out of whatever they came in.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// What a person can read of a body: plain text as it is, HTML and XML without their markup, of JSON and
/// problem+json (RFC 9457) the members that hold words. One paragraph, printable, at most 1000 bytes. Empty
/// for a body that holds no words. The declared type is believed as far as the body bears it out.
std::string words_of_body(std::string_view body, std::string_view content_type);

}  // namespace koshin::enrollment
