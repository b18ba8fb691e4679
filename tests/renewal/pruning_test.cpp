// SPDX-License-Identifier: MIT
// Which certificate a deletion is about, and what is said when it is about none.
#include "renewal/policy/pruning.hpp"

#include <gmock/gmock.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using test::certificate;
using test::token_with;
using testing::HasSubstr;

const TokenProfile& any_token = profile_of(TokenProfileName::generic);

messages::CertificateReport renewed(const std::string& sha256) {
  auto made = certificate(sha256, "2026-12-13T00:00:00Z");
  made.renewed = true;
  return made;
}

TEST(ChoosingToDelete, TakesTheOneThatWasRenewed) {
  const auto token = token_with({renewed("a1"), certificate("b2", "2027-06-01T00:00:00Z")});
  ASSERT_NE(choose_to_delete(token, "", any_token).certificate, nullptr);
  EXPECT_EQ(choose_to_delete(token, "", any_token).certificate->sha256, "a1");
  EXPECT_EQ(choose_to_delete(token, "b2", any_token).certificate->sha256, "b2");
}

TEST(ChoosingToDelete, WithNothingToDeleteAsksForNoReissue) {
  const auto token = token_with({certificate("b2", "2027-06-01T00:00:00Z")});
  for (const char* sha256 : {"", "a1"}) {
    const auto choice = choose_to_delete(token, sha256, any_token);
    ASSERT_TRUE(choice.failure.has_value());
    const ReasonInfo& row = info(choice.failure->reason);
    EXPECT_EQ(row.id, "nothing_to_delete");
    EXPECT_EQ(row.in(Language::en).user_action.find("re-issue"), std::string_view::npos);
    EXPECT_EQ(row.in(Language::en).administrator_action.find("re-issue"), std::string_view::npos);
  }
}

TEST(ChoosingToDelete, OfSeveralSaysTheNames) {
  const auto choice =
      choose_to_delete(token_with({renewed("a1"), renewed("b2"), renewed("c3")}), "", any_token);
  ASSERT_TRUE(choice.failure.has_value());
  EXPECT_EQ(choice.failure->reason, Reason::prune_ambiguous);
  EXPECT_THAT(choice.failure->detail, HasSubstr("a1, b2, c3"));
}

TEST(ChoosingToDelete, OneThatMailIsEncryptedForIsNamedWithWhatConfirmsIt) {
  auto mail = renewed("a1");
  mail.decrypts = true;
  const auto choice = choose_to_delete(token_with({mail}), "", any_token);
  ASSERT_TRUE(choice.failure.has_value());
  EXPECT_EQ(choice.failure->reason, Reason::prune_not_allowed);
  EXPECT_THAT(choice.failure->detail, HasSubstr("has been renewed"));
  EXPECT_THAT(choice.failure->detail, HasSubstr("--certificate a1 --also-encryption"));
}

/// A card never deletes it: nothing is suggested that would be refused, and nobody is asked to confirm it.
TEST(ChoosingToDelete, OneThatMailIsEncryptedForStaysOnACardWhateverIsConfirmed) {
  auto mail = renewed("a1");
  mail.decrypts = true;
  mail.key_state = messages::KeyState::present;
  const TokenProfile& card = profile_of(TokenProfileName::piv);
  for (const char* sha256 : {"", "a1"}) {
    const auto choice = choose_to_delete(token_with({mail}), sha256, card);
    ASSERT_TRUE(choice.failure.has_value()) << sha256;
    EXPECT_EQ(choice.failure->reason, Reason::prune_not_allowed);
    EXPECT_THAT(choice.failure->detail, testing::Not(HasSubstr("--also-encryption")));
    EXPECT_THAT(choice.failure->detail, HasSubstr("vendor's tool"));
  }
  mail.key_state = messages::KeyState::missing;
  EXPECT_NE(choose_to_delete(token_with({mail}), "a1", card).certificate, nullptr) << "it protects no key";
}

/// Without the PIN nobody knows yet whether the key is there.
TEST(ChoosingToDelete, OnACardWaitsForThePinWhereTheKeyIsNotSeen) {
  auto mail = renewed("a1");
  mail.decrypts = true;
  mail.key_state = messages::KeyState::unknown;
  auto token = token_with({mail});
  token.private_objects_hidden = true;
  EXPECT_NE(choose_to_delete(token, "a1", profile_of(TokenProfileName::piv)).certificate, nullptr);
}

}  // namespace
}  // namespace koshin::renewal
