// SPDX-License-Identifier: MIT
// What a browser (or who pretends to be one) sends to the wizard's server. The input is Host, Origin,
// Sec-Fetch-Site and Cookie on a line each, then the body.
#include "harness.hpp"
#include "ui-bridge/page_json.hpp"
#include "ui-bridge/page_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = koshin::fuzz::text_of(data, size);
  koshin::ui::RequestHead head;
  head.method = "POST";
  head.host = koshin::fuzz::take_line(rest);
  head.origin = koshin::fuzz::take_line(rest);
  head.fetch_site = koshin::fuzz::take_line(rest);
  head.cookies = koshin::fuzz::take_line(rest);
  if (koshin::ui::refuse_origin(head, 4711) == 0)
    koshin::fuzz::require(head.host == "127.0.0.1:4711" && head.origin == "http://127.0.0.1:4711",
                          "only the page itself may post");
  const auto cookie = koshin::ui::cookie_value(head.cookies, "koshin-4711");
  koshin::fuzz::require(cookie.size() <= head.cookies.size(), "a cookie is part of the header");
  const auto action = koshin::ui::parse_action({rest.data(), rest.size()});
  ++(action ? koshin::fuzz::tally.accepted : koshin::fuzz::tally.refused);
  return 0;
}
