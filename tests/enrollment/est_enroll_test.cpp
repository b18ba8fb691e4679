// SPDX-License-Identifier: MIT
// HTTP credentials, one-time codes and channel bindings at the stand-in bank.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "enrollment/authority_choice.hpp"
#include "est_fixture.hpp"

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;
using testing::Not;

class EstEnroll : public test::EstFixture {
 protected:
  Bytes first_request() const {
    return make_certificate_request(
        {.subject_der = make_subject("Sakura Test Bank", "Internet Banking CA", "12345678901234 user0001"),
         .san_der = {},
         .public_key_der = test::public_key(new_key_.get()),
         .challenge_password = {}},
        new_key_.get());
  }
  Outcome enroll_with_code(std::string_view code) const {
    const SecureBuffer secret = SecureBuffer::copy_of(code);
    AuthorityOptions options;
    options.credentials.user = "user0001";
    options.credentials.secret = &secret;
    return EstClient(settings_, options).submit(Operation::enroll, first_request());
  }
};

TEST_F(EstEnroll, AOneTimeCodeGivesACertificateWithoutAnOldOne) {
  const auto answer = issued(enroll_with_code(bank_->reissue_code("12345678901234 user0001")));
  EXPECT_EQ(answer.certificate.common_name(), "12345678901234 user0001");
  EXPECT_EQ(answer.certificate.public_key_der(), test::public_key(new_key_.get()));
  EXPECT_EQ(bank_->requests("simpleenroll"), 1U);
}

TEST_F(EstEnroll, AWrongCodeIsToldApartAndNotShown) {
  const auto failure = test::failure_of([&] { enroll_with_code("WRONG-CODE"); });
  EXPECT_EQ(failure.reason, Reason::reissue_code_invalid);
  EXPECT_THAT(failure.detail, Not(HasSubstr("WRONG-CODE")));
  EXPECT_EQ(bank_->requests("simpleenroll"), 1U);
}

class HttpCredentials : public EstEnroll, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    bank_->set(std::string("require_") + GetParam(), "desk:geheim");
    settings_.authority.http_authentication = value_of<AuthorityLogin>(GetParam()).value();
    settings_.authority.http_user = "desk";
  }
};
INSTANTIATE_TEST_SUITE_P(Schemes, HttpCredentials, testing::Values("basic", "digest"));

TEST_P(HttpCredentials, E8_AreSentBesidesTheCertificate) {
  const SecureBuffer password = SecureBuffer::copy_of(std::string_view("geheim"));
  auto options = as(*old_, old_key_.get());
  options.credentials.secret = &password;
  EXPECT_NO_THROW(issued(EstClient(settings_, options).submit(Operation::reenroll, request())));
}

TEST_P(HttpCredentials, E8_ComeFromAFileOfTheSettings) {
  settings_.authority.http_password_file = directory_.path() / "password";
  std::ofstream(settings_.authority.http_password_file) << "geheim\n";
  std::filesystem::permissions(settings_.authority.http_password_file, std::filesystem::perms::owner_read);
  EXPECT_NO_THROW(issued(authority()->submit(Operation::reenroll, request())));
}

TEST_P(HttpCredentials, E8_ThatAreWrongAreRefusedOnce) {
  const SecureBuffer password = SecureBuffer::copy_of(std::string_view("falsch"));
  auto options = as(*old_, old_key_.get());
  options.credentials.secret = &password;
  const auto ca = std::make_unique<EstClient>(settings_, options);
  EXPECT_EQ(test::reason_of([&] { ca->submit(Operation::reenroll, request()); }),
            "authority_authentication_failed");
  EXPECT_EQ(bank_->issued(), 0U);
}

TEST_P(HttpCredentials, E8_ThatAreMissingAreTheSettingsFault) {
  EXPECT_EQ(test::reason_of([&] { authority(); }), "passphrase_required");
}

TEST_P(HttpCredentials, E8_AreNeverSentToAServerOfAnotherName) {
  auto options = koshin::test::TestBank::Options{.tls_max = {}, .switches = {{"server_name", "other.test"}}};
  bank_ = std::make_unique<koshin::test::TestBank>(directory_.path() / "bank-ec", options);
  settings_.authority.url = bank_->url();
  const SecureBuffer password = SecureBuffer::copy_of(std::string_view("geheim"));
  auto with = as(*old_, old_key_.get());
  with.credentials.secret = &password;
  EXPECT_EQ(test::reason_of([&] { EstClient(settings_, with).submit(Operation::reenroll, request()); }),
            "authority_name_mismatch");
  EXPECT_EQ(bank_->requests("credentials"), 0U);
}

class ChannelBinding : public test::EstFixture, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override { open_bank({.tls_max = GetParam(), .switches = {{"csrattrs", "challenge"}}}); }
};
INSTANTIATE_TEST_SUITE_P(Tls, ChannelBinding, testing::Values("1.2", ""), [](const auto& version) {
  return std::string(*version.param != '\0' ? "Tls1_2" : "Tls1_3");
});

TEST_P(ChannelBinding, E11_IsWhatTheBankComputesForTheSameConnection) {
  const auto ca = authority();
  const auto binding = ca->channel_binding();
  ASSERT_TRUE(binding);
  EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request(binding))));
  EXPECT_EQ(bank_->requests("channel_binding_verified"), 1U);
}

TEST_P(ChannelBinding, E11_AutoSendsItOnlyWhenAskedOnAlwaysOffNever) {
  settings_.authority.channel_binding = koshin::ChannelBinding::off;
  EXPECT_EQ(authority()->channel_binding(), std::nullopt);
  bank_->set("csrattrs", "none");
  settings_.authority.channel_binding = koshin::ChannelBinding::automatic;
  EXPECT_EQ(authority()->channel_binding(), std::nullopt);
  settings_.authority.channel_binding = koshin::ChannelBinding::on;
  EXPECT_TRUE(authority()->channel_binding());
}

TEST_P(ChannelBinding, E11_ARequestOfAnotherRunIsNotSent) {
  const Bytes old_request = request(authority()->channel_binding());
  const auto ca = authority();
  EXPECT_THROW(ca->submit(Operation::reenroll, old_request), StaleChannelBinding);
  ca->ca_certificates();
  EXPECT_THROW(ca->submit(Operation::reenroll, old_request), StaleChannelBinding);
  EXPECT_EQ(bank_->requests("simplereenroll"), 0U);
}

TEST_P(ChannelBinding, E11_AConnectionLostUnderWayIsReplacedByAFreshBindingNotByTheOldRequest) {
  bank_->set("drop_before_issue", "1");
  const auto ca = authority();
  const auto first = ca->channel_binding();
  EXPECT_THROW(ca->submit(Operation::reenroll, request(first)), StaleChannelBinding);
  EXPECT_EQ(bank_->requests("simplereenroll"), 1U);
  const auto second = ca->channel_binding();
  ASSERT_TRUE(second);
  EXPECT_NE(first, second);
  EXPECT_NO_THROW(issued(ca->submit(Operation::reenroll, request(second))));
}

TEST_P(ChannelBinding, E11_StaleIsALaterFailureToWhoeverDoesNotKnowIt) {
  const Bytes stale = request("AAAA");
  const auto failure = test::failure_of([&] { authority()->submit(Operation::reenroll, stale); });
  EXPECT_EQ(failure.reason, Reason::authority_unreachable);
  EXPECT_EQ(failure.retry(), Retry::later);
}

}  // namespace
}  // namespace koshin::enrollment
