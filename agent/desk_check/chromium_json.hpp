// SPDX-License-Identifier: MIT
// The JSON that Chromium, Chrome, Edge and Brave take in their policy files.
#pragma once

#include <string>
#include <string_view>

namespace koshin::desk_check {

/// What they read it as: a policy file, or the JSON in a text of one, where they take nothing more than the
/// comma behind the last element.
enum class ChromiumJson { file, text_in_file };

/// The same as strict JSON (RFC 8259). Beyond that these browsers take, as tried with Chromium 156: a byte
/// order mark, comments, one comma behind the last element, line breaks in strings and \xHH for a character
/// up to U+00FF; a comment goes to the next line feed, whatever bytes are in it. What they refuse as well is
/// left as it stands, for a strict parser to refuse. Throws std::invalid_argument for a comment that does not
/// end and for what is nested deeper than they read (200).
std::string strict_from_chromium(std::string_view text, ChromiumJson kind);

}  // namespace koshin::desk_check
