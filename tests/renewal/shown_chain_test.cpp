// SPDX-License-Identifier: MIT
// A server that knows the root alone has to be shown the issuing authority's certificate: whichever job, run
// or step logs in, it shows the same.
#include <gmock/gmock.h>

#include <filesystem>

#include "foundation/system/paths.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::DoctorResult;
using messages::JobKind;
using renewal::State;
using ::testing::HasSubstr;

class ShownChain : public RenewalTest {
 protected:
  void SetUp() override { old_ = provision_token(); }
  void root_only(bool yes) { bank.set("root_only", yes ? "1" : "0"); }
  DoctorResult::Check check(const std::string& id) {
    const Ending ending = run(JobKind::doctor);
    for (const auto& one : ending.as<DoctorResult>().checks) {
      if (one.id == id) return one;
    }
    ADD_FAILURE() << "no check called " << id;
    return {};
  }
  void expect_completes() {
    const Ending ending = renew();
    EXPECT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
    EXPECT_EQ(bank.issued(), 1U);
    expect_renewed(old_);
  }
  /// A run whose proof met a server that was out of order.
  void leave_the_proof() {
    bank.set("login.status", "503:not now");
    settings.authority.attempts = 1;
    ASSERT_EQ(renew().name(), "authority_busy");
    ASSERT_EQ(unfinished()->state, State::written);
    bank.set("login.status", "0");
  }
  void forget() {
    for (const auto& file : std::filesystem::directory_iterator(paths::state_directory()))
      if (file.path().extension() == ".pem") std::filesystem::remove(file);
  }
  Bytes old_;
};

TEST_F(ShownChain, AnAuthorityThatRefusesACertificateAloneTellsSomebodyWithoutOneWhatToShow) {
  root_only(true);
  EXPECT_EQ(check("authority").status, "ok");
  expect_completes();
}

TEST_F(ShownChain, TheDoctorLogsInAsARenewalDoes) {
  ASSERT_EQ(check("authority").status, "ok");
  root_only(true);
  const auto proof = check("proof");
  EXPECT_EQ(proof.status, "ok") << proof.text;
}

TEST_F(ShownChain, ARunThatHasOnlyTheProofLeftShowsWhatTheOneBeforeWouldHave) {
  leave_the_proof();
  root_only(true);
  const auto asked = bank.requests("cacerts");
  expect_completes();
  EXPECT_EQ(bank.requests("cacerts"), asked) << "it is known";
}

TEST_F(ShownChain, WhatIsNotKnownAnyMoreIsAskedForBeforeTheProof) {
  leave_the_proof();
  forget();
  root_only(true);
  expect_completes();
}

TEST_F(ShownChain, ARefusalOfACertificateThatGoesAloneNamesTheIssuerThatIsMissing) {
  bank.set("publish", "root");
  root_only(true);
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "authority_authentication_failed");
  EXPECT_THAT(ending.failure->detail, HasSubstr("authority.issuer_anchors"));
  EXPECT_EQ(contents().private_keys.size(), 1U);
}

}  // namespace
}  // namespace koshin::test
