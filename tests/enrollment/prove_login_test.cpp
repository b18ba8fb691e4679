// SPDX-License-Identifier: MIT
// The proof that a certificate logs in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "enrollment/proof.hpp"
#include "est_fixture.hpp"
#include "http_fixture.hpp"

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;

class ProveLogin : public test::EstFixture {
 protected:
  std::string reason() const {
    return test::reason_of([&] { prove_login(settings_, as(*old_, old_key_.get())); });
  }
};

TEST_F(ProveLogin, LogsInOnceOverAConnectionOfItsOwn) {
  const auto key = test::make_token_like_key(old_key_.get());
  const int before = test::signature_count();
  EXPECT_NO_THROW(prove_login(settings_, as(*old_, key.get())));
  EXPECT_EQ(bank_->logins(), 1U);
  EXPECT_EQ(test::signature_count() - before, 1);
}

TEST_F(ProveLogin, WithoutAnAddressOfItsOwnAsksTheAuthority) {
  settings_.authority.prove_url.clear();
  EXPECT_NO_THROW(prove_login(settings_, as(*old_, old_key_.get())));
  EXPECT_EQ(bank_->requests("cacerts"), 1U);
}

TEST_F(ProveLogin, FailsWithACertificateThatDoesNotCount) {
  bank_->set("revoked", "1");
  EXPECT_EQ(reason(), "proof_failed");
}

TEST_F(ProveLogin, FailsWithACertificateOfAnotherAuthority) {
  const auto stranger = test::Issuer::make_root("Stranger", test::clock_now());
  old_ = stranger.issue(test::user_spec(old_key_.get(), test::clock_now()));
  EXPECT_EQ(reason(), "proof_failed");
}

TEST_F(ProveLogin, TheNetworksTroubleIsNotTheCertificates) {
  settings_.authority.attempts = 1;
  bank_->set("drop_handshake", "always");
  EXPECT_EQ(reason(), "authority_unreachable");
}

class ProveAtScriptedServer : public test::HttpFixture {
 protected:
  void SetUp() override { log_in_with(key_.get()); }
  void prove() {
    Settings settings;
    settings.proxy.url = "none";
    settings.authority.trust_anchors = anchors_;
    settings.authority.prove_url = server_->url() + "/login";
    AuthorityOptions options;
    options.credential = options_.credential;
    prove_login(settings, options);
  }
  static constexpr test::ScriptedServer::Options requesting{
      .client = test::ScriptedServer::Options::Client::requested};
  test::EvpPkey key_ = test::make_ec_key();
};

TEST_F(ProveAtScriptedServer, ARedirectWithinTheServerIsFollowedToItsAnswer) {
  const auto first_sent_on_to = [](const std::string& last) {
    return [last](const test::ScriptedServer::Request& request) {
      const bool first = request.head.starts_with("GET /login ");
      return first ? test::answer(302, "", "Location: /home\r\n") : last;
    };
  };
  serve(first_sent_on_to(test::answer(200, "welcome")), requesting);
  EXPECT_NO_THROW(prove());
  EXPECT_EQ(server_->requests().size(), 2U);
  serve(first_sent_on_to(test::answer(403, "not registered")), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_failed");
}

TEST_F(ProveAtScriptedServer, ARedirectToAnotherServerProvesNothing) {
  serve(test::always(test::answer(302, "", "Location: https://elsewhere.test/error\r\n")), requesting);
  const auto failure = test::failure_of([&] { prove(); });
  EXPECT_EQ(failure.reason, Reason::proof_impossible);
  EXPECT_THAT(failure.detail, HasSubstr("another server"));
  EXPECT_THAT(failure.detail, HasSubstr("authority.prove_url"));
  EXPECT_EQ(server_->requests().size(), 1U);
}

TEST_F(ProveAtScriptedServer, HowLongThePageIsProvesNothingEither) {
  const std::string page(std::size_t{3} * 1024 * 1024, 'x');
  serve(test::always(test::answer(200, page)), requesting);
  EXPECT_NO_THROW(prove());
  serve(test::always(test::answer(403, page)), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_failed");
}

/// The rest of the page is not there; whether it would have let the certificate in nobody knows.
TEST_F(ProveAtScriptedServer, HalfOfTheHeadersProvesNothing) {
  serve(test::always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Le"), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_impossible");
}

TEST_F(ProveAtScriptedServer, ARedirectThatLeadsNowhereProvesNothing) {
  serve(test::always(test::answer(302, "")), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_impossible");
}

TEST_F(ProveAtScriptedServer, APageThatIsNotThereProvesNothing) {
  for (const int status : {404, 405, 410}) {
    serve(test::always(test::answer(status, "")), requesting);
    const auto failure = test::failure_of([&] { prove(); });
    EXPECT_EQ(failure.reason, Reason::proof_impossible) << status;
    EXPECT_THAT(failure.detail, HasSubstr("authority.prove_url"));
    EXPECT_THAT(failure.detail, HasSubstr(std::to_string(status)));
  }
}

TEST_F(ProveAtScriptedServer, ARefusalThatNeverSawTheCertificateIsNotAboutIt) {
  serve(test::always(test::answer(403, "no")));
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_impossible");
}

TEST_F(ProveAtScriptedServer, AServerThatIsBusySaysNothingEither) {
  serve(test::always(test::answer(429, "")), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "authority_busy");
}

TEST_F(ProveAtScriptedServer, ACertificateThatWasAskedForButNotSentProvesNothing) {
  auto options = requesting;
  options.client_signatures = "RSA+SHA256";  // the key is on an elliptic curve
  options.tls_max = TLS1_2_VERSION;
  serve(test::always(test::answer(200, "welcome")), options);
  const auto failure = test::failure_of([&] { prove(); });
  EXPECT_EQ(failure.reason, Reason::proof_impossible);
  EXPECT_THAT(failure.detail, HasSubstr("no signature that the token's key can make"));
}

TEST_F(ProveAtScriptedServer, ARefusalShowsItsText) {
  serve(test::always(test::answer(403, "not registered", "Content-Type: text/plain\r\n")), requesting);
  const auto failure = test::failure_of([&] { prove(); });
  EXPECT_EQ(failure.reason, Reason::proof_failed);
  EXPECT_THAT(failure.detail, HasSubstr("not registered"));
}

TEST_F(ProveAtScriptedServer, ABrokenServerSaysNothingOfTheCertificate) {
  serve(test::always(test::answer(500, "")), requesting);
  EXPECT_EQ(test::reason_of([&] { prove(); }), "authority_error");
}

TEST_F(ProveAtScriptedServer, AServerThatNeverAsksForACertificateProvesNothing) {
  serve(test::always(test::answer(200, "")));
  const auto failure = test::failure_of([&] { prove(); });
  EXPECT_EQ(failure.reason, Reason::proof_impossible);
  EXPECT_THAT(failure.detail, HasSubstr("authority.prove_url"));
}

TEST_F(ProveAtScriptedServer, ACertificateRefusedByTlsIsAFailedProof) {
  serve(test::always(test::answer(200, "")), {.client = test::ScriptedServer::Options::Client::refused});
  EXPECT_EQ(test::reason_of([&] { prove(); }), "proof_failed");
}

TEST_F(ProveAtScriptedServer, ANameThatNobodyKnowsIsTheSettingsFaultWhereTheNetworkWorks) {
  serve(test::always(test::answer(200, "")), requesting);
  const auto at = [&](OtherServer other) {
    Settings settings;
    settings.proxy.url = "none";
    settings.authority.attempts = 1;
    settings.authority.trust_anchors = anchors_;
    settings.authority.prove_url = "https://no-such-host.invalid/login";
    AuthorityOptions options;
    options.credential = options_.credential;
    return test::reason_of([&] { prove_login(settings, options, other); });
  };
  EXPECT_EQ(at(OtherServer::answers), "proof_impossible");
  EXPECT_EQ(at(OtherServer::unknown), "authority_unreachable");
}

/// Asked beforehand, without a certificate.
class PlaceOfTheProof : public test::HttpFixture {
 protected:
  using Client = test::ScriptedServer::Options::Client;
  std::string found() {
    Settings settings;
    settings.proxy.url = "none";
    settings.authority.attempts = 1;
    settings.authority.trust_anchors = anchors_;
    settings.authority.prove_url = server_->url() + "/login";
    try {
      const auto place = reach_proof(settings, {}, OtherServer::answers);
      return place == ProofPlace::asks ? "asks" : "left_open";
    } catch (const FailureError& error) {
      detail_ = error.failure().detail;
      return std::string(info(error.failure().reason).id);
    }
  }
  std::string detail_;
  std::string answered(int status, Client client, const std::string& headers = "") {
    serve(test::always(test::answer(status, "", headers)), {.client = client});
    return found();
  }
};

TEST_F(PlaceOfTheProof, WhoAsksForACertificateMayRefuseWhoHasNone) {
  EXPECT_EQ(answered(401, Client::requested), "asks");
  EXPECT_EQ(answered(403, Client::requested), "asks");
  EXPECT_EQ(answered(200, Client::requested), "asks");
  EXPECT_EQ(answered(200, Client::required), "asks") << "TLS ends";
  EXPECT_EQ(answered(200, Client::later), "asks");
}

TEST_F(PlaceOfTheProof, APageThatIsNotThereIsNobodysUnlessItMayHideFromWhoHasNoCertificate) {
  for (const int status : {404, 405, 410}) {
    EXPECT_EQ(answered(status, Client::requested), "left_open") << status;
    EXPECT_EQ(answered(status, Client::ignored), "proof_impossible") << status;
  }
}

TEST_F(PlaceOfTheProof, WhoNeverAsksCanProveNothing) {
  EXPECT_EQ(answered(200, Client::ignored), "proof_impossible");
  EXPECT_EQ(answered(403, Client::ignored), "proof_impossible");
  EXPECT_EQ(answered(302, Client::ignored, "Location: https://elsewhere.test/\r\n"), "proof_impossible");
}

TEST_F(PlaceOfTheProof, WhatDependsOnTheCertificateIsLeftOpen) {
  EXPECT_EQ(answered(302, Client::requested, "Location: https://elsewhere.test/\r\n"), "left_open");
  for (const int status : {408, 429, 500, 503})
    EXPECT_EQ(answered(status, Client::requested), "left_open") << status;
}

TEST_F(PlaceOfTheProof, AnAnswerThatCannotBeReadIsNoWrongAddressWhereACertificateWasAskedFor) {
  const std::string to_itself = "Location: /login\r\n";
  EXPECT_EQ(answered(302, Client::requested, to_itself), "left_open") << "round in circles";
  EXPECT_EQ(answered(302, Client::ignored, to_itself), "proof_impossible");
}

TEST_F(PlaceOfTheProof, ARedirectIsToldWithTheSettingThatItIsAbout) {
  serve(test::always(test::answer(302, "", "Location: https://elsewhere.test/\r\n")));
  EXPECT_EQ(found(), "proof_impossible");
  EXPECT_THAT(detail_, HasSubstr("set authority.prove_url to it"));
}

TEST_F(PlaceOfTheProof, WhatPassesIsNoFaultOfTheSettings) {
  EXPECT_EQ(answered(503, Client::ignored), "authority_busy");
  EXPECT_EQ(answered(500, Client::ignored), "authority_error");
}

}  // namespace
}  // namespace koshin::enrollment
