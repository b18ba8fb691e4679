// SPDX-License-Identifier: MIT
// Capability, the session's two halves, and the server's key.
#include "session_gate.hpp"

#include "foundation/base/text.hpp"
#include "foundation/system/random.hpp"
#include "session_proof.hpp"

namespace koshin::ui {

namespace {
/// A secret that was not issued yet is empty and matches nothing.
bool same_secret(std::string_view given, std::string_view ours) {
  return !ours.empty() && equal_constant_time(given, ours);
}
}  // namespace

SessionGate::SessionGate() : capability_(random_secret()), key_(random_secret()) {}

void SessionGate::renew_capability() {
  capability_ = random_secret();
  spent_ = false;
  wrong_ = 0;
}

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

std::optional<Session> SessionGate::take_over(std::string_view browser) {
  if (!knows_browser(browser)) return std::nullopt;
  session_.tab = random_secret();
  return session_;
}

bool SessionGate::knows_browser(std::string_view browser) const {
  return same_secret(browser, session_.browser);
}

bool SessionGate::admits(std::string_view browser, std::string_view tab) const {
  return knows_browser(browser) && same_secret(tab, session_.tab);
}

std::string SessionGate::prove(std::string_view nonce) const {
  return is_nonce(nonce) ? session_proof(key_, nonce) : std::string();
}

bool is_nonce(std::string_view text) {
  constexpr std::size_t shortest = 16, longest = 64;
  constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() >= shortest && text.size() <= longest &&
         text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace koshin::ui
