// SPDX-License-Identifier: MIT
// A request of the page and its answer, without the HTTP library's types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::ui {

/// The value of a repeated field, which is ambiguous.
inline constexpr std::string_view repeated = "(repeated)";

/// The head of a request. A missing field is empty.
struct RequestHead {
  std::string method, target;
  std::string host, origin, content_type;
  std::string fetch_site, fetch_mode, fetch_dest;  ///< Sec-Fetch-… headers
  std::string tab, browser;                        ///< the session's halves
  std::string nonce;                               ///< nonce for the proof of the answer
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  bool gzip = false;          ///< body is compressed; every browser takes that
  bool event_stream = false;  ///< the connection stays open for HttpConnection::send_event()
};

/// Limit in bytes of a request's body: a PIN, a code, an action.
inline constexpr std::size_t max_body = max_secret;

/// Refuses requests that cannot come from the page itself: returns 0 or the HTTP status of the refusal.
/// `port`: the server's. GET requires the exact Host and, if the browser reports it, the same origin; POST
/// requires the exact Origin as well.
unsigned refuse_origin(const RequestHead& head, std::uint16_t port);

}  // namespace koshin::ui
