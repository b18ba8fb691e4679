// SPDX-License-Identifier: MIT
// Who may use the page: a capability that works once becomes a session, held by one tab at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin::ui {

/// A session has two halves, and a request needs both. The cookie (HttpOnly, SameSite=Strict) ties it to the
/// browser, but browsers send cookies of 127.0.0.1 to every port; the tab's token lives in that tab's
/// sessionStorage, which belongs to this port alone.
struct Session {
  std::string cookie, tab;
};

class SessionGate {
 public:
  SessionGate();

  /// For the URL's fragment.
  const std::string& capability() const { return capability_; }
  /// The capability works once. After `max_wrong` wrong ones it is void.
  std::optional<Session> exchange(std::string_view capability);
  /// Another tab of the same browser goes on; the tab before it is out.
  std::optional<Session> take_over(std::string_view cookie);
  bool admits(std::string_view cookie, std::string_view tab) const;
  bool knows_cookie(std::string_view cookie) const;
  bool opened() const { return !session_.cookie.empty(); }

  static constexpr int max_wrong = 10;

 private:
  std::string capability_;
  bool spent_ = false;
  int wrong_ = 0;
  Session session_;
};

}  // namespace koshin::ui
