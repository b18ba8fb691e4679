// SPDX-License-Identifier: MIT
// The colours of doctor, status, config check and failures: on a terminal, and nowhere else.
#include <map>
#include <string>

#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr const char* red = "\x1b[1;31m";
constexpr const char* yellow = "\x1b[33m";
constexpr const char* green = "\x1b[32m";
constexpr const char* code = "\x1b[";

class TerminalColors : public CliFixture {
 protected:
  ScopedEnvironment environment_{Variables{{"TERM", "xterm"}, {"NO_COLOR", ""}}};
};

TEST_F(TerminalColors, doctor_marks_what_is_in_order_and_what_is_wrong) {
  provision_certificate(-3);
  const std::string said = koshin_on_terminal({"doctor"}, {}).out;
  EXPECT_THAT(said, HasSubstr(std::string(green) + "✓\x1b[0m settings"));
  EXPECT_THAT(said, HasSubstr(std::string(red) + "✗\x1b[0m certificate"));
}

TEST_F(TerminalColors, status_and_inspect_show_a_date_that_matters) {
  provision_certificate(12);
  EXPECT_THAT(koshin_on_terminal({"inspect"}, {}).out, HasSubstr(yellow));
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_THAT(koshin_on_terminal({"status"}, {}).out, Not(HasSubstr(code))) << "nothing is due";
}

TEST_F(TerminalColors, a_failure_and_wrong_settings_begin_in_red) {
  write_settings_with("token.uri = \"pkcs11:token=Nobody\"\n");
  EXPECT_THAT(koshin_on_terminal({"renew"}, {}).out, HasSubstr(std::string(red) + "koshin: "));
  write_settings_with("authority.atempts = 3\n");
  EXPECT_THAT(koshin_on_terminal({"config", "check"}, {}).out, HasSubstr(std::string(red) + "koshin: "));
}

TEST_F(TerminalColors, a_person_who_wants_none_gets_none) {
  provision_certificate(-3);
  {
    const ScopedEnvironment refused(Variables{{"NO_COLOR", "1"}});
    EXPECT_THAT(koshin_on_terminal({"doctor"}, {}).out, Not(HasSubstr(code)));
    EXPECT_THAT(koshin_on_terminal({"doctor", "--color", "always"}, {}).out, HasSubstr(red));
  }
  {
    const ScopedEnvironment dumb(Variables{{"TERM", "dumb"}});
    EXPECT_THAT(koshin_on_terminal({"doctor"}, {}).out, Not(HasSubstr(code)));
  }
  EXPECT_THAT(koshin_on_terminal({"doctor", "--color=never"}, {}).out, Not(HasSubstr(code)));
}

TEST_F(TerminalColors, a_pipe_gets_the_same_words_without) {
  provision_certificate(-3);
  const RunResult piped = koshin({"doctor"});
  EXPECT_THAT(piped.out + piped.err, Not(HasSubstr(code)));
  EXPECT_THAT(piped.out, HasSubstr("  ✗ certificate"));
  const RunResult asked = koshin({"doctor", "--color", "always"});
  EXPECT_THAT(asked.out, HasSubstr(red));
  EXPECT_THAT(koshin({"doctor", "--json", "--color", "always"}).out, Not(HasSubstr(code)));
}

TEST_F(TerminalColors, another_word_than_the_three_is_refused) {
  const RunResult result = koshin({"status", "--color", "sometimes"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("'sometimes' is not one of auto, always, never"));
}

}  // namespace
}  // namespace koshin::test
