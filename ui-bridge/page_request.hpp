// SPDX-License-Identifier: MIT
// A request of the page and its answer, without the HTTP library's types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::ui {

/// Stands for a field that is there more than once: which of them counts would be anybody's guess.
inline constexpr std::string_view repeated = "(repeated)";

/// What a request says before its body. A field that is missing is empty.
struct RequestHead {
  std::string method, target;
  std::string host, origin, content_type;
  std::string fetch_site, fetch_mode, fetch_dest;  ///< Sec-Fetch-…: what the browser says of it
  std::string tab, browser;                        ///< the session's halves
  std::string nonce;                               ///< what the page wants a proof for
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  bool gzip = false;          ///< body is compressed; every browser takes that
  bool event_stream = false;  ///< the connection stays open and is fed by Connection::send_event
};

/// The longest body any request may have: a PIN, a code, an action.
inline constexpr std::size_t max_body = max_secret;

/// Refuses what cannot come from the page itself; 0 when it may go on, else the HTTP status. `port` is the
/// server's. GET needs the exact Host and, where the browser says so, the same origin; POST needs the exact
/// Origin as well.
unsigned refuse_origin(const RequestHead& head, std::uint16_t port);

}  // namespace koshin::ui
