// SPDX-License-Identifier: MIT
// Whole renewals on a real (software) token against the stand-in bank, and everything that must not begin
// one.
#include <gmock/gmock.h>

#include <fstream>

#include "foundation/base/text.hpp"
#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using renewal::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const auto all_steps = ElementsAre("preflight", "generate_key_pair", "sign_request", "submit", "check_issued",
                                   "write", "read_back", "prove");

class Renewing : public RenewalTest {};

class EveryKey : public RenewalTest, public ::testing::WithParamInterface<KeyAlgorithm> {};

TEST_P(EveryKey, IsRenewedWithAKeyOfItsKind) {
  const Bytes old = provision_token(GetParam());
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_THAT(ending.steps(), all_steps);
  expect_renewed(old);
  const auto& result = ending.as<RenewResult>();
  EXPECT_EQ(result.new_certificate.key_algorithm, pkcs11::to_string(GetParam()));
  EXPECT_EQ(result.old_certificate.sha256, enrollment::Certificate::from_der(old).sha256());
  EXPECT_EQ(result.old_certificate.replaced_by, result.new_certificate.sha256);
  EXPECT_TRUE(result.old_certificate.renewed);
  EXPECT_EQ(result.old_certificate.lineage, result.new_certificate.lineage);
  EXPECT_EQ(result.new_certificate.replaced_by, "");
  EXPECT_EQ(result.new_certificate.key_state, messages::KeyState::present);
  EXPECT_EQ(bank.issued(), 1U);
  EXPECT_EQ(bank.logins(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, EveryKey,
                         ::testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384,
                                           KeyAlgorithm::ec_p521, KeyAlgorithm::rsa_2048,
                                           KeyAlgorithm::rsa_3072, KeyAlgorithm::rsa_4096),
                         [](const auto& test) {
                           std::string name(pkcs11::to_string(test.param));
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Renewing, E2_KeepsTheSubjectAlternativeName) {
  const Bytes old = provision_token(KeyAlgorithm::ec_p256, 12, default_user, "email:user0001@example.test");
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Renewing, ADryRunLeavesNoTrace) {
  provision_token();
  const Ending ending = run(JobKind::renew, [&](auto& job) { job.dry_run = true; });
  EXPECT_EQ(ending.name(), "dry_run");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_TRUE(journal()->history(1).empty());
  EXPECT_EQ(bank.issued(), 0U);
  EXPECT_GE(bank.requests("cacerts"), 1U) << "the authority was asked";
}

TEST_F(Renewing, E13_IsNotDueBeforeTheWindow) {
  provision_token(KeyAlgorithm::ec_p256, 200);
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(run(JobKind::renew, [&](auto& job) { job.force = true; }).name(), "completed");
}

TEST_F(Renewing, AnExpiredCertificateNeedsAReissue) {
  provision_token(KeyAlgorithm::ec_p256, -3);
  EXPECT_EQ(renew().name(), "reissue_needed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
}

TEST_F(Renewing, AnExpiredCertificateIsRenewedWithinTheGrace) {
  const Bytes old = provision_token(KeyAlgorithm::ec_p256, -3);
  settings.renewal.grace.days = 10;
  bank.set("accept_expired_days", "10");
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Renewing, E3_CertifiesTheSameKeyAgainWhenPolicySaysSo) {
  provision_token();
  settings.renewal.key = "renew";
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  const Contents now = contents();
  EXPECT_EQ(now.private_keys.size(), 1U);
  ASSERT_EQ(now.certificates.size(), 2U);
  EXPECT_EQ(now.certificates[0].id, now.certificates[1].id);
  EXPECT_EQ(ending.as<RenewResult>().new_certificate.key_state, messages::KeyState::shared);
}

TEST_F(Renewing, E3_AnAuthorityThatCertifiesAKeyOnceIsToldApartFromALostAnswer) {
  provision_token();
  settings.renewal.key = "renew";
  bank.set("repeat_key", "refused");
  ASSERT_EQ(renew().name(), "completed");
  const auto expect_told = [&](const Ending& ending) {
    ASSERT_EQ(ending.name(), "authority_refused") << "no other key would be made by the next run";
    EXPECT_THAT(ending.failure->detail, ::testing::HasSubstr("renewal.key"));
    EXPECT_EQ(ending.failure->retry(), Retry::never);
  };
  expect_told(force());
  bank.set("drop_before_issue", "2");
  settings.authority.attempts = 1;
  EXPECT_EQ(force().name(), "authority_unreachable");
  bank.set("drop_before_issue", "0");
  expect_told(force());
  EXPECT_EQ(contents().private_keys.size(), 1U);
}

TEST_F(Renewing, E10_HonoursTheKeyTypeThatTheAuthorityAsksFor) {
  provision_token();
  bank.set("csrattrs", "p384");
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<RenewResult>().new_certificate.key_algorithm, "ec-p384");
}

TEST_F(Renewing, E10_OfSeveralKeyTypesTheOldOnesIsKept) {
  provision_token();
  bank.set("csrattrs", "rsa2048,p256");
  settings.renewal.key = "renew";
  EXPECT_EQ(run(messages::JobKind::renew, [](auto& job) { job.dry_run = true; }).name(), "dry_run");
  settings.renewal.key = "same";
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<RenewResult>().new_certificate.key_algorithm, "ec-p256");
}

TEST_F(Renewing, E11_BindsTheRequestToItsConnection) {
  const Bytes old = provision_token();
  bank.set("csrattrs", "challenge");
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Renewing, E11_ABoundRequestIsSignedAnewAfterALostAnswer) {
  const Bytes old = provision_token();
  bank.set("csrattrs", "challenge");
  bank.set("drop_after_issue", "1");
  EXPECT_EQ(renew().name(), "authority_unreachable");
  const Bytes planned = unfinished()->key_id;
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(journal()->history(1).front().key_id, planned);
}

TEST_F(Renewing, E6_APendingRequestIsRepeatedNotMadeAnew) {
  const Bytes old = provision_token();
  bank.set("pending", "2");
  bank.set("retry_after", "120");
  const Ending first = renew();
  ASSERT_EQ(first.name(), "pending");
  const Bytes request = unfinished()->request;
  EXPECT_EQ(contents().private_keys.size(), 2U);

  pin.clear();  // before its time nobody needs to enter anything
  const std::size_t asked = bank.requests("simplereenroll");
  EXPECT_EQ(renew().name(), "pending");
  EXPECT_EQ(bank.requests("simplereenroll"), asked);

  pin = SoftHsm::default_pin;
  clock_offset = std::chrono::seconds{121};
  EXPECT_EQ(renew().name(), "pending");
  EXPECT_EQ(unfinished()->request, request);
  clock_offset += std::chrono::seconds{121};
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Renewing, E6_APersonMayAskBeforeTheTime) {
  provision_token();
  bank.set("pending", "1");
  bank.set("retry_after", "3600");
  ASSERT_EQ(renew().name(), "pending");
  EXPECT_EQ(run(JobKind::renew, [&](auto& job) { job.force = true; }).name(), "completed");
}

TEST_F(Renewing, E13_ARefusalEndsTheAttemptAndTheKeyIsUsedForTheNext) {
  const Bytes old = provision_token();
  bank.set("status", "1*403:not you");
  const Ending refused = renew();
  EXPECT_EQ(refused.name(), "authority_refused");
  EXPECT_THAT(refused.failure->detail, HasSubstr("not you"));
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(contents().private_keys.size(), 2U);
  const Bytes refused_id = journal()->history(1).front().key_id;
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(journal()->history(1).front().key_id, refused_id);
}

class WrongIssue : public RenewalTest,
                   public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(WrongIssue, IsRefusedBeforeItTouchesTheTokenAndMadeGoodByTheNextRun) {
  const Bytes old = provision_token();
  bank.set(GetParam().first, "1");
  EXPECT_EQ(renew().name(), GetParam().second);
  EXPECT_EQ(contents().certificates.size(), 1U);
  ASSERT_NE(unfinished(), std::nullopt);
  EXPECT_EQ(unfinished()->state, State::requested);
  const Bytes id = unfinished()->key_id;
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(journal()->history(1).front().key_id, id);
}

INSTANTIATE_TEST_SUITE_P(Bank, WrongIssue,
                         ::testing::Values(std::pair{"wrong_key", "issued_key_mismatch"},
                                           std::pair{"wrong_subject", "issued_subject_changed"},
                                           std::pair{"wrong_san", "issued_san_changed"},
                                           std::pair{"expired", "issued_validity_invalid"},
                                           std::pair{"wrong_usage", "issued_usage_changed"},
                                           std::pair{"wrong_issuer", "issued_chain_untrusted"},
                                           std::pair{"added_usage", "issued_usage_changed"},
                                           std::pair{"lost_usages", "issued_usage_changed"},
                                           std::pair{"signs_certificates", "issued_usage_changed"},
                                           std::pair{"far_future", "issued_validity_invalid"},
                                           std::pair{"weak_signature", "issued_too_weak"},
                                           std::pair{"printable_subject", "issued_subject_changed"},
                                           std::pair{"garbage", "authority_response_invalid"}),
                         [](const auto& test) { return test.param.first; });

TEST_F(Renewing, AnUnreachableAuthorityIsFoundOutBeforeAKeyIsMade) {
  provision_token();
  settings.authority.url = "https://localhost:1";
  EXPECT_EQ(renew().name(), "authority_unreachable");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_TRUE(journal()->history(1).empty());
}

TEST_F(Renewing, AClockBehindTheAuthoritysIsFoundOutBeforeAKeyIsMade) {
  const Bytes old = provision_token();
  clock_offset = std::chrono::minutes{-6};
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "clock_wrong");
  EXPECT_THAT(ending.failure->detail, HasSubstr("the authority's says"));
  EXPECT_EQ(contents().private_keys.size(), 1U);
  clock_offset = std::chrono::minutes{-4};
  EXPECT_EQ(renew().name(), "completed") << "a skew that an issued certificate may have as well";
  expect_renewed(old);
}

TEST_F(Renewing, WhatIsIssuedMustChainToTheChosenIssuers) {
  const Bytes old = provision_token();
  const TestBank other(directory.path() / "another bank");
  settings.authority.issuer_anchors = other.anchors();
  EXPECT_EQ(renew().name(), "issuer_untrusted");
  EXPECT_EQ(contents().private_keys.size(), 1U) << "the present certificate has told beforehand";
  EXPECT_EQ(bank.issued(), 0U);
  settings.authority.issuer_anchors = bank.anchors();
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Renewing, ChosenIssuersThatCannotBeReadAreFoundOutBeforeAKeyIsMade) {
  provision_token();
  settings.authority.issuer_anchors = directory.path() / "issuers.pem";
  EXPECT_EQ(renew().name(), "settings_invalid");
  std::ofstream(settings.authority.issuer_anchors) << "no PEM";
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "settings_invalid");
  EXPECT_THAT(ending.failure->detail, HasSubstr("issuers.pem"));
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_TRUE(journal()->history(1).empty());
}

TEST_F(Renewing, AUriThatFitsEmptySlotsTooMeansTheTokenThatIsOne) {
  provision_token();
  EXPECT_EQ(run(JobKind::renew, [](auto& job) { job.token_uri = "pkcs11:"; }).name(), "completed");
}

TEST_F(Renewing, AProofThatFailsIsTriedAgainAndNothingElse) {
  const Bytes old = provision_token();
  bank.set("login.status", "403:not registered");
  EXPECT_EQ(renew().name(), "proof_failed");
  ASSERT_EQ(unfinished()->state, State::written);
  bank.set("login.status", "0");
  const Ending again = renew();
  EXPECT_EQ(again.name(), "completed");
  EXPECT_THAT(again.steps(), ElementsAre("preflight", "generate_key_pair (resumed)", "sign_request (resumed)",
                                         "submit (resumed)", "check_issued (resumed)", "write (resumed)",
                                         "read_back (resumed)", "prove"));
  expect_renewed(old);
}

TEST_F(Renewing, ATokenInUseByAnotherRunIsLeftToIt) {
  provision_token();
  const auto token = pkcs11::Module::load(SoftHsm::module())->token(slot_of("demo"));
  const auto lock =
      renewal::TokenLock::acquire({token.identity.manufacturer, token.identity.model, token.identity.serial});
  EXPECT_EQ(renew().name(), "token_busy");
}

TEST_F(Renewing, AClockThatLostItsBatteryIsFoundOut) {
  provision_token();
  clock_offset = -std::chrono::hours{24 * 365 * 10};
  EXPECT_EQ(renew().name(), "clock_wrong");
}

}  // namespace
}  // namespace koshin::test
