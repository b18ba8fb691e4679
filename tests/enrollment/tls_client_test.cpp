// SPDX-License-Identifier: MIT
// Whom TLS trusts, under which name, and what it signs with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>

#include "http_fixture.hpp"

namespace koshin::enrollment {
namespace {

using test::always;
using test::answer;
using Client = test::ScriptedServer::Options::Client;

class TlsClientTest : public test::HttpFixture {
 protected:
  test::CertificateSpec registration_authority(const std::string& names) const {
    auto spec = test::server_spec(server_key_.get(), names);
    spec.extensions[1].second = "serverAuth,1.3.6.1.5.5.7.3.28";
    return spec;
  }
  /// The implicit anchors, with our root among them.
  void trust_as_system() {
    options_.system_anchors = anchors_;
    options_.trust_anchors.clear();
  }
  void TearDown() override {
    for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"}) unsetenv(name);
  }
};

TEST_F(TlsClientTest, E7_ExplicitAnchorsAcceptANameMatch) {
  serve(always(answer(200, "in")));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
}

TEST_F(TlsClientTest, E7_ExplicitAnchorsAcceptARegistrationAuthorityOfAnotherName) {
  serve_with(root_.issue(registration_authority("DNS:ra.bank.test")), always(answer(200, "in")));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
}

TEST_F(TlsClientTest, E7_ExplicitAnchorsDoNotTakeTheSystemsBesides) {
  const auto stranger = test::Issuer::make_root("In the system's store", test::clock_now());
  const auto file = directory_.path() / "system.pem";
  test::write_pem(file, {stranger.certificate()});
  options_.system_anchors = file;
  serve_with(stranger.issue(test::server_spec(server_key_.get(), "DNS:localhost")),
             always(answer(200, "in")));
  EXPECT_EQ(reason(get()), "authority_untrusted");
}

TEST_F(TlsClientTest, E7_ImplicitAnchorsAcceptANameMatch) {
  serve(always(answer(200, "in")));
  trust_as_system();
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
}

TEST_F(TlsClientTest, TheEnvironmentHasNoSayInWhomTheSystemTrusts) {
  setenv("SSL_CERT_FILE", anchors_.c_str(), 1);
  setenv("SSL_CERT_DIR", directory_.path().c_str(), 1);
  options_.trust_anchors.clear();
  serve(always(answer(200, "in")));
  EXPECT_EQ(reason(post("secret")), "authority_untrusted");
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(TlsClientTest, TheEnvironmentDoesNotGetTheKeysOfAConnection) {
  const auto log = directory_.path() / "keys.log";
  setenv("SSLKEYLOGFILE", log.c_str(), 1);
  serve(always(answer(200, "in")));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
  EXPECT_TRUE(!std::filesystem::exists(log) || std::filesystem::is_empty(log));
}

TEST_F(TlsClientTest, E20_ACertificateThatIsAskedForAfterTheHandshakeCounts) {
  const auto plain = test::make_ec_key();
  const auto key = test::make_token_like_key(plain.get());
  serve(always(answer(200, "in")), {.client = Client::later});
  log_in_with(key.get());
  const int before = test::signature_count();
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(get()).body, "in");
  EXPECT_EQ(client.tls().certificate_use(), CertificateUse::used);
  EXPECT_EQ(client.exchange(get()).body, "in");
  EXPECT_EQ(client.tls().certificate_use(), CertificateUse::used);
  EXPECT_EQ(test::signature_count() - before, 1);
}

TEST_F(TlsClientTest, E20_WhatBecameOfTheCertificateIsToldApart) {
  const auto key = test::make_ec_key();
  log_in_with(key.get());
  const auto use_at = [&](test::ScriptedServer::Options options) {
    serve(always(answer(200, "in")), options);
    HttpClient client(options_);
    client.exchange(get());
    return client.tls().certificate_use();
  };
  EXPECT_EQ(use_at({.client = Client::ignored}), CertificateUse::not_asked);
  EXPECT_EQ(use_at({.client = Client::requested}), CertificateUse::used);
  EXPECT_EQ(
      use_at({.tls_max = TLS1_2_VERSION, .client = Client::requested, .client_signatures = "RSA+SHA256"}),
      CertificateUse::not_shown);
}

class ShownChain : public TlsClientTest {
 protected:
  ShownChain() {
    const Certificate leaf = issuing_.issue(test::user_spec(key_.get(), test::clock_now()));
    options_.credential = ClientCredential{
        leaf, key_.get(), true, {root_.certificate(), issuing_.certificate(), stranger_.certificate()}};
  }
  std::vector<std::string> shown() {
    serve(always(answer(200, "in")), {.client = Client::required});
    HttpClient client(options_);
    client.exchange(get());
    return server_->requests().at(0).shown;
  }
  test::Issuer issuing_ = root_.make_intermediate("Issuing", test::clock_now());
  test::Issuer stranger_ = root_.make_intermediate("Other issuing", test::clock_now());
  test::EvpPkey key_ = test::make_ec_key();
  const std::string user_ = "12345678901234 user0001";
};

TEST_F(ShownChain, E18_TheKnownIntermediatesAreShownAndTheRootNever) {
  EXPECT_THAT(shown(), testing::ElementsAre(user_, "Issuing"));
}

TEST_F(ShownChain, E18_OfTheTrustAnchorsTheIntermediatesAreKnown) {
  options_.credential->authorities.clear();
  EXPECT_THAT(shown(), testing::ElementsAre(user_));
  test::write_pem(anchors_, {root_.certificate(), issuing_.certificate()});
  EXPECT_THAT(shown(), testing::ElementsAre(user_, "Issuing"));
}

TEST_F(ShownChain, E18_OnlyTheLeafWhenTheSettingsSaySo) {
  options_.show_chain = false;
  EXPECT_THAT(shown(), testing::ElementsAre(user_));
}

TEST_F(ShownChain, E18_WhatIsLearntOnTheWayIsShownOnTheNextConnection) {
  const auto known = options_.credential->authorities;
  options_.credential->authorities.clear();
  serve(always(answer(200, "in", "Connection: close\r\n")), {.client = Client::required});
  HttpClient client(options_);
  client.exchange(get());
  client.learn(known);
  client.exchange(get());
  EXPECT_THAT(server_->requests().at(0).shown, testing::ElementsAre(user_));
  EXPECT_THAT(server_->requests().at(1).shown, testing::ElementsAre(user_, "Issuing"));
}

TEST_F(TlsClientTest, E7_ImplicitAnchorsRefuseARegistrationAuthorityOfAnotherName) {
  serve_with(root_.issue(registration_authority("DNS:ra.bank.test")), always(answer(200, "in")));
  trust_as_system();
  EXPECT_EQ(reason(get()), "authority_name_mismatch");
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(TlsClientTest, E7_TheRoleDoesNotReplaceTheChain) {
  const auto stranger = test::Issuer::make_root("Stranger", test::clock_now());
  serve_with(stranger.issue(registration_authority("DNS:ra.bank.test")), always(answer(200, "in")));
  EXPECT_EQ(reason(get()), "authority_untrusted");
}

TEST_F(TlsClientTest, AnchorsOfOneNameAreToldApart) {
  const auto one = test::Issuer::make_root("One Name", test::clock_now());
  const auto other = test::Issuer::make_root("One Name", test::clock_now());
  options_.trust_anchors = directory_.path() / "both.pem";
  test::write_pem(options_.trust_anchors, {one.certificate(), other.certificate()});
  for (const auto* issuer : {&one, &other}) {
    serve_with(issuer->issue(test::server_spec(server_key_.get(), "DNS:localhost")),
               always(answer(200, "in")));
    EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
  }
  serve_with(one.issue(test::user_spec(server_key_.get(), test::clock_now())), always(answer(200, "in")));
  EXPECT_EQ(reason(get()), "authority_untrusted") << "a user's certificate is no server's";
}

TEST_F(TlsClientTest, AnIntermediateThatWasChosenIsAnAnchor) {
  const auto issuing = root_.make_intermediate("Issuing", test::clock_now());
  options_.trust_anchors = directory_.path() / "issuing.pem";
  test::write_pem(options_.trust_anchors, {issuing.certificate()});
  serve_with(issuing.issue(test::server_spec(server_key_.get(), "DNS:localhost")), always(answer(200, "in")));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
  serve(always(answer(200, "in")));
  EXPECT_EQ(reason(get()), "authority_untrusted") << "its root is not";
}

TEST_F(TlsClientTest, AServersWeakCertificateIsTheServers) {
  auto spec = test::server_spec(server_key_.get(), "DNS:localhost");
  spec.digest = EVP_sha1();
  serve_with(root_.issue(spec), always(answer(200, "in")));
  EXPECT_EQ(reason(get()), "authority_certificate_too_weak");
}

TEST_F(TlsClientTest, OurOwnWeakCertificateIsNoTroubleOfTheNetwork) {
  serve(always(answer(200, "in")));
  const auto key = test::make_ec_key();
  auto spec = test::user_spec(key.get(), test::clock_now());
  spec.digest = EVP_sha1();
  options_.credential = {root_.issue(spec), key.get(), true};
  EXPECT_EQ(reason(get()), "certificate_too_weak");
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(TlsClientTest, AddressesAreMatchedAsAddresses) {
  serve(always(answer(200, "in")));
  options_.url = server_->url("127.0.0.1");
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
  serve(always(answer(200, "in")), {}, "DNS:127.0.0.1");
  options_.url = server_->url("127.0.0.1");
  EXPECT_EQ(reason(get()), "authority_name_mismatch");
}

TEST_F(TlsClientTest, TlsBelow1_2IsRefused) {
  serve(always(answer(200, "in")), {.tls_max = TLS1_1_VERSION});
  EXPECT_EQ(reason(get()), "tls_impossible");
}

TEST_F(TlsClientTest, E4_EveryKindOfKeyAuthenticatesOnEitherVersionOfTls) {
  for (const auto& plain :
       {test::make_ec_key(), test::make_ec_key("P-384"), test::make_ec_key("P-521"), test::make_rsa_key()}) {
    const auto key = test::make_token_like_key(plain.get());
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      serve(always(answer(200, "in")), {.tls_max = version, .client = Client::required});
      log_in_with(key.get());
      const int before = test::signature_count();
      HttpClient client(options_);
      EXPECT_EQ(client.exchange(get()).body, "in");
      EXPECT_TRUE(client.tls().certificate_requested);
      EXPECT_EQ(client.tls().protocol, version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
      EXPECT_EQ(test::signature_count() - before, 1);
    }
  }
}

TEST_F(TlsClientTest, P6_ATokenWithoutPssIsCappedAtTls1_2WithPkcs1) {
  const auto plain = test::make_rsa_key();
  const auto key = test::make_token_like_key(plain.get(), false);
  serve(always(answer(200, "in")), {.client = Client::required});
  log_in_with(key.get(), false);
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(get()).body, "in");
  EXPECT_EQ(client.tls().protocol, "TLSv1.2");
  EXPECT_EQ(client.tls().signature_type, EVP_PKEY_RSA);
}

TEST_F(TlsClientTest, P6_TheCapDoesNotConcernEllipticCurves) {
  const auto key = test::make_ec_key();
  serve(always(answer(200, "in")), {.client = Client::required});
  log_in_with(key.get(), false);
  HttpClient client(options_);
  client.exchange(get());
  EXPECT_EQ(client.tls().protocol, "TLSv1.3");
}

TEST_F(TlsClientTest, WithoutCredentialTheServersRequestIsAnsweredWithNone) {
  serve(always(answer(200, "in")), {.client = Client::requested});
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "in");
  serve(always(answer(200, "in")), {.client = Client::required});
  EXPECT_EQ(reason(get()), "authority_authentication_failed");
}

TEST_F(TlsClientTest, E11_EachConnectionHasABindingOfItsOwn) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    serve(always(answer(200, "in", "Connection: close\r\n")), {.tls_max = version});
    HttpClient client(options_);
    client.exchange(get());
    const std::string first = client.tls().channel_binding;
    client.exchange(get());
    // RFC 5929: 12 bytes of Finished; RFC 9266: 32 bytes.
    EXPECT_EQ(first.size(), version == TLS1_2_VERSION ? 16U : 44U);
    EXPECT_NE(first, client.tls().channel_binding);
  }
}

}  // namespace
}  // namespace koshin::enrollment
