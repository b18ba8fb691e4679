// SPDX-License-Identifier: MIT
// The capability works once; a session has two halves; and the server proves that it has the key it gave out.
#include <gtest/gtest.h>

#include <set>

#include "foundation/system/random.hpp"
#include "ui-bridge/server/session_gate.hpp"
#include "ui-bridge/server/session_proof.hpp"

namespace koshin::ui {
namespace {

TEST(SessionGate, NothingIsAdmittedBeforeTheCapabilityWasExchanged) {
  const SessionGate gate;
  EXPECT_FALSE(gate.admits("", ""));
  EXPECT_FALSE(gate.knows_browser(""));
}

TEST(SessionGate, TheCapabilityWorksOnce) {
  SessionGate gate;
  const auto session = gate.exchange(gate.capability());
  ASSERT_TRUE(session);
  EXPECT_TRUE(gate.admits(session->browser, session->tab));
  EXPECT_FALSE(gate.exchange(gate.capability()));
}

TEST(SessionGate, ARenewedCapabilityReplacesTheSessionOnceItIsExchanged) {
  SessionGate gate;
  const std::string first = gate.capability();
  const auto before = gate.exchange(first);
  gate.renew_capability();
  EXPECT_TRUE(gate.admits(before->browser, before->tab));
  EXPECT_FALSE(gate.exchange(first));
  const auto after = gate.exchange(gate.capability());
  ASSERT_TRUE(after);
  EXPECT_FALSE(gate.admits(before->browser, before->tab));
  EXPECT_TRUE(gate.admits(after->browser, after->tab));
  EXPECT_FALSE(gate.exchange(gate.capability()));
}

TEST(SessionGate, BothHalvesAreNeeded) {
  SessionGate gate;
  const auto session = gate.exchange(gate.capability());
  EXPECT_FALSE(gate.admits(session->browser, ""));
  EXPECT_FALSE(gate.admits("", session->tab));
  EXPECT_FALSE(gate.admits(session->tab, session->browser));
}

TEST(SessionGate, TenWrongGuessesVoidTheCapability) {
  SessionGate gate;
  for (int i = 0; i < SessionGate::max_wrong; ++i) EXPECT_FALSE(gate.exchange(random_secret()));
  EXPECT_FALSE(gate.exchange(gate.capability()));
}

TEST(SessionGate, TakingOverNeedsTheBrowsersHalfAndEndsTheOtherTab) {
  SessionGate gate;
  const auto first = gate.exchange(gate.capability());
  EXPECT_FALSE(gate.take_over(random_secret()));
  const auto second = gate.take_over(first->browser);
  ASSERT_TRUE(second);
  EXPECT_FALSE(gate.admits(first->browser, first->tab));
  EXPECT_TRUE(gate.admits(second->browser, second->tab));
}

TEST(SessionProof, IsTheHmacThatABrowserComputes) {
  // openssl dgst -sha256 -hmac KEY, over "koshin-ui " and the nonce.
  EXPECT_EQ(session_proof("a-key-that-nobody-else-has", "0123456789abcdef0123456789abcdef"),
            "b7d0e1edc78b1ca002dddbe58467005bf0791082a8dfaf4979156010554f9713");
}

TEST(SessionProof, IsAnothersForAnotherServerAndAnotherNonce) {
  const SessionGate ours, theirs;
  const std::string nonce(32, 'a'), other(32, 'b');
  EXPECT_EQ(ours.prove(nonce), session_proof(ours.key(), nonce));
  EXPECT_NE(ours.prove(nonce), theirs.prove(nonce));
  EXPECT_NE(ours.prove(nonce), ours.prove(other));
}

TEST(SessionProof, IsGivenForWhatIsANonceOnly) {
  const SessionGate gate;
  for (const std::string& text : {std::string(), std::string("short"), std::string(65, 'a'),
                                  std::string("0123456789abcde\n"), std::string("koshin ui 0123456")})
    EXPECT_EQ(gate.prove(text), "") << text;
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
