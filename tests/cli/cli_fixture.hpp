// SPDX-License-Identifier: MIT
// A token at the stand-in bank, and koshin set up for both.
#pragma once

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "program_run.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

inline constexpr const char* token_label = "Sakura Corp";
/// Not SoftHsm::default_pin, which is the beginning of the common name: a test looks for it in what was
/// shown.
inline constexpr const char* right_pin = "86420975";

class CliFixture : public testing::Test {
 protected:
  CliFixture();

  /// A certificate on the token that expires in so many days.
  void provision_certificate(int days_left);
  RunResult koshin(std::vector<std::string> arguments, const std::string& input = {}) const;
  RunResult koshin_on_terminal(std::vector<std::string> arguments, const std::vector<Answer>& answers) const;
  /// Runs with --json and gives the document; the test fails when there is not exactly one line.
  Json koshin_json(std::vector<std::string> arguments, const std::string& input = {}) const;
  Json inspected_token() const;
  void write_settings_with(const std::string& extra);

  TemporaryDirectory directory_;
  SoftHsm hsm_;
  TestBank bank_;
  std::filesystem::path settings_;
};

}  // namespace koshin::test
