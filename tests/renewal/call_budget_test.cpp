// SPDX-License-Identifier: MIT
// How often the token is asked: "nothing twice" as numbers.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"
#include "spy.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;

class CallBudget : public RenewalTest {
 protected:
  void SetUp() override {
    if (pkcs11::spy_module().empty()) GTEST_SKIP() << "OpenSC's pkcs11-spy is not installed";
    provision_token();
    spy.emplace(SoftHsm::module(), directory.path());
    settings.token.modules = {pkcs11::spy_module().string()};
  }
  /// Calls that a token may hear of: C_GetFunctionList is between the module and us.
  int to_token() const { return spy->total() - spy->calls().at("C_GetFunctionList"); }
  std::optional<pkcs11::Spy> spy;
};

TEST_F(CallBudget, AWholeRenewalTakesAtMost38Calls) {
  ASSERT_EQ(renew().name(), "completed");
  const auto calls = spy->calls();
  EXPECT_LE(to_token(), 38) << spy->table();
  EXPECT_EQ(calls.at("C_Initialize"), 1);
  EXPECT_EQ(calls.at("C_OpenSession"), 1);
  EXPECT_EQ(calls.at("C_Login"), 1);
  EXPECT_EQ(calls.at("C_GenerateKeyPair"), 1);
  EXPECT_EQ(calls.at("C_Sign"), 3) << "request, TLS, proof";
  EXPECT_EQ(calls.at("C_CreateObject"), 1);
  EXPECT_EQ(calls.count("C_DestroyObject"), 0U);
}

TEST_F(CallBudget, AResumedRenewalMakesNoKeyAndSpendsNoSecondLogin) {
  die_when = DyingJournal::When::after;
  die_at = 3;
  ASSERT_EQ(renew().name(), "killed");
  die_when = DyingJournal::When::never;
  const auto before = spy->calls();
  ASSERT_EQ(renew().name(), "completed");
  const auto calls = spy->calls();
  EXPECT_EQ(calls.at("C_GenerateKeyPair"), before.at("C_GenerateKeyPair"));
  EXPECT_EQ(calls.at("C_Login"), before.at("C_Login") + 1);
  EXPECT_EQ(calls.at("C_Sign"), before.at("C_Sign") + 2) << "TLS and proof";
}

TEST_F(CallBudget, AnInspectionTakesAtMost13Calls) {
  pin.clear();
  ASSERT_EQ(run(JobKind::inspect).name(), "result");
  EXPECT_LE(to_token(), 13) << spy->table();
  EXPECT_EQ(spy->calls().count("C_Login"), 0U);
}

TEST_F(CallBudget, AWaitForTheAuthorityOpensTheTokenOnlyToLookForAnotherCertificate) {
  bank.set("pending", "1");
  bank.set("retry_after", "3600");
  ASSERT_EQ(renew().name(), "pending");
  const std::string waiting = unfinished()->old_sha256;
  const auto before = spy->calls();
  ASSERT_EQ(run(JobKind::renew, [&](auto& job) { job.certificate_sha256 = waiting; }).name(), "pending");
  EXPECT_EQ(spy->calls().at("C_OpenSession"), before.at("C_OpenSession")) << "named, as the agent names it";
  ASSERT_EQ(renew().name(), "pending");
  const auto calls = spy->calls();
  EXPECT_EQ(calls.at("C_OpenSession"), before.at("C_OpenSession") + 1);
  EXPECT_EQ(calls.at("C_Login"), before.at("C_Login"));
}

TEST_F(CallBudget, AWrongPinIsPresentedOnce) {
  pin = "0000000";
  ASSERT_EQ(renew().name(), "pin_incorrect");
  EXPECT_EQ(spy->calls().at("C_Login"), 1);
}

}  // namespace
}  // namespace koshin::test
