// SPDX-License-Identifier: MIT
// koshin-module-check on SoftHSM.
#include <unistd.h>

#include "check_fixture.hpp"
#include "foundation/failures/failure.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::test {
namespace {

TEST_F(ModuleCheck, everything_passes_on_softhsm_and_nothing_is_left) {
  const auto run = check({"--wrong-pin"});
  EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
  EXPECT_EQ(run.report["passed"], true);
  for (const char* id : {"module", "inspect", "before", "dry_run", "enroll", "doctor", "renew", "wrong_pin",
                         "right_pin", "lost_answer", "resume", "prune", "untouched"})
    EXPECT_EQ(run.outcome(id), "passed") << id << run.in_words();
  EXPECT_EQ(run.report["module"]["manufacturer"], "SoftHSM");
  EXPECT_TRUE(objects().empty());
  EXPECT_TRUE(leaves_no_state());
}

TEST_F(ModuleCheck, a_wrong_pin_is_tried_only_with_consent) {
  const auto run = check();
  EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
  EXPECT_EQ(run.outcome("wrong_pin"), "skipped");
  EXPECT_EQ(run.outcome("right_pin"), "skipped");
}

TEST_F(ModuleCheck, what_others_have_put_there_stays_and_is_not_told) {
  TestBank bank(path_ / "bank");
  provision(hsm_, label, bank, pkcs11::KeyAlgorithm::ec_p256, 12);
  const auto before = objects();
  ASSERT_EQ(before.size(), 3U);
  const auto run = check();
  EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
  EXPECT_EQ(objects(), before);
  for (const std::string& text : {run.report.dump(), run.result.out}) {
    EXPECT_THAT(text, Not(HasSubstr("user0001")));
    EXPECT_THAT(text, Not(HasSubstr(serial())));
    EXPECT_THAT(text, Not(HasSubstr(right_pin)));
  }
  EXPECT_THAT(check({"--with-serial"}).report.dump(), HasSubstr(serial()));
}

/// Its key pair bears koshin's mark, and belongs to somebody all the same.
TEST_F(ModuleCheck, an_unfinished_renewal_of_koshin_is_not_touched) {
  TestBank bank(path_ / "bank");
  provision(hsm_, label, bank, pkcs11::KeyAlgorithm::ec_p256, 12);
  const auto settings = write_settings(path_, bank, "authority.attempts = 1\n");
  bank.set("drop_before_issue", "1");
  const std::vector<std::string> renew{"renew", "--pin-stdin", "--settings", settings.string()};
  const std::string pin = std::string(right_pin) + "\n";
  EXPECT_NE(run_koshin(renew, pin).exit_code, 0);
  const auto before = objects();
  ASSERT_EQ(before.size(), 5U) << "a pair with its certificate, and a pair that waits for one";
  const auto run = check();
  EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
  EXPECT_EQ(objects(), before);
  const auto resumed = run_koshin(renew, pin);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.out << resumed.err;
  EXPECT_EQ(objects().size(), 6U);
}

TEST_F(ModuleCheck, a_report_that_cannot_be_written_is_told) {
  auto words = arguments();
  words.insert(words.end(), {"--json", "/nowhere/report.json"});
  const auto run = run_program("koshin-module-check", words);
  EXPECT_EQ(run.exit_code, info(Reason::output_lost).exit_code) << run.out << run.err;
  EXPECT_TRUE(objects().empty());
}

/// A user without a runtime folder, as of cron: the locks are below the state folder then, and the check's
/// state is in another one.
TEST_F(ModuleCheck, a_token_that_another_program_works_on_is_left_alone) {
  if (std::filesystem::exists("/run/user/" + std::to_string(geteuid())))
    GTEST_SKIP() << "SKIPPED: this user has a runtime folder";
  const std::map<std::string, std::string> no_folder{{"XDG_RUNTIME_DIR", ""}};
  const ScopedEnvironment without(no_folder);
  {
    const auto held =
        renewal::TokenLock::acquire(renewal::token_key("SoftHSM project", "SoftHSM v2", serial(), label));
    const auto run = check();
    EXPECT_EQ(run.result.exit_code, info(Reason::token_busy).exit_code) << run.in_words();
    EXPECT_THAT(run.result.err, HasSubstr("is being worked on by"));
    EXPECT_TRUE(objects().empty());
  }
  EXPECT_EQ(check().result.exit_code, 0);
}

TEST_F(ModuleCheck, a_token_is_used_only_when_a_person_agrees) {
  const auto refused = run_check(
      path_, {SoftHsm::module(), "--token-uri", "pkcs11:token=Sakura%20Corp", "--pin-file", pin_.string()});
  EXPECT_EQ(refused.result.exit_code, 2);
  EXPECT_THAT(refused.result.err, HasSubstr("--yes-use-token"));
  auto words = arguments();
  words[4] = "another";
  const auto other = run_check(path_, words);
  EXPECT_EQ(other.result.exit_code, 2);
  EXPECT_THAT(other.result.err, HasSubstr("another serial number"));
  EXPECT_FALSE(std::filesystem::exists(state()));
}

TEST_F(ModuleCheck, on_a_terminal_the_label_and_the_pin_are_typed) {
  const std::vector<std::string> words{SoftHsm::module(), "--token-uri", "pkcs11:token=Sakura%20Corp"};
  const auto declined =
      run_program_on_terminal("koshin-module-check", words, {{"label to go on: ", "yes\n"}});
  EXPECT_EQ(declined.exit_code, info(Reason::interrupted).exit_code) << declined.out;
  EXPECT_THAT(declined.out, HasSubstr("nothing was done"));
  const auto agreed = run_program_on_terminal(
      "koshin-module-check", words,
      {{"label to go on: ", std::string(label) + "\n"}, {": ", std::string(right_pin) + "\n"}});
  EXPECT_EQ(agreed.exit_code, 0) << agreed.out;
  EXPECT_THAT(agreed.out, Not(HasSubstr(right_pin)));
}

TEST_F(ModuleCheck, a_pin_that_is_wrong_costs_one_try_and_nothing_is_made) {
  write_secret(pin_, "11111111");
  const auto run = check();
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.reason("inspect"), "pin_incorrect") << run.in_words();
  EXPECT_EQ(run.outcome("enroll"), "skipped");
  EXPECT_TRUE(objects().empty());
  EXPECT_TRUE(leaves_no_state());
}

TEST_F(ModuleCheck, speaks_japanese) {
  const auto run = check({"--language", "ja"});
  EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
  EXPECT_THAT(run.result.out, HasSubstr("すべて合格しました。"));
}

TEST_F(ModuleCheck, a_module_that_is_not_there_is_a_failed_check) {
  const auto run = run_check(path_, {"/nowhere/module.so", "--token-uri", "pkcs11:"});
  EXPECT_EQ(run.result.exit_code, 1);
  EXPECT_EQ(run.reason("module"), "module_not_found") << run.in_words();
}

}  // namespace
}  // namespace koshin::test
