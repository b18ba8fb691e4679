// SPDX-License-Identifier: MIT
// A hundred certificates of others on the token: what a renewal asks of it does not grow with them, and what
// it does is the same.
#include <gmock/gmock.h>

#include <tuple>

#include "enrollment/pki.hpp"
#include "foundation/base/clock.hpp"
#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"
#include "spy.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

namespace pki = enrollment::test;
using messages::InspectResult;
using messages::JobKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int others = 100;
/// Of the other certificates none costs a call; the searches by CKA_ID, subject and issuer do.
constexpr int most_calls = 60;

class CrowdedToken : public RenewalTest {
 protected:
  void SetUp() override {
    if (pkcs11::spy_module().empty()) GTEST_SKIP() << "OpenSC's pkcs11-spy is not installed";
    old_ = provision_token();
    write_others();
    protect_objects();
    spy_.emplace(SoftHsm::module(), directory.path());
    settings.token.modules = {pkcs11::spy_module().string()};
  }
  static std::string sha256(const Bytes& der) { return enrollment::sha256_of(pkcs11::ByteView(der)); }
  Ending renew_named() {
    return run(JobKind::renew, [&](auto& job) { job.certificate_sha256 = sha256(old_); });
  }
  /// Calls that reached the token; C_GetFunctionList does not.
  int to_token() const { return spy_->total() - spy_->calls().at("C_GetFunctionList"); }
  template <class Use>
  void with_session(const Use& use) {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    use(*session);
  }
  void write_others() {
    const auto authority = pki::Issuer::make_root("Address Book CA", current_time());
    const auto key = pki::make_ec_key();
    with_session([&](pkcs11::Session& session) {
      for (int i = 0; i < others; ++i) {
        pki::CertificateSpec spec = pki::user_spec(key.get(), current_time());
        spec.subject = pki::user_name("correspondent " + std::to_string(i));
        session.write_certificate(authority.issue(spec).der(), Bytes{0xAB, static_cast<std::uint8_t>(i)},
                                  "correspondent");
      }
    });
  }
  void expect_renewed_among_others() {
    const Contents now = contents();
    EXPECT_THAT(now.certificates, SizeIs(others + 2));
    EXPECT_THAT(now.private_keys, SizeIs(2));
    EXPECT_EQ(bank.issued(), 1U);
    EXPECT_THAT(journal()->all_unfinished(), IsEmpty());
  }
  /// A later certificate of the same holder from the same authority, and its key.
  void put_successor(const Bytes& key_id, const Bytes& certificate_id) {
    const auto key = pki::make_ec_key();
    const Bytes later = bank.issue(pki::public_key(key.get()), default_user, 300, 10);
    RawObjects objects("demo", SoftHsm::default_pin);  // whose CKA_SUBJECT is not the certificate's
    objects.add_private_key(key.get(), key_id);
    objects.add_public_key(key.get(), key_id);
    objects.add_certificate(later, {certificate_id, "later"});
  }
  void expect_replaced() {
    const Ending ending = renew_named();
    ASSERT_EQ(ending.name(), "certificate_not_found");
    EXPECT_THAT(ending.failure->detail, HasSubstr("has been replaced"));
    EXPECT_EQ(bank.issued(), 0U);
  }

  Bytes old_;
  std::optional<pkcs11::Spy> spy_;
};

TEST_F(CrowdedToken, ARenewalOfANamedCertificateTakesAtMost60CallsAmong100Others) {
  const Ending ending = renew_named();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_LE(to_token(), most_calls) << spy_->table();
  RecordProperty("token_calls", to_token());
  expect_renewed_among_others();
}

TEST_F(CrowdedToken, ARenewalThatTheJournalKnowsGoesOnWithAsManyCallsAndTheSamePair) {
  stop_after(3);
  const int before = to_token();
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_LE(to_token() - before, most_calls) << spy_->table();
  EXPECT_EQ(spy_->calls().at("C_GenerateKeyPair"), 1);
  expect_renewed_among_others();
}

TEST_F(CrowdedToken, ACertificateThatNobodyHasNamedIsChosenAmongAllOfThem) {
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed");
  EXPECT_LE(to_token(), most_calls + others) << spy_->table();
  expect_renewed_among_others();
  EXPECT_EQ(ending.as<messages::RenewResult>().old_certificate.sha256, sha256(old_));
}

TEST_F(CrowdedToken, ACertificateThatNobodyHasNamedIsReadForWhereTheLastDecisionWasAboutIt) {
  run(JobKind::inspect);
  const int before = to_token();
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed");
  EXPECT_LE(to_token() - before, most_calls) << spy_->table();
  expect_renewed_among_others();
  EXPECT_EQ(ending.as<messages::RenewResult>().old_certificate.sha256, sha256(old_));
}

/// By another computer, say.
TEST_F(CrowdedToken, WhereTheLastDecisionWasAboutAnotherCertificateTheDueOneIsRenewed) {
  run(JobKind::inspect);
  Bytes sooner;
  with_session([&](pkcs11::Session& session) {
    const Bytes id{0x50};
    const auto pair = session.generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, id, "sooner");
    sooner = bank.issue(pair.public_key.public_key, "12345678901234 user0002", 2);
    session.write_certificate(sooner, id, "sooner");
  });
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed");
  EXPECT_EQ(ending.as<messages::RenewResult>().old_certificate.sha256, sha256(sooner));
  EXPECT_THAT(ending.as<messages::RenewResult>().token.certificates, SizeIs(testing::Gt(others)));
}

TEST_F(CrowdedToken, WhereTheLastDecisionWasAboutOneThatWasReplacedSinceNothingIsDue) {
  run(JobKind::inspect);
  put_successor({7}, {8});
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(bank.issued(), 0U);
}

TEST_F(CrowdedToken, AnInspectionTakesOneCallForEachCertificate) {
  const auto report = run(JobKind::inspect).as<InspectResult>().tokens.front();
  EXPECT_THAT(report.certificates, SizeIs(others + 1));
  EXPECT_LE(to_token(), others + 25) << spy_->table();
}

TEST_F(CrowdedToken, AnInspectionWithoutThePinTakesOneCallForEachCertificateToo) {
  pin.clear();
  const auto report = run(JobKind::inspect).as<InspectResult>().tokens.front();
  EXPECT_THAT(report.certificates, SizeIs(others + 1));
  EXPECT_LE(to_token(), others + 15) << spy_->table();
}

TEST_F(CrowdedToken, ASuccessorWithItsKeyIsSeenWhateverItsObjectSaysOfItsSubject) {
  put_successor({7}, {7});
  expect_replaced();
}

TEST_F(CrowdedToken, ASuccessorWhoseKeyHasAnotherIdIsSeen) {
  put_successor({7}, {8});
  expect_replaced();
}

TEST_F(CrowdedToken, APairOfAnotherComputerIsUsedAndNotMadeAgain) {
  stop_after(3);
  std::filesystem::remove(directory.path() / "journal.sqlite");
  ASSERT_EQ(renew_named().name(), "completed");
  EXPECT_EQ(spy_->calls().at("C_GenerateKeyPair"), 1);
  expect_renewed_among_others();
}

TEST_F(CrowdedToken, TheIssuersCertificateOnTheTokenIsShownToAServerThatKnowsTheRootAlone) {
  const auto issuing = enrollment::Certificate::from_pem_file(bank.issuing().string());
  with_session([&](pkcs11::Session& session) {
    session.write_certificate(issuing.front().der(), Bytes{0xCA}, "issuing authority");
  });
  bank.set("publish", "root");
  bank.set("root_only", "1");
  const Ending ending = renew_named();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_LE(to_token(), most_calls) << spy_->table();
}

using When = DyingJournal::When;

/// Killed before or after each entry of the journal.
class InterruptedAmongOthers : public CrowdedToken,
                               public ::testing::WithParamInterface<std::tuple<When, int>> {};

TEST_P(InterruptedAmongOthers, GoesOnWithItsPairAndLeavesNothingBehind) {
  std::tie(die_when, die_at) = GetParam();
  ASSERT_EQ(renew_named().name(), "killed");
  die_when = When::never;
  const Ending ending = renew_named();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  const Contents now = contents();
  EXPECT_THAT(now.certificates, SizeIs(others + 2));
  EXPECT_THAT(now.private_keys, SizeIs(2));
  EXPECT_THAT(now.public_keys, SizeIs(2));
  EXPECT_THAT(journal()->all_unfinished(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Entries, InterruptedAmongOthers,
                         ::testing::Combine(::testing::Values(When::before, When::after),
                                            ::testing::Range(1, 6)));

}  // namespace
}  // namespace koshin::test
