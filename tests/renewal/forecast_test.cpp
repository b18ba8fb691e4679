// SPDX-License-Identifier: MIT
// What can be known beforehand is asked before a key is made, by the renewal and the doctor alike: neither
// finds what the other does not.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::DoctorResult;
using messages::JobKind;
using pkcs11::KeyAlgorithm;
using renewal::State;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

class Forecast : public RenewalTest {
 protected:
  using Switches = std::vector<std::pair<std::string, std::string>>;

  /// The same authority with another server.
  void serve_with(const Switches& switches) {
    another_ = std::make_unique<TestBank>(directory.path() / "bank", TestBank::Options{.switches = switches});
    settings.authority.url = another_->url();
    if (!settings.authority.prove_url.empty()) settings.authority.prove_url = another_->url() + "/login";
  }
  /// And its own certificate tells nothing of the authority that issues.
  void serve_from_the_web(Switches switches) {
    switches.emplace_back("web_server", "1");
    serve_with(switches);
    settings.authority.trust_anchors = directory.path() / "bank/web/anchors.pem";
  }
  DoctorResult::Check check(const std::string& id) {
    const Ending ending = run(JobKind::doctor);
    for (const auto& one : ending.as<DoctorResult>().checks) {
      if (one.id == id) return one;
    }
    ADD_FAILURE() << "no check called " << id;
    return {};
  }
  /// Both end for this reason; no key was made, nothing issued, nothing begun.
  std::string expect_refused_beforehand(const std::string& id, Reason reason) {
    const auto found = check(id);
    EXPECT_EQ(found.status, "failed") << found.text;
    EXPECT_EQ(found.reason, reason) << found.text;
    const Ending ending = renew();
    EXPECT_EQ(ending.name(), std::string(info(reason).id)) << ending.failure.value_or(Failure{}).detail;
    EXPECT_EQ(contents().private_keys.size(), 1U);
    EXPECT_EQ(bank.issued() + (another_ ? another_->issued() : 0), 0U);
    EXPECT_TRUE(journal()->history(1).empty());
    return ending.failure.value_or(Failure{}).detail;
  }
  void expect_renews(const Bytes& old) {
    const Ending ending = renew();
    EXPECT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
    expect_renewed(old);
  }
  std::unique_ptr<TestBank> another_;
};

TEST_F(Forecast, ACertificateThatIsTooWeakForThisComputerIsForAReissue) {
  provision_as(hsm, "demo", bank, {.weak = true});
  const auto detail = expect_refused_beforehand("strength", Reason::certificate_too_weak);
  EXPECT_THAT(detail, HasSubstr("ecdsa-with-SHA1"));
  EXPECT_EQ(info(Reason::certificate_too_weak).retry, Retry::never);
  EXPECT_EQ(check("proof").status, "ok") << "the page is there, and not to blame";
  EXPECT_EQ(check("chain").status, "ok") << "nor is who issues the next one";
  pin.clear();
  EXPECT_EQ(check("strength").reason, Reason::certificate_too_weak) << "it takes no PIN to see";
}

TEST_F(Forecast, AWeakCertificateIsIssuedAgainWithACode) {
  provision_as(hsm, "demo", bank, {.weak = true});
  reissue_code = bank.reissue_code(default_user);
  const Ending ending = run(JobKind::enroll);
  EXPECT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
}

TEST_F(Forecast, WhatTheAuthorityPublishesIsVouchedForThoughItIsNoRoot) {
  const Bytes old = provision_token();
  serve_from_the_web({{"publish", "issuing"}});
  EXPECT_EQ(check("chain").finding, "chain_trusted");
  expect_renews(old);
}

TEST_F(Forecast, AnIssuerThatOnlyTheServersOwnChainShowsIsFound) {
  const Bytes old = provision_token();
  bank.set("publish", "root");
  EXPECT_EQ(check("chain").finding, "chain_trusted");
  expect_renews(old);
}

TEST_F(Forecast, AnIssuerThatNobodyShowsIsMissedBeforeAKeyIsMade) {
  provision_token();
  serve_from_the_web({{"publish", "root"}});
  EXPECT_THAT(expect_refused_beforehand("chain", Reason::issuer_untrusted), HasSubstr("Sakura User CA"));
  settings.authority.issuer_anchors = bank.anchors();
  expect_refused_beforehand("chain", Reason::issuer_untrusted);
  settings.authority.issuer_anchors = bank.issuing();  // what the advice says
  EXPECT_EQ(check("chain").finding, "chain_trusted");
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(Forecast, AnIssuerOnTheTokenIsFound) {
  provision_token();
  serve_from_the_web({{"publish", "root"}});
  const auto module = pkcs11::Module::load(SoftHsm::module());
  const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
  session->login(pkcs11::User::user, hsm.pin("demo"));
  session->write_certificate(enrollment::Certificate::from_pem_file(bank.issuing().string()).front().der(),
                             Bytes{0x77}, "issuing");
  session->logout();
  EXPECT_EQ(check("chain").finding, "chain_trusted");
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(Forecast, AnIntermediateInAnAnchorsFileIsTrustedForWhatItIssuesByBothSides) {
  const Bytes old = provision_token();
  settings.authority.trust_anchors = bank.issuing();
  const auto found = check("anchors");
  EXPECT_EQ(found.status, "warning");
  EXPECT_EQ(found.finding, "anchors_not_roots");
  EXPECT_EQ(check("chain").finding, "chain_trusted");
  expect_renews(old);
}

TEST_F(Forecast, OtherIssuersThanTheChosenOnesAreFoundBeforehand) {
  provision_token();
  const TestBank other(directory.path() / "another bank");
  settings.authority.issuer_anchors = other.anchors();
  EXPECT_THAT(expect_refused_beforehand("chain", Reason::issuer_untrusted), HasSubstr("Sakura Root CA"));
  settings.authority.issuer_anchors = other.issuing();
  expect_refused_beforehand("chain", Reason::issuer_untrusted);
}

TEST_F(Forecast, AnAuthorityThatHasChangedItsIssuerIsNotHeldUp) {
  TestBank before(directory.path() / "old authority");
  const auto module = pkcs11::Module::load(SoftHsm::module());
  provision_token();
  allow_destruction();
  {
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    for (const auto& object : session->objects()) {
      if (object.object_class != pkcs11::ObjectClass::certificate) continue;
      const Bytes id = object.id, spki = object.public_key;
      session->destroy(object);
      session->write_certificate(before.issue(spki, default_user, 12), id, "old");
    }
    session->logout();
  }
  const auto found = check("chain");
  EXPECT_EQ(found.status, "warning");
  EXPECT_EQ(found.finding, "chain_by_another");
  EXPECT_THAT(run(JobKind::renew, [](auto& job) { job.dry_run = true; }).notices(),
              Contains("chain_by_another"));
}

TEST_F(Forecast, AServerThatHasNotAskedForACertificateIsNoLogIn) {
  provision_token();
  serve_with({{"never_asks", "1"}});
  settings.authority.prove_url = bank.url() + "/login";
  const auto found = check("authority_log_in");
  EXPECT_EQ(found.status, "warning");
  EXPECT_EQ(found.finding, "authority_did_not_ask");
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "authority_authentication_failed");
  EXPECT_THAT(ending.notices(), Contains("authority_did_not_ask"));
}

TEST_F(Forecast, WithoutAPlaceForTheProofAServerThatDoesNotAskIsTheEnd) {
  provision_token();
  settings.authority.prove_url.clear();
  serve_with({{"never_asks", "1"}});
  EXPECT_THAT(expect_refused_beforehand("authority_log_in", Reason::certificate_not_requested),
              HasSubstr("authority.prove_url"));
}

TEST_F(Forecast, APlaceWhereNothingCanBeProvedIsTheEndBeforeAKeyIsMade) {
  provision_token();
  TestBank other(directory.path() / "bank");
  settings.authority.prove_url = other.url() + "/no-such-page";
  EXPECT_THAT(expect_refused_beforehand("proof", Reason::proof_impossible),
              AllOf(HasSubstr("authority.prove_url"), HasSubstr("404")));
  settings.authority.prove_url = "https://no-such-host.invalid/login";
  EXPECT_THAT(expect_refused_beforehand("proof", Reason::proof_impossible), HasSubstr("no-such-host"));
  TestBank never(directory.path() / "bank", TestBank::Options{.switches = {{"never_asks", "1"}}});
  settings.authority.prove_url = never.url() + "/login";
  EXPECT_THAT(expect_refused_beforehand("proof", Reason::proof_impossible),
              HasSubstr("asked for no certificate"));
}

// Each request before the renewal's own costs it time, and this server has answered already.
TEST_F(Forecast, AtTheAuthorityItselfOnlyTheDoctorAsksForThePageOfTheProof) {
  provision_token();
  settings.authority.prove_url = bank.url() + "/no-such-page";
  EXPECT_EQ(check("proof").reason, Reason::proof_impossible);
  EXPECT_EQ(renew().name(), "proof_impossible");
  EXPECT_EQ(unfinished()->state, State::written);
  settings.authority.prove_url = bank.url() + "/login";
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(Forecast, APlaceOfTheProofThatIsDownTodayIsTriedLater) {
  provision_token();
  settings.authority.prove_url = "https://localhost:1/login";
  expect_refused_beforehand("proof", Reason::authority_unreachable);
}

TEST_F(Forecast, ThePlaceOfTheProofIsLookedAtWithoutTheKey) {
  const Bytes old = provision_token();
  ASSERT_EQ(run(JobKind::renew, [](auto& job) { job.dry_run = true; }).name(), "dry_run");
  EXPECT_EQ(bank.requests("login"), 1U);
  EXPECT_EQ(bank.logins(), 0U);
  expect_renews(old);
  EXPECT_EQ(bank.requests("login"), 2U) << "once more, with the new certificate";
  EXPECT_EQ(bank.logins(), 1U);
}

TEST_F(Forecast, TheDoctorAsksForTheAuthoritysWishes) {
  provision_token();
  bank.set("csrattrs", "p384,sha384");
  const auto found = check("attributes");
  EXPECT_EQ(found.finding, "attributes_wanted");
  EXPECT_THAT(found.text, HasSubstr("ec-p384, SHA384"));
  EXPECT_EQ(check("new_key").values, std::vector<std::string>{"ec-p384"});
  settings.renewal.key = "ec-p256";
  expect_refused_beforehand("new_key", Reason::key_algorithm_not_allowed);
}

TEST_F(Forecast, AKeyThatIsKeptIsSaid) {
  provision_token();
  settings.renewal.key = "renew";
  EXPECT_EQ(check("new_key").finding, "key_certified_again");
}

TEST_F(Forecast, KeyUsagesOfAnRsaKeyAreNotDemandedOfAnEcKey) {
  const Bytes old = provision_as(hsm, "demo", bank, {.usage = "critical,digitalSignature,keyEncipherment"},
                                 KeyAlgorithm::rsa_2048);
  settings.renewal.key = "ec-p256";
  expect_renews(old);
}

TEST_F(Forecast, KeyUsagesOfTheSameKindAre) {
  provision_as(hsm, "demo", bank, {.usage = "critical,digitalSignature,nonRepudiation"});
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "issued_usage_changed");
  EXPECT_THAT(ending.failure.value_or(Failure{}).detail, HasSubstr("nonRepudiation"));
}

TEST_F(Forecast, ASubjectThatIsEncodedAnewIsTold) {
  provision_token();
  bank.set("printable_subject", "1");
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "issued_subject_changed");
  EXPECT_THAT(
      ending.failure.value_or(Failure{}).detail,
      HasSubstr("organizationName is PrintableString \"Sakura Test Bank\", asked for was UTF8String"));
}

TEST_F(Forecast, WhatTheDoctorFindsInOrderIsRenewed) {
  const Bytes old = provision_token(KeyAlgorithm::rsa_2048);
  const Ending examined = run(JobKind::doctor);
  for (const auto& one : examined.as<DoctorResult>().checks)
    EXPECT_EQ(one.status, "ok") << one.name << ": " << one.text;
  expect_renews(old);
}

}  // namespace
}  // namespace koshin::test
