// SPDX-License-Identifier: MIT
// Certificates that no bank of the settings claims: why, for each bank.
#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

class Unclaimed : public CliFixture {
 protected:
  Unclaimed() : ume_(directory_.path() / "ume", {.name = "Ume"}) {
    provision_certificate(12);
    claim("CN=Sakura Bank CA,.*");
  }
  /// Sakura by the issuer's name, Ume by the token's label.
  void claim(const std::string& issuer_of_sakura) {
    const std::string token = "token_uri = \"pkcs11:token=Ume%20Trading\"\n";
    settings_ = write_settings_of_banks(
        directory_.path(), "",
        bank_section("sakura", bank_, issuer_of_sakura) + bank_section("ume", ume_, "") + token);
  }
  std::string sha256() const { return inspected_token()["certificates"][0]["sha256"]; }
  static std::string pin() { return std::string(right_pin) + "\n"; }

  const std::string why_ = "sakura (expect.issuer_pattern), ume (expect.token_uri)";
  TestBank ume_;
};

TEST_F(Unclaimed, InspectNamesTheSettingOfEachBankThatLeavesItOut) {
  EXPECT_THAT(koshin({"inspect"}).out,
              HasSubstr("not by koshin: no bank of the settings claims it: " + why_));
  EXPECT_THAT(koshin({"inspect", "--language", "ja"}).out,
              HasSubstr("設定のどの銀行にも当てはまりません: " + why_));
}

TEST_F(Unclaimed, ARenewalOfItNamesThemAll) {
  const Json named = koshin_json({"renew", "--certificate", sha256(), "--pin-stdin"}, pin());
  EXPECT_EQ(named["failure"]["reason"], "certificate_not_found");
  EXPECT_THAT(named["failure"]["detail"].get<std::string>(), HasSubstr(why_));
}

TEST_F(Unclaimed, WhatWasRenewedHereIsNotSaidToBeGone) {
  claim("CN=Sakura User CA,.*");
  EXPECT_EQ(koshin({"renew", "--pin-stdin"}, pin()).exit_code, 0);
  claim("CN=Sakura Bank CA,.*");
  EXPECT_NE(koshin({"renew", "--bank", "sakura", "--pin-stdin"}, pin()).exit_code, 0);
  EXPECT_THAT(koshin({"status"}).out, Not(HasSubstr("re-issue")));
}

/// Known here, and claimed by no bank.
TEST_F(Unclaimed, HoldsUpNoRenewalThatWaitsForAnApproval) {
  provision(hsm_, token_label, ume_, pkcs11::KeyAlgorithm::ec_p256, 3, "98765432109876 user0009");
  const auto claim_both = [&](const std::string& of_sakura) {
    settings_ = write_settings_of_banks(
        directory_.path(), "",
        bank_section("sakura", bank_, of_sakura) + bank_section("ume", ume_, "CN=Ume User CA,.*"));
  };
  claim_both("CN=Sakura User CA,.*");
  bank_.set("validity_days", "20");  // what is written is due at once
  EXPECT_EQ(koshin({"renew", "--bank", "sakura", "--pin-stdin"}, pin()).exit_code, 0);
  ume_.set("retry_after", "600");
  ume_.set("pending", "1");
  EXPECT_NE(koshin({"renew", "--bank", "ume", "--pin-stdin"}, pin()).exit_code, 0);
  claim_both("CN=Sakura Bank CA,.*");
  const Json waiting = koshin_json({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(waiting["state"], "pending") << waiting;
}

TEST_F(Unclaimed, IsNoReasonToAskForATokenThatCanBeRenewed) {
  claim("CN=Sakura User CA,.*");
  bank_.set("validity_days", "20");
  EXPECT_EQ(koshin({"renew", "--pin-stdin"}, pin()).exit_code, 0);
  claim("CN=Sakura Bank CA,.*");
  hsm_.init_token("Ume Trading", right_pin);
  provision(hsm_, "Ume Trading", ume_, pkcs11::KeyAlgorithm::ec_p256, 3, "98765432109876 user0009");
  const RunResult renewed = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(renewed.exit_code, 0) << renewed.err;
  EXPECT_EQ(ume_.issued(), 1U);
}

TEST_F(Unclaimed, WhatTwoBanksClaimHoldsUpNoOtherRenewal) {
  provision(hsm_, token_label, ume_, pkcs11::KeyAlgorithm::ec_p256, 3, "98765432109876 user0009");
  settings_ = write_settings_of_banks(
      directory_.path(), "",
      bank_section("sakura", bank_, "CN=.* User CA,.*") + bank_section("ume", ume_, "CN=Ume User CA,.*"));
  const RunResult first = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(bank_.issued(), 1U);
  EXPECT_THAT(first.out, HasSubstr("Also due: a certificate of bank ume"));
  EXPECT_EQ(koshin_json({"renew", "--pin-stdin"}, pin())["failure"]["reason"], "bank_ambiguous");
}

}  // namespace
}  // namespace koshin::test
