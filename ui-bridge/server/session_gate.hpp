// SPDX-License-Identifier: MIT
// Access to the page: a capability that works once becomes a session, held by one tab at a time; and the
// proof of the server to the page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin::ui {

/// A session has two halves, and a request needs both. The browser's half ties it to the browser: kept in the
/// page's localStorage, which belongs to this port alone, as a cookie would not. The tab's half lives in that
/// tab's sessionStorage.
struct Session {
  std::string browser, tab;
};

class SessionGate {
 public:
  SessionGate();

  /// For the URL's fragment.
  const std::string& capability() const { return capability_; }
  /// A new capability, for showing the page once more: it works once, and the previous one no more. The
  /// session stays until the new one is exchanged.
  void renew_capability();
  /// The capability works once. After `max_wrong` wrong ones it is void.
  std::optional<Session> exchange(std::string_view capability);
  /// Moves the session to another tab of the same browser; the previous tab loses it.
  std::optional<Session> take_over(std::string_view browser);
  bool admits(std::string_view browser, std::string_view tab) const;
  bool knows_browser(std::string_view browser) const;

  /// The key given to each loading page of this user, which verifies later answers with it.
  const std::string& key() const { return key_; }
  /// The proof that an answer comes from the owner of that key; empty for an invalid nonce.
  std::string prove(std::string_view nonce) const;

  static constexpr int max_wrong = 10;

 private:
  std::string capability_, key_;
  bool spent_ = false;
  int wrong_ = 0;
  Session session_;
};

}  // namespace koshin::ui
