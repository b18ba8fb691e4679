// SPDX-License-Identifier: MIT
// The bank's word for the PIN (branding.pin_name) in the terminal: prompts, failures, doctor; of the bank
// that the command is about.
#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

class BankNames : public CliFixture {
 protected:
  BankNames() {
    write_settings_with("branding.pin_name_en = \"token password\"\nbranding.pin_name_ja = \"暗証番号\"\n");
    provision_certificate(12);
  }
};

TEST_F(BankNames, the_prompt_and_a_refusal_say_it) {
  const RunResult result =
      koshin_on_terminal({"renew", "--dry-run"}, {{"Token password of token \"Sakura Corp\"", "11111111\n"}});
  EXPECT_EQ(result.exit_code, 41) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("PIN of token")));
  const RunResult refused = koshin({"renew", "--dry-run", "--pin-stdin", "--insist-count-low"}, "11111111");
  EXPECT_EQ(refused.exit_code, 41);
  EXPECT_THAT(refused.err, HasSubstr("koshin: The token password was not right"));
  const RunResult japanese =
      koshin({"renew", "--dry-run", "--pin-stdin", "--insist-count-low", "--language", "ja"}, "11111111");
  EXPECT_THAT(japanese.err, HasSubstr("koshin: 暗証番号が違います。"));
}

TEST_F(BankNames, doctor_and_inspect_say_it) {
  const std::string said = koshin({"doctor", "--language", "ja"}).out;
  EXPECT_THAT(said, HasSubstr("✓ 暗証番号 "));
  EXPECT_THAT(said, HasSubstr("暗証番号が入力されていません"));
  EXPECT_THAT(koshin({"inspect", "--language", "ja"}).out, HasSubstr("  暗証番号 "));
}

TEST_F(BankNames, the_document_for_scripts_keeps_the_word) {
  EXPECT_THAT(koshin({"doctor", "--json"}).out, Not(HasSubstr("token password")));
}

TEST_F(BankNames, a_word_that_is_none_is_refused_with_its_place) {
  write_settings_with("branding.pin_name_en = \"the {0}\"\n");
  const RunResult result = koshin({"config", "check"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("branding.pin_name_en must be at most 60 bytes long, without braces"));
}

}  // namespace
}  // namespace koshin::test
