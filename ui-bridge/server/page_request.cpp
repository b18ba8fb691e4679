// SPDX-License-Identifier: MIT
// The checks every request passes, as functions of its head alone.
#include "page_request.hpp"

namespace koshin::ui {

unsigned refuse_origin(const RequestHead& head, std::uint16_t port) {
  const std::string authority = "127.0.0.1:" + std::to_string(port);
  // A name that resolves to 127.0.0.1 (DNS rebinding) arrives with that name.
  if (head.host != authority) return 421;
  const bool same_origin = head.origin == "http://" + authority;
  if (head.method == "GET") {
    if (!head.origin.empty() && !same_origin) return 403;
    // Allowed: typed, opened by the desktop, or fetched by the page itself. Another page may navigate to it
    // in a tab, and never embed or fetch it.
    const bool navigation = head.target == "/" &&
                            (head.fetch_site == "cross-site" || head.fetch_site == "same-site") &&
                            head.fetch_mode == "navigate" && head.fetch_dest == "document";
    const bool known =
        head.fetch_site.empty() || head.fetch_site == "none" || head.fetch_site == "same-origin";
    return known || navigation ? 0 : 403;
  }
  if (head.method != "POST") return 405;
  if (!same_origin) return 403;
  return head.fetch_site.empty() || head.fetch_site == "same-origin" ? 0 : 403;
}

}  // namespace koshin::ui
