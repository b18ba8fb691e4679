// SPDX-License-Identifier: MIT
// Two tokens in one module: those that say the same of themselves have URIs that mean one alone, and
// token.uri of the settings says which one is meant where --token does not.
#include <fstream>

#include "cli_fixture.hpp"
#include "faults/trial.hpp"

namespace koshin::test {
namespace {

class TwinTokens : public CliFixture {
 protected:
  TwinTokens() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() + "\"]\n");
    provision_certificate(12);
    hsm_.init_token("The other one", right_pin);
    provision(hsm_, "The other one", bank_, pkcs11::KeyAlgorithm::ec_p256, 9, "12345678901234 user0002");
    faults::Plan plan;
    plan.module = SoftHsm::module();
    plan.log = directory_.path() / "calls.log";
    plan.removed = directory_.path() / "removed";
    plan.alike = true;
    save(plan, directory_.path() / "plan");
  }
  Json tokens() { return koshin_json({"inspect"})["tokens"]; }

 private:
  const ScopedEnvironment playing_{{{faults::plan_variable, (directory_.path() / "plan").string()}}};
};

TEST_F(TwinTokens, EachIsRenewedByItsOwnName) {
  const Json before = tokens();
  ASSERT_EQ(before.size(), 2U) << before;
  EXPECT_EQ(before[0]["label"], before[1]["label"]);
  EXPECT_EQ(before[0]["serial"], before[1]["serial"]);
  EXPECT_NE(before[0]["uri"], before[1]["uri"]);
  for (const Json& token : before) {
    const std::string uri = token["uri"];
    EXPECT_THAT(uri, HasSubstr(";slot-description="));
    const RunResult run = koshin({"renew", "--pin-stdin", "--token", uri}, right_pin);
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr(token["certificates"][0]["common_name"]));
  }
  for (const Json& token : tokens()) EXPECT_EQ(token["certificates"].size(), 2U) << token;
  EXPECT_EQ(bank_.issued(), 2U);
}

class MeantToken : public CliFixture {
 protected:
  MeantToken() {
    provision_certificate(12);
    hsm_.init_token("The other one", right_pin);
    provision(hsm_, "The other one", bank_, pkcs11::KeyAlgorithm::ec_p256, 12);
  }
};

TEST_F(MeantToken, TheSettingsSayWhichTokenIsPruned) {
  EXPECT_EQ(koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin)["failure"]["reason"],
            "token_ambiguous");
  write_settings_with("token.uri = \"pkcs11:token=The%20other%20one\"\n");
  const RunResult renewed = koshin({"renew", "--pin-stdin"}, right_pin);
  ASSERT_EQ(renewed.exit_code, 0) << renewed.out << renewed.err;
  const RunResult pruned = koshin({"prune", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(pruned.exit_code, 0) << pruned.out << pruned.err;
  for (const Json& token : koshin_json({"inspect"})["tokens"])
    EXPECT_EQ(token["certificates"].size(), 1U) << token;
}

TEST_F(MeantToken, OneThatTheSettingsDescribeAndThatIsNotHereIsNotFound) {
  write_settings_with("token.uri = \"pkcs11:token=A%20third%20one\"\n");
  const Json refused = koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin)["failure"];
  EXPECT_EQ(refused["reason"], "token_not_found") << refused;
  EXPECT_THAT(std::string(refused["detail"]), HasSubstr("token.uri"));
}

}  // namespace
}  // namespace koshin::test
