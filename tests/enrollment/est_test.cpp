// SPDX-License-Identifier: MIT
// A renewal over EST at the stand-in bank, and what happens when the bank misbehaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/authority/issued_check.hpp"
#include "enrollment/authority_choice.hpp"
#include "est_fixture.hpp"

namespace koshin::enrollment {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Est : public test::EstFixture {
 protected:
  void check(const Issued& answer, const std::vector<Certificate>& ca_certificates) const {
    IssuedCheck check;
    check.old_certificate = old_;
    check.requested_public_key = test::public_key(new_key_.get());
    check.requested_subject = old_->subject_der();
    check.requested_san = old_->san_der();
    check.chain = {Certificate::from_pem_file(bank_->anchors().string()), ca_certificates};
    check.now = test::clock_now();
    check_issued(answer.certificate, check);
  }
  /// Renews with the bank as it is and checks what came.
  std::string checked_reason() const {
    const auto ca = authority();
    const auto answer = issued(ca->submit(Operation::reenroll, request()));
    return test::reason_of([&] { check(answer, ca->ca_certificates()); });
  }
};

TEST_F(Est, E3_RenewsWithANewKeyUnderTheSameNames) {
  const auto ca = authority();
  const auto answer = issued(ca->submit(Operation::reenroll, request()));
  EXPECT_NO_THROW(check(answer, ca->ca_certificates()));
  EXPECT_EQ(bank_->requests("simplereenroll"), 1U);
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(Est, E3_RenewsTheSameKeyOnTheSameEndpoint) {
  const auto same_key = make_certificate_request({.subject_der = old_->subject_der(),
                                                  .san_der = old_->san_der(),
                                                  .public_key_der = old_->public_key_der(),
                                                  .challenge_password = {}},
                                                 old_key_.get());
  const auto answer = issued(authority()->submit(Operation::reenroll, same_key));
  EXPECT_EQ(answer.certificate.public_key_der(), old_->public_key_der());
  EXPECT_EQ(bank_->requests("simplereenroll"), 1U);
}

TEST_F(Est, E2_TheBankComparesTheNamesByteForByteAndIsSatisfied) {
  auto changed = request();
  EXPECT_NO_THROW(authority()->submit(Operation::reenroll, changed));
  const auto without_san = make_certificate_request({.subject_der = old_->subject_der(),
                                                     .san_der = {},
                                                     .public_key_der = test::public_key(new_key_.get()),
                                                     .challenge_password = {}},
                                                    new_key_.get());
  const auto failure = test::failure_of([&] { authority()->submit(Operation::reenroll, without_san); });
  EXPECT_EQ(failure.reason, Reason::authority_refused);
  EXPECT_THAT(failure.detail, HasSubstr("subjectAltName"));
}

TEST_F(Est, E4_AWholeRenewalCostsOneTlsSignatureOnEitherVersionOfTls) {
  const auto key = test::make_token_like_key(old_key_.get());
  for (const std::string version : {"1.2", ""}) {
    open_bank({.tls_max = version, .switches = {}});
    const int before = test::signature_count();
    const auto ca = std::make_unique<EstClient>(settings_, as(*old_, key.get()));
    ca->ca_certificates();
    ca->request_attributes();
    issued(ca->submit(Operation::reenroll, request(ca->channel_binding())));
    EXPECT_EQ(test::signature_count() - before, 1);
  }
}

TEST_F(Est, E4_WithoutACertificateARenewalIsRefused) {
  EXPECT_EQ(test::reason_of([&] { EstClient(settings_, {}).submit(Operation::reenroll, request()); }),
            "authority_authentication_failed");
}

TEST_F(Est, E5_TheChainComesFromCacertsAndIsAskedForOnce) {
  const auto ca = authority();
  const auto root = Certificate::from_pem_file(bank_->anchors().string()).front();
  ASSERT_EQ(ca->ca_certificates().size(), 2U);
  EXPECT_TRUE(
      std::ranges::any_of(ca->ca_certificates(), [&](const auto& one) { return one.der() == root.der(); }));
  EXPECT_EQ(bank_->requests("cacerts"), 1U);
}

TEST_F(Est, E1_ReadsUnwrappedBase64AndIgnoresContentTransferEncoding) {
  bank_->set("unwrapped_base64", "1");
  bank_->set("binary_cte", "1");
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
}

TEST_F(Est, E1_TheLabelIsPartOfThePath) {
  settings_.authority.label = "users of 2026";
  settings_.authority.url += "/";
  EXPECT_EQ(authority()->ca_certificates().size(), 2U);
}

TEST_F(Est, E6_PendingSaysHowLongAndWhyAndTheSameRequestIsRepeated) {
  bank_->set("pending", "2");
  bank_->set("retry_after", "40");
  const auto ca = authority();
  const Bytes same = request();
  for (int i = 0; i < 2; ++i) {
    const auto outcome = ca->submit(Operation::reenroll, same);
    ASSERT_TRUE(std::holds_alternative<Pending>(outcome));
    EXPECT_EQ(std::get<Pending>(outcome).retry_after, 40s);
    EXPECT_THAT(std::get<Pending>(outcome).message, HasSubstr("officer"));
  }
  // Another run of the program, the same request.
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, same)));
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(Est, E6_RetryAfterMayBeADate) {
  bank_->set("pending", "1");
  bank_->set("retry_after", "Fri, 31 Dec 2100 23:59:59 GMT");
  const auto outcome = authority()->submit(Operation::reenroll, request());
  ASSERT_TRUE(std::holds_alternative<Pending>(outcome));
  EXPECT_EQ(std::get<Pending>(outcome).retry_after, std::chrono::days(7));
}

TEST_F(Est, E6_ABusyAuthoritySaysWhenToComeBackAndIsNotAskedAgainBefore) {
  bank_->set("status", "503:maintenance");
  bank_->set("retry_after", "120");
  const auto failure = renewal_failure();
  EXPECT_EQ(failure.reason, Reason::authority_busy);
  EXPECT_EQ(failure.retry_after, 120s);
  EXPECT_EQ(bank_->requests("simplereenroll"), 1U);
}

TEST_F(Est, E9_FollowsARedirectOfTheBank) {
  bank_->set("redirect", "same");
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
}

TEST_F(Est, E9_RefusesARedirectToAnotherBank) {
  bank_->set("redirect", "https://other.test");
  const auto failure = renewal_failure();
  EXPECT_EQ(failure.reason, Reason::authority_redirect_refused);
  EXPECT_THAT(failure.detail, HasSubstr(bank_->url()));
  EXPECT_THAT(failure.detail, HasSubstr("https://other.test:443"));
}

TEST_F(Est, E10_NoAttributesAskForNothing) {
  for (const char* none : {"none", "404", "empty"}) {
    bank_->set("csrattrs", none);
    const auto ca = authority();
    const auto& wanted = ca->request_attributes();
    EXPECT_TRUE(wanted.key_algorithms.empty()) << none;
    EXPECT_FALSE(wanted.challenge_password) << none;
    EXPECT_EQ(ca->channel_binding(), std::nullopt) << none;
  }
}

TEST_F(Est, E10_KeyAndDigestComeFromTheBankAndUnknownObjectsAreIgnored) {
  bank_->set("csrattrs", "unknown,p384,sha384");
  const auto ca = authority();
  EXPECT_EQ(ca->request_attributes().key_algorithms, std::vector{pkcs11::KeyAlgorithm::ec_p384});
  EXPECT_EQ(ca->request_attributes().digest, "SHA384");
  EXPECT_EQ(bank_->requests("csrattrs"), 1U);
}

TEST_F(Est, E12_TheBanksTextIsInTheFailureMadePrintable) {
  bank_->set("status", "403:ask \x1B[5m your branch");
  const auto failure = renewal_failure();
  EXPECT_EQ(failure.reason, Reason::authority_refused);
  EXPECT_THAT(failure.detail, HasSubstr("your branch"));
  EXPECT_THAT(failure.detail, Not(HasSubstr("\x1B")));
}

TEST_F(Est, E13_ARefusalIsNotRetried) {
  settings_.authority.attempts = 5;
  bank_->set("status", "403:no");
  EXPECT_EQ(renewal_reason(), Reason::authority_refused);
  bank_->set("status", "401:no");
  EXPECT_EQ(renewal_reason(), Reason::authority_authentication_failed);
  bank_->set("status", "500:broken");
  EXPECT_EQ(renewal_reason(), Reason::authority_error);
  EXPECT_EQ(bank_->requests("simplereenroll"), 3U);
}

TEST_F(Est, ARevokedCertificateIsRefused) {
  bank_->set("revoked", "1");
  const Reason reason = renewal_reason();
  EXPECT_TRUE(reason == Reason::authority_refused || reason == Reason::authority_authentication_failed)
      << info(reason).id;
}

TEST_F(Est, ALostRequestOrAnswerIsRepeatedAndCertifiedOnce) {
  for (const char* fault : {"drop_before_issue", "drop_after_issue"}) {
    new_key_ = test::make_ec_key();
    const auto before = bank_->issued();
    bank_->set(fault, "1");
    EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request()))) << fault;
    EXPECT_EQ(bank_->issued() - before, 1U) << fault;
  }
}

TEST_F(Est, AnAnswerThatIsCutShortIsNotAskedForAgainByItself) {
  bank_->set("truncate", "1");
  EXPECT_EQ(renewal_reason(), Reason::authority_response_invalid);
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(Est, ANetworkThatStaysDownIsGivenUpAfterTheConfiguredAttempts) {
  settings_.authority.attempts = 2;
  bank_->set("drop_before_issue", "always");
  EXPECT_EQ(renewal_reason(), Reason::authority_unreachable);
  bank_->set("drop_handshake", "always");
  EXPECT_EQ(renewal_reason(), Reason::authority_unreachable);
}

TEST_F(Est, NonsenseAndTooMuchAreNotAnswers) {
  bank_->set("garbage", "1");
  EXPECT_EQ(renewal_reason(), Reason::authority_response_invalid);
  bank_->set("oversize", "1");
  EXPECT_EQ(renewal_reason(), Reason::authority_response_too_large);
}

TEST_F(Est, ASlowAuthorityIsGivenUp) {
  bank_->set("slow", "60000");
  settings_.authority.request_timeout = std::chrono::seconds(1);
  EXPECT_EQ(renewal_reason(), Reason::authority_timeout);
}

TEST_F(Est, EachWrongCertificateOfTheBankHasItsReason) {
  const std::pair<const char*, const char*> cases[] = {{"wrong_key", "issued_key_mismatch"},
                                                       {"wrong_subject", "issued_subject_changed"},
                                                       {"wrong_san", "issued_san_changed"},
                                                       {"expired", "issued_validity_invalid"},
                                                       {"shorter", "issued_validity_invalid"},
                                                       {"not_yet_valid", "issued_validity_invalid"},
                                                       {"wrong_usage", "issued_usage_changed"},
                                                       {"wrong_issuer", "issued_chain_untrusted"},
                                                       {"added_usage", "issued_usage_changed"},
                                                       {"lost_usages", "issued_usage_changed"},
                                                       {"signs_certificates", "issued_usage_changed"},
                                                       {"far_future", "issued_validity_invalid"},
                                                       {"weak_signature", "issued_too_weak"},
                                                       {"printable_subject", "issued_subject_changed"}};
  for (const auto& [fault, reason] : cases) {
    bank_->set(fault, "1");
    EXPECT_EQ(checked_reason(), reason) << fault;
  }
}

TEST_F(Est, TheBanksOwnCertificateMustHold) {
  const auto reason_at = [&](const std::string& name, const std::string& value) {
    bank_ = std::make_unique<koshin::test::TestBank>(
        directory_.path() / "bank-ec",
        koshin::test::TestBank::Options{.tls_max = {}, .switches = {{name, value}}});
    settings_.authority.url = bank_->url();
    return renewal_reason();
  };
  EXPECT_EQ(reason_at("server_name", "other.test"), Reason::authority_name_mismatch);
  EXPECT_EQ(reason_at("server_expired", "1"), Reason::authority_certificate_expired);
}

TEST_F(Est, E7_ARegistrationAuthorityIsAcceptedByItsRole) {
  bank_ = std::make_unique<koshin::test::TestBank>(
      directory_.path() / "bank-ec",
      koshin::test::TestBank::Options{.tls_max = {},
                                      .switches = {{"server_name", "ra.test"}, {"server_cmc_ra", "1"}}});
  settings_.authority.url = bank_->url();
  EXPECT_NO_THROW(authority()->ca_certificates());
}

TEST_F(Est, WhatIsNotConfiguredIsToldSo) {
  const auto reason = [&] { return test::reason_of([&] { make_authority(settings_, {}); }); };
  for (const char* url : {"", "http://bank.test", "bank.test"}) {
    settings_.authority.url = url;
    EXPECT_EQ(reason(), "authority_not_configured") << url;
  }
}

}  // namespace
}  // namespace koshin::enrollment
