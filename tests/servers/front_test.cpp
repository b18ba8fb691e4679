// SPDX-License-Identifier: MIT
// A renewal through the servers that stand in front of authorities in the field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <fstream>

#include "enrollment/authority_choice.hpp"
#include "enrollment/proof.hpp"
#include "est_fixture.hpp"
#include "front_server.hpp"
#include "sockets.hpp"

namespace koshin::enrollment {
namespace {

using koshin::test::FrontServer;
using Kind = FrontServer::Kind;
using Asks = FrontServer::Asks;
using testing::HasSubstr;

class Front : public test::EstFixture {
 protected:
  void SetUp() override {
    const auto folder = directory_.path();
    const Certificate server = root_.issue(test::server_spec(server_key_.get(), "DNS:localhost"));
    std::filesystem::create_directories(folder / "front");
    // One file for all three: haproxy wants certificate and key together.
    test::write_pem(identity_.certificate, {server});
    const OpensslHandle<BIO, BIO_free_all> file(BIO_new_file(identity_.certificate.c_str(), "a"));
    PEM_write_bio_PrivateKey(file.get(), server_key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    identity_.key = identity_.certificate;
    auto authorities = Certificate::from_pem_file(bank_->anchors().string());
    const auto issuing = Certificate::from_pem_file(bank_->issuing().string());
    authorities.insert(authorities.end(), issuing.begin(), issuing.end());
    test::write_pem(identity_.client_authorities, authorities);
    settings_.authority.trust_anchors = folder / "front" / "anchors.pem";
    test::write_pem(settings_.authority.trust_anchors, {root_.certificate()});
    settings_.authority.attempts = 1;
  }
  void stand_before_the_bank(const FrontServer::Options& options, int bank_port = 0) {
    front_.reset();
    front_ =
        std::make_unique<FrontServer>(options, identity_, bank_port == 0 ? bank_->front_port() : bank_port,
                                      directory_.path() / "front" / "run");
    settings_.authority.url = front_->url();
    settings_.authority.prove_url = front_->url() + "/login";
  }
  /// Everything that a renewal asks of the authority, and the log-in with what it got.
  void renew() {
    new_key_ = test::make_ec_key();
    const auto ca = authority();
    ca->ca_certificates();
    ca->request_attributes();
    const auto answer = issued(ca->submit(Operation::reenroll, request(ca->channel_binding())));
    EXPECT_EQ(answer.certificate.public_key_der(), test::public_key(new_key_.get()));
    EXPECT_EQ(ca->certificate_use(), CertificateUse::used);
    prove_login(settings_, as(answer.certificate, new_key_.get()));
  }
  Failure failure_without_certificate() {
    return test::failure_of([&] { EstClient(settings_, {}).submit(Operation::reenroll, request()); });
  }

  test::Issuer root_ = test::Issuer::make_root("Front root", test::clock_now());
  test::EvpPkey server_key_ = test::make_ec_key();
  FrontServer::Identity identity_{.certificate = directory_.path() / "front" / "server.pem",
                                  .key = {},
                                  .client_authorities = directory_.path() / "front" / "clients.pem"};
  std::unique_ptr<FrontServer> front_;
};

struct Case {
  const char* name;
  FrontServer::Options options;
};

class AnyFront : public Front, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    const char* program = FrontServer::program(GetParam().options.kind);
    if (!koshin::test::is_installed(program)) GTEST_SKIP() << program << " is not installed";
    Front::SetUp();
  }
};

INSTANTIATE_TEST_SUITE_P(
    Servers, AnyFront,
    testing::Values(
        Case{"Apache2", {.kind = Kind::apache2}},
        Case{"Apache2RenegotiatesOnTls12", {.kind = Kind::apache2, .asks = Asks::for_a_place, .tls = "1.2"}},
        Case{"Apache2AsksAfterTheHandshakeOfTls13", {.kind = Kind::apache2, .asks = Asks::for_a_place}},
        Case{"Apache2Closes", {.kind = Kind::apache2, .asks = Asks::for_a_place, .closes = true}},
        Case{"Nginx", {.kind = Kind::nginx}}, Case{"NginxTls12", {.kind = Kind::nginx, .tls = "1.2"}},
        Case{"NginxClosesAndSendsChunks",
             {.kind = Kind::nginx, .asks = Asks::optionally, .closes = true, .chunked = true}},
        Case{"Haproxy", {.kind = Kind::haproxy}},
        Case{"HaproxyTls12Closes", {.kind = Kind::haproxy, .tls = "1.2", .closes = true}}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_P(AnyFront, E20_ARenewalPassesAndTheNewCertificateLogsIn) {
  stand_before_the_bank(GetParam().options);
  EXPECT_NO_THROW(renew());
  EXPECT_EQ(bank_->issued(), 1U);
  EXPECT_EQ(bank_->logins(), 1U);
}

TEST_P(AnyFront, AMissingCertificateIsNamedForWhatItIs) {
  stand_before_the_bank(GetParam().options);
  const auto failure = failure_without_certificate();
  EXPECT_EQ(failure.reason, Reason::authority_authentication_failed) << failure.detail;
  EXPECT_EQ(bank_->issued(), 0U);
}

TEST_P(AnyFront, E19_ABankThatIsDownIsToldInTheWordsOfTheFront) {
  stand_before_the_bank(GetParam().options, test::closed_port());
  const auto failure = test::failure_of([&] { authority()->ca_certificates(); });
  EXPECT_TRUE(failure.reason == Reason::authority_busy || failure.reason == Reason::authority_error)
      << info(failure.reason).id;
  EXPECT_THAT(failure.detail, testing::AnyOf(HasSubstr("Service Unavailable"), HasSubstr("Bad Gateway")));
  EXPECT_THAT(failure.detail, testing::Not(HasSubstr("<")));
}

TEST_F(Front, ABindingThatTheFrontCannotPassOnIsExplained) {
  if (!koshin::test::is_installed(FrontServer::program(Kind::nginx)))
    GTEST_SKIP() << "nginx is not installed";
  stand_before_the_bank({.kind = Kind::nginx, .closes = true});
  bank_->set("csrattrs", "challenge");
  const auto failure = test::failure_of([&] { authority()->request_attributes(); });
  EXPECT_EQ(failure.reason, Reason::tls_impossible);
  EXPECT_THAT(failure.detail, HasSubstr("ends the connection with each answer"));
}

TEST_F(Front, E18_AFrontThatKnowsTheRootOnlyIsShownTheIntermediate) {
  if (!koshin::test::is_installed(FrontServer::program(Kind::nginx)))
    GTEST_SKIP() << "nginx is not installed";
  test::write_pem(identity_.client_authorities, Certificate::from_pem_file(bank_->anchors().string()));
  stand_before_the_bank({.kind = Kind::nginx});
  EXPECT_EQ(test::reason_of([&] { authority()->ca_certificates(); }), "authority_authentication_failed");
  auto options = as(*old_, old_key_.get());
  options.credential->authorities = Certificate::from_pem_file(bank_->issuing().string());
  EXPECT_EQ(make_authority(settings_, options)->ca_certificates().size(), 2U);
  settings_.authority.client_chain = ClientChain::leaf;
  EXPECT_EQ(test::reason_of([&] { make_authority(settings_, options)->ca_certificates(); }),
            "authority_authentication_failed");
}

}  // namespace
}  // namespace koshin::enrollment
