// SPDX-License-Identifier: MIT
// What the bank does when nobody told it to misbehave: the rules that a real authority keeps.
#include "bank/bank_fixture.hpp"
#include "bank/base64.hpp"
#include "bank/request_check.hpp"

namespace koshin::bank {
namespace {

using testing::HasSubstr;

using EstService = BankTest;

TEST_F(EstService, reenrolment_keeps_the_subject_and_certifies_the_new_key) {
  const auto answer = post("simplereenroll", request_for(new_key_.get()));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/pkcs7-mime; smime-type=certs-only");
  const auto issued = certificate_of(answer);
  EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(issued.get()), new_key_.get()), 1);
  EXPECT_EQ(to_der(X509_get_subject_name(issued.get()), i2d_X509_NAME), subject_);
  EXPECT_EQ(ASN1_TIME_compare(X509_get0_notAfter(issued.get()), X509_get0_notAfter(certificate_.get())), 1);
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(EstService, answers_base64_in_lines_of_64_with_its_length) {
  const auto answer = connect().send("GET", std::string(est) + "cacerts");
  ASSERT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body.find('\n'), 64U);
}

TEST_F(EstService, accepts_a_request_on_a_single_line) {
  auto request = request_for(new_key_.get());
  std::erase(request, '\n');
  EXPECT_EQ(post("simplereenroll", request).status, 200);
}

TEST_F(EstService, an_est_label_in_the_path_is_allowed) {
  EXPECT_EQ(connect().send("GET", "/.well-known/est/users/cacerts").status, 200);
}

TEST_F(EstService, the_same_key_gets_the_same_certificate_again) {
  const auto request = request_for(new_key_.get());
  const auto first = post("simplereenroll", request);
  const auto second =
      post("simplereenroll", request_for(new_key_.get()));  // another signature over the same content
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(EstService, without_a_client_certificate_is_401) {
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get()), {}, false).status, 401);
}

TEST_F(EstService, an_expired_client_certificate_is_403_and_may_be_let_through_for_some_days) {
  certificate_ = certify(key_.get(), {.days = -2});
  const auto refused = post("simplereenroll", request_for(new_key_.get()));
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("has expired"));
  bank_->set("accept_expired_days", "3");
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get())).status, 200);
}

TEST_F(EstService, a_certificate_of_another_authority_is_403) {
  const auto elsewhere = temporary_.path() / "other";
  CertificateAuthority::create(elsewhere, "ec");
  certificate_ = parse_certificate(issue_certificate(elsewhere, to_der(key_.get(), i2d_PUBKEY), {}));
  const auto answer = post("simplereenroll", request_for(new_key_.get()));
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("not issued by this bank"));
}

TEST_F(EstService, another_subject_is_403) {
  const auto other = make_name(organization, organizational_unit, "12345678901234 user0002");
  const auto answer = post("simplereenroll", make_request(new_key_.get(), other));
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("the subject differs"));
}

TEST_F(EstService, another_subject_alternative_name_is_403) {
  RequestOptions options;
  options.san = "email:somebody@bank.example";
  const auto answer = post("simplereenroll", make_request(new_key_.get(), subject_, options));
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("the subjectAltName differs"));
}

TEST_F(EstService, a_subject_alternative_name_is_carried_over) {
  certificate_ = certify(key_.get(), {.days = 12, .san = "email:user@bank.example"});
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get())).status, 403) << "left out";
  RequestOptions options;
  options.san = "email:user@bank.example";
  const auto answer = post("simplereenroll", make_request(new_key_.get(), subject_, options));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(san_of(certificate_of(answer).get()), san_of(certificate_.get()));
}

TEST_F(EstService, a_signature_by_another_key_is_no_proof_of_possession) {
  RequestOptions options;
  options.signed_by = key_.get();
  const auto answer = post("simplereenroll", make_request(new_key_.get(), subject_, options));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("proof of possession"));
}

TEST_F(EstService, weak_keys_and_digests_are_refused) {
  const Key rsa(EVP_RSA_gen(1024));
  EXPECT_THAT(post("simplereenroll", request_for(rsa.get())).body, HasSubstr("at least 2048 bits"));
  const Key curve(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"));
  EXPECT_THAT(post("simplereenroll", request_for(curve.get())).body, HasSubstr("secp256k1 is not accepted"));
  RequestOptions options;
  options.digest = EVP_sha1();
  EXPECT_THAT(post("simplereenroll", make_request(new_key_.get(), subject_, options)).body,
              HasSubstr("SHA-1"));
}

TEST_F(EstService, explicit_curve_parameters_are_refused) {
  EVP_PKEY_set_int_param(new_key_.get(), "point-format", 0);
  ASSERT_EQ(EVP_PKEY_set_utf8_string_param(new_key_.get(), "encoding", "explicit"), 1);
  const auto answer = post("simplereenroll", request_for(new_key_.get()));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("explicit EC parameters"));
}

TEST_F(EstService, bodies_that_are_no_request_are_refused_with_a_sentence) {
  EXPECT_THAT(post("simplereenroll", "%%%%").body, HasSubstr("not base64"));
  EXPECT_THAT(post("simplereenroll", "AAAA").body, HasSubstr("not one PKCS#10"));
  EXPECT_EQ(connect().send("POST", std::string(est) + "simplereenroll", "AAAA").status, 415);
  EXPECT_EQ(connect().send("GET", std::string(est) + "simplereenroll").status, 405);
  EXPECT_EQ(connect().send("GET", std::string(est) + "serverkeygen").status, 404);
  EXPECT_EQ(post("simplereenroll", std::string(70'000, 'A')).status, 413);
}

class ChannelBinding : public BankTest, public testing::WithParamInterface<const char*> {};

TEST_P(ChannelBinding, must_be_that_of_this_connection) {
  auto connection = connect(GetParam());
  RequestOptions options;
  options.challenge_password = base64_encode(connection.channel_binding(), false);
  const auto request = make_request(new_key_.get(), subject_, options);
  const std::vector<std::pair<std::string, std::string>> type = {{"Content-Type", "application/pkcs10"}};
  EXPECT_EQ(connection.send("POST", std::string(est) + "simplereenroll", request, type).status, 200);
  const auto replayed = connect(GetParam()).send("POST", std::string(est) + "simplereenroll", request, type);
  EXPECT_EQ(replayed.status, 403);
  EXPECT_THAT(replayed.body, HasSubstr("not the binding of this connection"));
  EXPECT_EQ(bank_->requests("channel_binding_verified"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Versions, ChannelBinding, testing::Values("1.2", "1.3"),
                         [](const auto& version) { return std::string("tls_1_") + version.param[2]; });

TEST_F(EstService, csrattrs_that_ask_for_a_challenge_make_the_binding_mandatory) {
  EXPECT_EQ(connect().send("GET", std::string(est) + "csrattrs").status, 204);
  bank_->set("csrattrs", "challenge,p384,unknown");
  const auto attributes = connect().send("GET", std::string(est) + "csrattrs");
  EXPECT_EQ(attributes.status, 200);
  const auto der = base64_decode(attributes.body);
  ASSERT_TRUE(der);
  EXPECT_EQ(hex(*der),
            "3028"
            "06092a864886f70d010907"                    // challengePassword
            "301206072a8648ce3d0201310706052b81040022"  // id-ecPublicKey: secp384r1
            "06072b060101010116");                      // macAddress
  EXPECT_THAT(post("simplereenroll", request_for(new_key_.get())).body,
              HasSubstr("must carry the channel binding"));
}

TEST_F(EstService, tls_can_be_capped_at_1_2) {
  start({.tls_max = "1.2"});
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get())).status, 200);
  EXPECT_EQ(connect().channel_binding().size(), 12U) << "tls-unique, so TLS 1.2";
}

TEST_F(EstService, one_connection_serves_several_requests) {
  auto connection = connect();
  EXPECT_EQ(connection.send("GET", std::string(est) + "cacerts").status, 200);
  EXPECT_EQ(connection.send("GET", std::string(est) + "csrattrs").status, 204);
  EXPECT_EQ(connection.send("GET", "/login").status, 200);
}

}  // namespace
}  // namespace koshin::bank
