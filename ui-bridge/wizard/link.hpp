// SPDX-License-Identifier: MIT
// The links of the scheme "koshin": what a bank's page, a mail or any other program of the desktop may ask
// of koshin-ui. A link says which door to open and nothing else; the person sees and confirms all the rest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin::ui {

/// koshin://open (the page, as from the menu), koshin://renew (the same: the page shows what is due),
/// koshin://reissue (the page, at the field for a re-issue code where nothing else is unfinished).
enum class Link { open, renew, reissue };

/// "open", "renew", "reissue".
std::string_view to_string(Link link);
/// The link of that word; empty for any other.
std::optional<Link> parse_link(std::string_view word);

/// The whole address: "koshin://renew".
std::string address_of(Link link);

/// A link as it came.
struct ReadLink {
  std::optional<Link> link;   ///< empty: not a link that koshin knows, and nothing is opened
  bool more_ignored = false;  ///< a path, query or fragment followed, which no door has (RFC 3986 section 3)
};

/// Reads a whole address. Scheme and word may be in capitals (RFC 3986 sections 3.1 and 3.2.2); user
/// information or a port make another word of it.
ReadLink read_link(std::string_view address);

}  // namespace koshin::ui
