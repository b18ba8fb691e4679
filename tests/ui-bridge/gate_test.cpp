// SPDX-License-Identifier: MIT
// The capability works once; a session is a cookie and a tab.
#include <gtest/gtest.h>

#include <set>

#include "ui-bridge/random.hpp"
#include "ui-bridge/session_gate.hpp"

namespace koshin::ui {
namespace {

TEST(SessionGate, NothingIsAdmittedBeforeTheCapabilityWasExchanged) {
  const SessionGate gate;
  EXPECT_FALSE(gate.admits("", ""));
  EXPECT_FALSE(gate.knows_cookie(""));
}

TEST(SessionGate, TheCapabilityWorksOnce) {
  SessionGate gate;
  const auto session = gate.exchange(gate.capability());
  ASSERT_TRUE(session);
  EXPECT_TRUE(gate.admits(session->cookie, session->tab));
  EXPECT_FALSE(gate.exchange(gate.capability()));
}

TEST(SessionGate, BothHalvesAreNeeded) {
  SessionGate gate;
  const auto session = gate.exchange(gate.capability());
  EXPECT_FALSE(gate.admits(session->cookie, ""));
  EXPECT_FALSE(gate.admits("", session->tab));
  EXPECT_FALSE(gate.admits(session->tab, session->cookie));
}

TEST(SessionGate, TenWrongGuessesVoidTheCapability) {
  SessionGate gate;
  for (int i = 0; i < SessionGate::max_wrong; ++i) EXPECT_FALSE(gate.exchange(random_secret()));
  EXPECT_FALSE(gate.exchange(gate.capability()));
}

TEST(SessionGate, TakingOverNeedsTheCookieAndEndsTheOtherTab) {
  SessionGate gate;
  const auto first = gate.exchange(gate.capability());
  EXPECT_FALSE(gate.take_over(random_secret()));
  const auto second = gate.take_over(first->cookie);
  ASSERT_TRUE(second);
  EXPECT_FALSE(gate.admits(first->cookie, first->tab));
  EXPECT_TRUE(gate.admits(second->cookie, second->tab));
}

TEST(RandomSecret, Has256BitsInUrlSafeCharactersAndDoesNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string secret = random_secret();
    EXPECT_EQ(secret.size(), 43U);
    EXPECT_EQ(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_TRUE(seen.insert(secret).second);
  }
}

}  // namespace
}  // namespace koshin::ui
