// SPDX-License-Identifier: MIT
// Two tokens that say the same of themselves, in one module: each has a URI that means it alone.
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

}  // namespace
}  // namespace koshin::test
