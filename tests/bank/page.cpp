// SPDX-License-Identifier: MIT
// One frame, one style sheet.
#include "bank/page.hpp"

#include <algorithm>

namespace koshin::bank {

bool wants_japanese(const Request& request) {
  const auto asked = form_value(request.query, "lang");
  if (!asked.empty()) return asked != "en";
  const auto accepted = request.header("accept-language");
  const auto english = accepted.find("en");
  return english == std::string::npos || accepted.find("ja") < english;
}

Response html_page(int status, bool japanese, const std::string& title, const std::string& body) {
  static constexpr const char* style =
      "body{font-family:system-ui,'Noto Sans JP','IPAGothic',sans-serif;max-width:36rem;margin:3rem "
      "auto;padding:0 1rem;"
      "line-height:1.6}input,button{display:block;font:inherit;margin:.5rem 0;padding:.4rem .8rem}"
      "#code{font-size:1.6rem;letter-spacing:.1em}";
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"}};
  response.body =
      std::string("<!doctype html><html lang=\"") + (japanese ? "ja" : "en") +
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
      html_escape(title) + "</title><style>" + style + "</style></head><body><p>" +
      (japanese ? "さくらテスト銀行" : "Sakura Test Bank") + "</p><h1>" + html_escape(title) + "</h1>" +
      body + "</body></html>\n";
  return response;
}

}  // namespace koshin::bank
