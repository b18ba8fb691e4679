// SPDX-License-Identifier: MIT
#include "renewal/replacement.hpp"

#include <gtest/gtest.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;
using test::at;
using test::certificate;
using test::token_with;

class Replacement : public ::testing::Test {
 protected:
  Replacement() {
    issued_.key_id = "0a0b";
    reissue_.enrollment = true;
    reissue_.state = State::completed;
    reissue_.key_id = {0x0a, 0x0b};
    reissue_.new_not_after = issued_.not_after;
  }

  CertificateReport old_ = certificate("a1", "2026-11-01T00:00:00Z");
  CertificateReport issued_ = certificate("b2", "2027-11-01T00:00:00Z");
  Record reissue_;
};

TEST_F(Replacement, IsKnownFromTheRenewalThatNamesTheCertificate) {
  Record renewal;
  renewal.old_sha256 = old_.sha256;
  for (const State state : {State::planned, State::written, State::abandoned}) {
    renewal.state = state;
    EXPECT_FALSE(was_replaced(old_, token_with({old_, issued_}), {renewal})) << to_string(state);
  }
  renewal.state = State::completed;
  EXPECT_TRUE(was_replaced(old_, token_with({old_, issued_}), {renewal}));
  EXPECT_FALSE(was_replaced(issued_, token_with({old_, issued_}), {renewal}));
}

TEST_F(Replacement, IsKnownFromTheReissueWhoseCertificateIsOnTheToken) {
  const TokenReport token = token_with({old_, issued_});
  EXPECT_TRUE(was_replaced(old_, token, {Record{}, reissue_}));
  EXPECT_FALSE(was_replaced(issued_, token, {reissue_})) << "nothing takes its own place";
  EXPECT_FALSE(was_replaced(old_, token_with({old_}), {reissue_})) << "the successor is gone";
  EXPECT_FALSE(was_replaced(old_, token, {}));
  reissue_.state = State::written;
  EXPECT_FALSE(was_replaced(old_, token, {reissue_})) << "it has not logged in";
}

TEST_F(Replacement, IsOfTheSameSubjectOnly) {
  const CertificateReport colleague = certificate("c3", "2026-11-01T00:00:00Z", "user0002");
  EXPECT_FALSE(was_replaced(colleague, token_with({colleague, issued_}), {reissue_}));
}

TEST_F(Replacement, IsOfCertificatesThatLogInOnly) {
  CertificateReport mail = certificate("e5", "2026-10-01T00:00:00Z");
  mail.for_client_authentication = false;
  EXPECT_FALSE(was_replaced(mail, token_with({mail, issued_}), {reissue_}));
  EXPECT_FALSE(predecessor(issued_, token_with({mail, issued_})));
  const auto found = predecessor(issued_, token_with({mail, old_, issued_}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sha256, "a1");
}

TEST_F(Replacement, IsKnownFromALaterRenewalAsWellWhenWhatCameBetweenIsGone) {
  CertificateReport latest = certificate("f6", "2028-11-01T00:00:00Z");
  latest.key_id = "0c";
  Record renewal;
  renewal.state = State::completed;
  renewal.old_sha256 = issued_.sha256;
  renewal.key_id = {0x0c};
  renewal.new_not_after = latest.not_after;
  EXPECT_TRUE(was_replaced(old_, token_with({old_, latest}), {renewal, reissue_}));
}

TEST_F(Replacement, FindsTheOnePredecessorOrNone) {
  const CertificateReport colleague = certificate("c3", "2026-11-01T00:00:00Z", "user0002");
  const CertificateReport older = certificate("d4", "2025-11-01T00:00:00Z");
  const auto found = predecessor(issued_, token_with({colleague, old_, issued_}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sha256, "a1");
  EXPECT_FALSE(predecessor(issued_, token_with({colleague, issued_})));
  EXPECT_FALSE(predecessor(issued_, token_with({older, old_}))) << "which of the two is for a person to say";
}

}  // namespace
}  // namespace koshin::renewal
