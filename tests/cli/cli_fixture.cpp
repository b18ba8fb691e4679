// SPDX-License-Identifier: MIT
#include "cli_fixture.hpp"

#include <algorithm>

namespace koshin::test {

CliFixture::CliFixture() : hsm_(directory_.path() / "softhsm"), bank_(directory_.path() / "bank") {
  isolate_user(directory_.path() / "user");
  hsm_.init_token(token_label, right_pin);
  write_settings_with("");
}

void CliFixture::write_settings_with(const std::string& extra) {
  settings_ = write_settings(directory_.path(), bank_, extra);
}

void CliFixture::provision_certificate(int days_left) {
  provision(hsm_, token_label, bank_, pkcs11::KeyAlgorithm::ec_p256, days_left);
}

RunResult CliFixture::koshin(std::vector<std::string> arguments, const std::string& input) const {
  arguments.insert(arguments.end(), {"--settings", settings_.string()});
  return run_koshin(arguments, input);
}

RunResult CliFixture::koshin_on_terminal(std::vector<std::string> arguments,
                                         const std::vector<Answer>& answers) const {
  arguments.insert(arguments.end(), {"--settings", settings_.string()});
  return run_koshin_on_terminal(arguments, answers);
}

Json CliFixture::koshin_json(std::vector<std::string> arguments, const std::string& input) const {
  arguments.emplace_back("--json");
  const RunResult result = koshin(std::move(arguments), input);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out;
  Json json = Json::parse(result.out);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["ok"], result.exit_code == 0);
  if (json.contains("failure")) {
    EXPECT_EQ(json["failure"]["exit_code"], result.exit_code);
  }
  return json;
}

Json CliFixture::inspected_token() const {
  const Json json = koshin_json({"inspect"});
  EXPECT_EQ(json["tokens"].size(), 1U) << json;
  return json["tokens"][0];
}

}  // namespace koshin::test
