// SPDX-License-Identifier: MIT
// Servers as they are in the field: EST, but not by the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/authority_choice.hpp"
#include "est_fixture.hpp"

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;

class EstInTheField : public test::EstFixture {};

TEST_F(EstInTheField, E14_WhateverElseCsrattrsAnswersMeansNoWishesWithANotice) {
  for (const char* status : {"400:no", "401:who", "403:no", "405:no", "415:no", "500:broken", "503:later",
                             "302:elsewhere", "200:<html><p>Log in</p></html>", "200:AAAA", "200:\x01\x02"}) {
    bank_->set("csrattrs.status", status);
    const auto ca = authority();
    EXPECT_FALSE(ca->request_attributes().challenge_password) << status;
    EXPECT_THAT(notices_, testing::ElementsAre("csrattrs_ignored")) << status;
    EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request()))) << status;
  }
  bank_->set("csrattrs.status", "");
  bank_->set("csrattrs", "garbage");
  EXPECT_EQ(authority()->request_attributes().digest, std::nullopt);
  EXPECT_THAT(notices_, testing::ElementsAre("csrattrs_ignored"));
}

TEST_F(EstInTheField, E14_AConnectionThatBreaksOrHangsAtCsrattrsEndsNothing) {
  bank_->set("csrattrs", "challenge");
  for (const char* fault : {"csrattrs.drop_after_issue", "csrattrs.truncate", "csrattrs.oversize"}) {
    bank_->set(fault, "1");
    const auto ca = authority();
    EXPECT_FALSE(ca->request_attributes().challenge_password) << fault;
    EXPECT_THAT(notices_, testing::ElementsAre("csrattrs_ignored")) << fault;
  }
  bank_->set("csrattrs", "none");
  // Of this time a busy machine needs its part for the request that is answered.
  settings_.authority.request_timeout = std::chrono::seconds(3);
  bank_->set("csrattrs.slow", "60000");
  const auto ca = authority();
  EXPECT_EQ(ca->request_attributes().digest, std::nullopt);
  EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request())));
}

TEST_F(EstInTheField, E14_ANulAfterTheBase64IsNoPartOfIt) {
  bank_->set("csrattrs", "nul,sha384");
  EXPECT_EQ(authority()->request_attributes().digest, "SHA384");
  EXPECT_THAT(notices_, testing::IsEmpty());
}

TEST_F(EstInTheField, E15_CreatedWithACertificateIsSuccess) {
  bank_->set("created", "1");
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
}

TEST_F(EstInTheField, E15_CertificatesInOtherFormsAreReadWithANotice) {
  for (const char* form : {"pem", "pem7", "mime", "certificate", "certificate_der"}) {
    bank_->set("form", form);
    const auto ca = authority();
    const auto answer = issued(ca->submit(Operation::reenroll, request()));
    EXPECT_EQ(answer.certificate.public_key_der(), test::public_key(new_key_.get())) << form;
    EXPECT_THAT(notices_, testing::ElementsAre("certificate_form_unusual")) << form;
  }
  bank_->set("form", "0");
  bank_->set("cacerts.form", "pem");
  EXPECT_EQ(authority()->ca_certificates().size(), 2U);
  bank_->set("form", "der");
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
  EXPECT_THAT(notices_, testing::IsEmpty());
}

TEST_F(EstInTheField, WhereTheSettingsSayWhomToTrustTheAuthorityNeedNot) {
  bank_->set("cacerts.status", "200:\n");
  EXPECT_EQ(test::reason_of([&] { authority()->ca_certificates(); }), "authority_response_invalid");
  settings_.authority.issuer_anchors = bank_->anchors();
  const auto ca = authority();
  EXPECT_TRUE(ca->ca_certificates().empty());
  EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request())));
}

TEST_F(EstInTheField, E16_OneAttemptIssuesOneCertificate) {
  settings_.authority.attempts = 1;
  bank_->set("repeat_key", "anew");
  const auto ca = authority();
  ca->ca_certificates();
  bank_->set("drop_after_issue", "1");
  EXPECT_EQ(test::reason_of([&] { ca->submit(Operation::reenroll, request()); }), "authority_unreachable");
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(EstInTheField, E17_AKeyThatWasCertifiedBeforeIsToldApartFromOtherRefusals) {
  bank_->set("repeat_key", "refused");
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
  const auto failure = renewal_failure();
  EXPECT_EQ(failure.reason, Reason::authority_key_already_certified);
  EXPECT_THAT(failure.detail, HasSubstr("UniqueKeyConstraint"));
}

TEST_F(EstInTheField, E19_ThePageOfAFrontEndIsShownInWords) {
  bank_->set(
      "status",
      "403:<html><head><title>403</title></head><body><h1>Forbidden</h1>Call 0120&amp;1</body></html>");
  bank_->set("content_type", "text/html");
  EXPECT_THAT(renewal_failure().detail, HasSubstr(": Forbidden Call 0120&1"));
}

TEST_F(EstInTheField, AServerThatClosesAfterEachAnswerWorksWithoutBindingAndIsExplainedWithOne) {
  bank_->set("closes", "1");
  const auto ca = authority();
  ca->ca_certificates();
  ca->request_attributes();
  EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request(ca->channel_binding()))));
  bank_->set("csrattrs", "challenge");
  const auto failure = test::failure_of([&] { authority()->request_attributes(); });
  EXPECT_EQ(failure.reason, Reason::tls_impossible);
  EXPECT_THAT(failure.detail, HasSubstr("ends the connection with each answer"));
  EXPECT_THAT(failure.detail, HasSubstr("authority.channel_binding"));
}

TEST_F(EstInTheField, TwoRequestsComeBeforeThePost) {
  const auto ca = authority();
  ca->ca_certificates();
  ca->request_attributes();
  issued(ca->submit(Operation::reenroll, request(ca->channel_binding())));
  EXPECT_EQ(bank_->requests("cacerts") + bank_->requests("csrattrs"), 2U);
}

TEST_F(EstInTheField, E20_WhatBecameOfTheCertificateIsKnownAfterTheFirstAnswer) {
  const auto ca = authority();
  ca->ca_certificates();
  EXPECT_EQ(ca->certificate_use(), CertificateUse::used);
  const auto without = std::make_unique<EstClient>(settings_, AuthorityOptions{});
  without->ca_certificates();
  EXPECT_NE(without->certificate_use(), CertificateUse::used);
}

/// Whether the authority may have issued what nobody here has seen.
TEST_F(EstInTheField, AnAnswerIsLostOnlyWhenTheRequestMayHaveArrived) {
  settings_.authority.attempts = 1;
  const auto lost = [&](const char* fault, const char* value) {
    const auto ca = authority();
    ca->ca_certificates();
    bank_->set(fault, value);
    test::failure_of([&] { ca->submit(Operation::reenroll, request()); });
    bank_->set(fault, "0");
    return ca->answer_lost();
  };
  EXPECT_TRUE(lost("drop_before_issue", "1"));
  EXPECT_TRUE(lost("drop_after_issue", "1"));
  EXPECT_TRUE(lost("truncate", "1"));
  EXPECT_TRUE(lost("status", "504:upstream timed out"));
  EXPECT_TRUE(lost("status", "502:no answer from upstream"));
  EXPECT_FALSE(lost("status", "403:no"));
  EXPECT_FALSE(lost("status", "503:later"));
  bank_->set("closes", "1");
  EXPECT_FALSE(lost("drop_handshake", "1")) << "it was never sent";
}

}  // namespace
}  // namespace koshin::enrollment
