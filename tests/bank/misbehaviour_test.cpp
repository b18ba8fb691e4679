// SPDX-License-Identifier: MIT
// Each switch does what README.md says, so that a test of the product fails for the reason it names.
#include <fstream>
#include <iterator>

#include "bank/bank_fixture.hpp"
#include "bank/base64.hpp"
#include "bank/request_check.hpp"
#include "bank/switches.hpp"

namespace koshin::bank {
namespace {

using testing::HasSubstr;

class Misbehaving : public BankTest {
 protected:
  Answer renew() { return post("simplereenroll", request_for(new_key_.get())); }
};

TEST_F(Misbehaving, a_connection_can_be_dropped_before_issuing) {
  bank_->set("drop_before_issue", "1");
  EXPECT_EQ(renew().status, 0);
  EXPECT_EQ(bank_->issued(), 0U);
  EXPECT_EQ(renew().status, 200);
}

TEST_F(Misbehaving, an_answer_lost_after_issuing_can_be_asked_for_again) {
  bank_->set("drop_after_issue", "1");
  EXPECT_EQ(renew().status, 0);
  EXPECT_EQ(bank_->issued(), 1U);
  EXPECT_EQ(renew().status, 200);
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(Misbehaving, an_answer_can_end_in_the_middle) {
  bank_->set("truncate", "1");
  const auto answer = renew();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.whole);
  EXPECT_FALSE(answer.body.empty());
}

TEST_F(Misbehaving, a_new_connection_can_be_refused) {
  bank_->set("drop_handshake", "1");
  EXPECT_THROW(connect(), std::runtime_error);
  EXPECT_NO_THROW(connect());
}

TEST_F(Misbehaving, the_certificate_can_be_for_another_key) {
  bank_->set("wrong_key", "1");
  EXPECT_NE(EVP_PKEY_eq(X509_get0_pubkey(certificate_of(renew()).get()), new_key_.get()), 1);
  EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(certificate_of(renew()).get()), new_key_.get()), 1)
      << "a spoilt one is not kept";
}

TEST_F(Misbehaving, the_certificate_can_be_for_another_name) {
  bank_->set("wrong_subject", "1");
  const auto issued = certificate_of(renew());
  EXPECT_EQ(name_entry(X509_get_subject_name(issued.get()), NID_commonName), std::string(user) + "x");
}

TEST_F(Misbehaving, the_certificate_can_carry_another_san) {
  bank_->set("wrong_san", "1");
  EXPECT_TRUE(san_of(certificate_of(renew()).get()));
}

TEST_F(Misbehaving, the_dates_can_be_wrong) {
  bank_->set("expired", "1");
  EXPECT_LT(X509_cmp_current_time(X509_get0_notAfter(certificate_of(renew()).get())), 0);
  bank_->set("shorter", "1");
  EXPECT_EQ(ASN1_TIME_compare(X509_get0_notAfter(certificate_of(renew()).get()),
                              X509_get0_notAfter(certificate_.get())),
            -1);
  bank_->set("not_yet_valid", "1");
  EXPECT_GT(X509_cmp_current_time(X509_get0_notBefore(certificate_of(renew()).get())), 0);
}

TEST_F(Misbehaving, the_issuer_can_be_an_impostor_and_the_usage_a_servers) {
  const CertificateAuthority authority(folder_);
  bank_->set("wrong_issuer", "1");
  EXPECT_FALSE(authority.signed_by_us(certificate_of(renew()).get()));
  bank_->set("wrong_usage", "1");
  const auto issued = certificate_of(renew());
  EXPECT_TRUE(authority.signed_by_us(issued.get()));
  EXPECT_EQ(X509_get_extended_key_usage(issued.get()), static_cast<unsigned>(XKU_SSL_SERVER));
}

TEST_F(Misbehaving, noise_and_too_much_of_it) {
  bank_->set("garbage", "1");
  EXPECT_THROW(certificate_of(renew()), std::runtime_error);
  bank_->set("oversize", "1");
  EXPECT_GT(renew().body.size(), 32U << 20U);
}

TEST_F(Misbehaving, statuses_carry_text_and_retry_after) {
  bank_->set("status", "1*503:the vault is closed");
  bank_->set("retry_after", "Wed, 21 Oct 2026 07:28:00 GMT");
  const auto answer = renew();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "the vault is closed");
  EXPECT_EQ(answer.header("Retry-After"), "Wed, 21 Oct 2026 07:28:00 GMT");
  EXPECT_EQ(renew().status, 200);
}

TEST_F(Misbehaving, a_prefix_limits_a_switch_to_one_operation) {
  bank_->set("cacerts.status", "500");
  EXPECT_EQ(connect().send("GET", std::string(est) + "cacerts").status, 500);
  EXPECT_EQ(renew().status, 200);
}

TEST_F(Misbehaving, a_request_can_be_put_off) {
  bank_->set("pending", "2");
  bank_->set("retry_after", "7");
  for (int time = 0; time < 2; ++time) {
    const auto answer = renew();
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.header("Retry-After"), "7");
    EXPECT_THAT(answer.body, HasSubstr("approval"));
  }
  EXPECT_EQ(renew().status, 200);
}

TEST_F(Misbehaving, redirects_lead_to_the_same_place_or_elsewhere) {
  bank_->set("redirect", "same");
  const auto answer = renew();
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.header("Location"), bank_->url() + "/.well-known/est/simplereenroll?moved");
  EXPECT_EQ(post("simplereenroll?moved", request_for(new_key_.get())).status, 200);
  bank_->set("redirect", "https://elsewhere.example");
  EXPECT_EQ(renew().header("Location"), "https://elsewhere.example/.well-known/est/simplereenroll");
}

TEST_F(Misbehaving, a_revoked_certificate_is_403) {
  bank_->set("revoked", "1");
  const auto answer = renew();
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("has been revoked"));
}

TEST_F(Misbehaving, basic_credentials_can_be_demanded) {
  bank_->set("require_basic", "corp:secret");
  const auto demanded = renew();
  EXPECT_EQ(demanded.status, 401);
  EXPECT_THAT(demanded.header("WWW-Authenticate"), HasSubstr("Basic realm="));
  const auto header = [](const std::string& text) {
    return "Basic " + base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, false);
  };
  const auto request = request_for(new_key_.get());
  EXPECT_EQ(post("simplereenroll", request, {{"Authorization", header("corp:wrong")}}).status, 401);
  EXPECT_EQ(post("simplereenroll", request, {{"Authorization", header("corp:secret")}}).status, 200);
  EXPECT_EQ(post("simpleenroll", request, {{"Authorization", header("corp:secret")}}, false).status, 200);
}

TEST_F(Misbehaving, digest_credentials_can_be_demanded) {
  bank_->set("require_digest", "corp:secret");
  const auto demanded = renew().header("WWW-Authenticate");
  const auto nonce = demanded.substr(demanded.find("nonce=\"") + 7, 32);
  const auto sha = [](const std::string& text) {
    return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  const std::string path = "/.well-known/est/simplereenroll";
  const auto response = [&](const std::string& password) {
    const auto value = sha(sha("corp:Sakura Test Bank:" + password) + ":" + nonce +
                           ":00000001:abc:auth:" + sha("POST:" + path));
    return "Digest username=\"corp\", realm=\"Sakura Test Bank\", nonce=\"" + nonce + "\", uri=\"" + path +
           "\", qop=auth, nc=00000001, cnonce=\"abc\", algorithm=SHA-256, response=\"" + value + "\"";
  };
  const auto request = request_for(new_key_.get());
  EXPECT_EQ(post("simplereenroll", request, {{"Authorization", response("wrong")}}).status, 401);
  EXPECT_EQ(post("simplereenroll", request, {{"Authorization", response("secret")}}).status, 200);
}

TEST_F(Misbehaving, base64_can_come_on_one_line_and_be_called_binary) {
  bank_->set("unwrapped_base64", "1");
  bank_->set("binary_cte", "1");
  const auto answer = renew();
  EXPECT_EQ(answer.body.find('\n'), std::string::npos);
  EXPECT_EQ(answer.header("Content-Transfer-Encoding"), "binary");
}

TEST_F(Misbehaving, the_server_can_have_another_name_or_an_expired_certificate) {
  start({.switches = {{"server_name", "bank.example"}}});
  EXPECT_THROW(connect(), std::runtime_error);
  start({.switches = {{"server_expired", "1"}}});
  EXPECT_THROW(connect(), std::runtime_error);
}

TEST(Switches, an_unknown_name_is_an_error) {
  Switches switches;
  EXPECT_THROW(switches.set("wrong_kye", "1"), std::invalid_argument);
}

TEST(Switches, all_are_documented) {
  std::ifstream in(std::filesystem::path(KOSHIN_BANK_FOLDER) / "README.md");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  for (const auto& name : Switches::names()) EXPECT_THAT(text, HasSubstr("`" + name + "`"));
}

}  // namespace
}  // namespace koshin::bank
