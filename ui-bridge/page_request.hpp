// SPDX-License-Identifier: MIT
// A request of the page and its answer, without the HTTP library's types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/secure_buffer.hpp"

namespace koshin::ui {

/// What a request says before its body.
struct RequestHead {
  std::string method, target;
  std::string host;  ///< empty when there is none, or more than one
  std::string origin, fetch_site, content_type, tab, cookies;
};

struct Reply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  std::string set_cookie = {};
  bool gzip = false;          ///< body is compressed; every browser takes that
  bool event_stream = false;  ///< the connection stays open and is fed by Connection::send_event
};

/// The longest body any request may have: a PIN, a code, an action.
inline constexpr std::size_t max_body = 1024;

/// Refuses what cannot come from the page itself; 0 when it may go on, else the HTTP status. `port` is the
/// server's. GET needs the exact Host and, where the browser says so, the same origin; POST needs the exact
/// Origin as well.
unsigned refuse_origin(const RequestHead& head, std::uint16_t port);
/// The value of one cookie in a Cookie header; empty when missing.
std::string_view cookie_value(std::string_view cookies, std::string_view name);

}  // namespace koshin::ui
