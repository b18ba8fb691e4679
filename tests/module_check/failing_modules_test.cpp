// SPDX-License-Identifier: MIT
// koshin-module-check on a module that fails on demand, cut off, and its report of such.
#include <fstream>
#include <iterator>
#include <set>

#include "check_fixture.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::test {
namespace {

using FailingModules = ModuleCheck;

TEST_F(FailingModules, a_module_whose_keys_were_not_made_there_fails_with_the_reason) {
  const auto run = check_faulty([](faults::Plan& plan) { plan.imported_keys = true; });
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.report["passed"], false);
  EXPECT_EQ(run.outcome("enroll"), "failed");
  EXPECT_EQ(run.reason("enroll"), "key_not_made_on_token");
  EXPECT_EQ(run.outcome("renew"), "skipped");
  EXPECT_EQ(run.outcome("untouched"), "passed") << run.in_words();
  EXPECT_TRUE(objects().empty());
}

TEST_F(FailingModules, a_module_that_crashes_fails_with_the_reason) {
  const auto run = check_faulty([](faults::Plan& plan) {
    plan.function = "C_GenerateKeyPair";
    plan.at = 1;
    plan.action = faults::Action::kill;
  });
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.reason("enroll"), "module_crashed") << run.in_words();
  EXPECT_TRUE(objects().empty());
}

TEST_F(FailingModules, what_a_module_does_not_delete_is_named_and_deleted_by_a_later_check) {
  const auto run = check_faulty([](faults::Plan& plan) {
    plan.function = "C_DestroyObject";
    plan.at = 1;
    plan.from_then_on = true;
    plan.action = faults::Action::error;
    plan.rv = 0x6;  // CKR_FUNCTION_FAILED
  });
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.outcome("renew"), "passed") << run.in_words();
  EXPECT_EQ(run.outcome("prune"), "failed") << run.in_words();
  EXPECT_EQ(run.outcome("untouched"), "failed");
  EXPECT_FALSE(run.report["left"].empty());
  EXPECT_FALSE(leaves_no_state());
  const auto later = check();
  EXPECT_EQ(later.result.exit_code, 0) << later.in_words();
  EXPECT_EQ(later.outcome("leftovers"), "passed") << later.in_words();
  EXPECT_TRUE(objects().empty());
  EXPECT_TRUE(leaves_no_state());
}

/// Whatever the trouble is: the report tells how far the check came.
TEST_F(FailingModules, trouble_of_this_computer_is_a_failed_check_in_a_report) {
  (void)check_faulty([](faults::Plan& plan) {
    plan.function = "C_DestroyObject";
    plan.at = 1;
    plan.from_then_on = true;
    plan.action = faults::Action::error;
    plan.rv = 0x6;
  });
  ASSERT_FALSE(leaves_no_state());
  const auto folder = std::filesystem::directory_iterator(state())->path() / "wrong-pin";
  std::filesystem::create_directories(folder / "not a file");
  const auto run = check();
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.reason("inspect"), "internal_error") << run.in_words();
  std::filesystem::remove_all(folder);
  EXPECT_EQ(check().result.exit_code, 0);
  EXPECT_TRUE(leaves_no_state());
}

/// As after a power cut: the authority's files are not made durable, the journal is.
TEST_F(FailingModules, what_was_left_is_deleted_even_when_the_authority_is_lost) {
  (void)check_faulty([](faults::Plan& plan) {
    plan.function = "C_DestroyObject";
    plan.at = 1;
    plan.from_then_on = true;
    plan.action = faults::Action::error;
    plan.rv = 0x6;
  });
  ASSERT_FALSE(objects().empty());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(state())) {
    const auto name = entry.path().filename();
    if (name == "issuing.pem" || name == "ledger.jsonl") std::filesystem::resize_file(entry.path(), 20);
  }
  const auto later = check();
  EXPECT_EQ(later.result.exit_code, 0) << later.in_words();
  EXPECT_EQ(later.outcome("leftovers"), "passed") << later.in_words();
  EXPECT_TRUE(objects().empty());
}

TEST_F(FailingModules, a_check_that_is_killed_is_cleaned_up_by_the_next_one) {
  TestBank bank(path_ / "bank");
  provision(hsm_, label, bank, pkcs11::KeyAlgorithm::ec_p256, 12);
  const auto before = objects();
  stop_with("KILL");
  EXPECT_GT(objects().size(), before.size());
  const auto next = check();
  EXPECT_EQ(next.result.exit_code, 0) << next.in_words();
  EXPECT_EQ(next.outcome("leftovers"), "passed") << next.in_words();
  EXPECT_EQ(objects(), before);
}

/// Tokens of a TPM, say: their serial number is one, and their labels may be.
TEST_F(FailingModules, what_is_left_on_one_of_two_equal_tokens_is_not_forgotten_with_the_other) {
  hsm_.init_token("another", right_pin);
  hsm_.remove_token("another");
  const std::string dull = "0000000000000000";
  const std::vector<std::string> words{KOSHIN_FAULT_MODULE, "--token-uri", "pkcs11:token=twin",
                                       "--yes-use-token",   dull,          "--pin-file",
                                       pin_.string()};
  plan_.alike = true;
  plan_.serial = dull;
  EXPECT_NE(stop_with("KILL", words).exit_code, 0);
  ASSERT_FALSE(objects().empty());
  plan_.action = faults::Action::none;
  faults::save(plan_, path_ / "plan");
  const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
  hsm_.remove_token(label);
  hsm_.reinsert_token("another");
  const auto other = run_check(path_, words);
  EXPECT_EQ(other.result.exit_code, 1) << other.in_words();
  EXPECT_EQ(other.reason("leftovers"), "token_not_found") << other.in_words();
  EXPECT_THAT(other.result.out, HasSubstr("insert that token"));
  hsm_.remove_token("another");
  hsm_.reinsert_token(label);
  const auto right = run_check(path_, words);
  EXPECT_EQ(right.result.exit_code, 0) << right.in_words();
  EXPECT_EQ(right.outcome("leftovers"), "passed");
  EXPECT_TRUE(objects().empty());
  EXPECT_TRUE(leaves_no_state());
}

TEST_F(FailingModules, a_check_that_is_stopped_says_what_it_leaves) {
  const auto stopped = stop_with("INT");
  EXPECT_EQ(stopped.exit_code, info(Reason::interrupted).exit_code) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("The same command deletes it first"));
  EXPECT_THAT(stopped.err, HasSubstr("test certificate with the fingerprint"));
  EXPECT_EQ(check().outcome("leftovers"), "passed");
  EXPECT_TRUE(objects().empty());
}

/// What the token says of its tries then is the check's own doing.
TEST_F(FailingModules, a_check_that_is_stopped_at_its_wrong_pin_enters_the_right_one_next_time) {
  enter_wrong_pin();
  EXPECT_EQ(check().result.exit_code, info(Reason::pin_count_low).exit_code) << "not the check's own";
  (void)objects();  // with the right PIN
  std::string command = "\"$(dirname \"$koshin\")/koshin-module-check\" --wrong-pin";
  for (const auto& word : arguments()) command += " '" + word + "'";
  const auto stopped =
      run_in_shell(command + " & check=$!; for i in $(seq 6000); do ls '" + state().string() +
                   "'/*/wrong-pin && break; sleep 0.01; done 2>/dev/null; kill -INT $check; "
                   "wait $check; exit $?");
  EXPECT_EQ(stopped.exit_code, info(Reason::interrupted).exit_code) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("One wrong PIN may have been tried"));
  enter_wrong_pin();  // whether it was tried yet or not
  const auto next = check();
  EXPECT_EQ(next.result.exit_code, 0) << next.in_words();
  EXPECT_TRUE(leaves_no_state());
}

void collect_members(const Json& value, std::set<std::string>& names) {
  for (const auto& item : value.items()) {
    if (value.is_object()) names.insert(item.key());
    if (item.value().is_structured()) collect_members(item.value(), names);
  }
}

/// The schema is docs/module-check.md: its members and no others, of these types.
TEST_F(FailingModules, the_report_is_as_documented) {
  const auto run = check_faulty([](faults::Plan& plan) {
    plan.function = "C_DestroyObject";
    plan.at = 1;
    plan.from_then_on = true;
    plan.action = faults::Action::error;
    plan.rv = 0x6;
  });
  std::ifstream file(KOSHIN_SOURCE_DIR "/docs/module-check.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> names;
  collect_members(run.report, names);
  for (const auto& name : names) EXPECT_THAT(page, HasSubstr("`" + name + "`"));
  const Json& report = run.report;
  EXPECT_EQ(report["schema"], 1);
  EXPECT_EQ(report["program"], "koshin-module-check");
  EXPECT_TRUE(report["koshin"].is_string());
  EXPECT_TRUE(report["passed"].is_boolean());
  EXPECT_TRUE(report["module"]["tokens"].is_number_unsigned());
  for (const char* text : {"file", "description", "manufacturer", "version"})
    EXPECT_TRUE(report["module"][text].is_string()) << text;
  for (const char* text : {"manufacturer", "model", "hardware_version", "firmware_version"})
    EXPECT_TRUE(report["token"][text].is_string()) << text;
  EXPECT_FALSE(report["token"].contains("serial"));
  EXPECT_FALSE(report["token"]["flags"].empty());
  ASSERT_FALSE(report["mechanisms"].empty());
  for (const Json& mechanism : report["mechanisms"]) {
    EXPECT_TRUE(mechanism["name"].is_string() || mechanism["name"].is_null());
    for (const char* number : {"number", "min_key_size", "max_key_size", "flags"})
      EXPECT_TRUE(mechanism[number].is_number_unsigned()) << number;
  }
  const std::set<std::string> outcomes{"passed", "failed", "skipped"};
  for (const Json& one : report["checks"]) {
    EXPECT_THAT(page, HasSubstr("`" + one["id"].get<std::string>() + "`"));
    EXPECT_TRUE(outcomes.contains(one["result"]));
    EXPECT_TRUE(one["milliseconds"].is_number());
    EXPECT_EQ(one["reason"].is_string(), one["result"] == "failed") << one;
    EXPECT_EQ(one["detail"].is_string(), one["result"] == "failed") << one;
    EXPECT_TRUE(one["notes"].is_array());
  }
  ASSERT_FALSE(report["left"].empty());
  for (const char* text : {"kind", "id", "label"}) EXPECT_TRUE(report["left"][0][text].is_string()) << text;
}

}  // namespace
}  // namespace koshin::test
