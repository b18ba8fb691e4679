// SPDX-License-Identifier: MIT
// Capability, cookie and tab token.
#include "session_gate.hpp"

#include "foundation/text.hpp"
#include "random.hpp"

namespace koshin::ui {

namespace {
/// What has not been given out yet is empty, and fits nothing.
bool same_secret(std::string_view given, std::string_view ours) {
  return !ours.empty() && equal_constant_time(given, ours);
}
}  // namespace

SessionGate::SessionGate() : capability_(random_secret()) {}

std::optional<Session> SessionGate::exchange(std::string_view capability) {
  if (spent_ || wrong_ >= max_wrong) return std::nullopt;
  if (!same_secret(capability, capability_)) {
    ++wrong_;
    return std::nullopt;
  }
  spent_ = true;
  session_ = {random_secret(), random_secret()};
  return session_;
}

std::optional<Session> SessionGate::take_over(std::string_view cookie) {
  if (!knows_cookie(cookie)) return std::nullopt;
  session_.tab = random_secret();
  return session_;
}

bool SessionGate::knows_cookie(std::string_view cookie) const {
  return same_secret(cookie, session_.cookie);
}

bool SessionGate::admits(std::string_view cookie, std::string_view tab) const {
  return knows_cookie(cookie) && same_secret(tab, session_.tab);
}

}  // namespace koshin::ui
