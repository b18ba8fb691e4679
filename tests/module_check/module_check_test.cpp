// SPDX-License-Identifier: MIT
// koshin-module-check on SoftHSM, and on a module that fails on demand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "check_run.hpp"
#include "faults/fault_plan.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token_survey.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* label = "Sakura Corp";
constexpr const char* right_pin = "86420975";

class ModuleCheck : public testing::Test {
 protected:
  ModuleCheck() : hsm_(path_ / "softhsm") {
    isolate_user(path_ / "user");
    hsm_.init_token(label, right_pin);
    pin_ = write_secret(path_ / "pin", right_pin);
  }

  std::string serial() const {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    for (const auto& token : module->tokens())
      if (token.label == label) return token.identity.serial;
    return {};
  }
  std::vector<std::string> arguments(const std::string& module = SoftHsm::module()) const {
    return {module,       "--token-uri", "pkcs11:token=Sakura%20Corp", "--yes-use-token", serial(),
            "--pin-file", pin_.string()};
  }
  CheckRun check(const std::vector<std::string>& more = {}) const {
    auto words = arguments();
    words.insert(words.end(), more.begin(), more.end());
    return run_check(path_, words);
  }
  /// Everything on the token.
  std::vector<pkcs11::ObjectFingerprint> objects() const {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    for (const auto& token : module->tokens()) {
      if (token.label != label) continue;
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
      session->login(pkcs11::User::user, {right_pin, std::string_view(right_pin).size()});
      auto found = pkcs11::fingerprints(*module, token.slot);
      std::sort(found.begin(), found.end(),
                [](const auto& one, const auto& other) { return one.digest < other.digest; });
      return found;
    }
    return {};
  }
  std::filesystem::path state() const { return path_ / "user/state/koshin/module-check"; }
  bool leaves_no_state() const { return std::filesystem::is_empty(state()); }

  /// The fault module in place of SoftHSM, as told.
  CheckRun check_faulty(const std::function<void(faults::Plan&)>& change) {
    plan_.module = SoftHsm::module();
    plan_.log = path_ / "calls";
    plan_.removed = path_ / "removed";
    change(plan_);
    faults::save(plan_, path_ / "plan");
    const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
    return run_check(path_, arguments(KOSHIN_FAULT_MODULE));
  }
  /// Starts a check whose worker hangs in C_CreateObject, and sends it this signal once it does.
  RunResult stop_with(const std::string& signal) {
    plan_.module = SoftHsm::module();
    plan_.log = path_ / "calls";
    plan_.removed = path_ / "removed";
    plan_.function = "C_CreateObject";
    plan_.at = 1;
    plan_.action = faults::Action::hang;
    faults::save(plan_, path_ / "plan");
    const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
    std::string command = "\"$(dirname \"$koshin\")/koshin-module-check\"";
    for (const auto& word : arguments(KOSHIN_FAULT_MODULE)) command += " '" + word + "'";
    const std::string log = plan_.log.string();
    return run_in_shell(command + " & check=$!; for i in $(seq 300); do grep -q C_CreateObject '" + log +
                        "' && break; sleep 0.1; done; kill -" + signal + " $check; wait $check; exit $?");
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path();
  SoftHsm hsm_;
  std::filesystem::path pin_;
  faults::Plan plan_;
};

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

TEST_F(ModuleCheck, a_module_whose_keys_were_not_made_there_fails_with_the_reason) {
  const auto run = check_faulty([](faults::Plan& plan) { plan.imported_keys = true; });
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.report["passed"], false);
  EXPECT_EQ(run.outcome("enroll"), "failed");
  EXPECT_EQ(run.reason("enroll"), "key_not_made_on_token");
  EXPECT_EQ(run.outcome("renew"), "skipped");
  EXPECT_EQ(run.outcome("untouched"), "passed") << run.in_words();
  EXPECT_TRUE(objects().empty());
}

TEST_F(ModuleCheck, a_module_that_crashes_fails_with_the_reason) {
  const auto run = check_faulty([](faults::Plan& plan) {
    plan.function = "C_GenerateKeyPair";
    plan.at = 1;
    plan.action = faults::Action::kill;
  });
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.reason("enroll"), "module_crashed") << run.in_words();
  EXPECT_TRUE(objects().empty());
}

TEST_F(ModuleCheck, what_a_module_does_not_delete_is_named_and_deleted_by_a_later_check) {
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

/// As after a power cut: the authority's files are not made durable, the journal is.
TEST_F(ModuleCheck, what_was_left_is_deleted_even_when_the_authority_is_lost) {
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

TEST_F(ModuleCheck, a_report_that_cannot_be_written_is_told) {
  auto words = arguments();
  words.insert(words.end(), {"--json", "/nowhere/report.json"});
  const auto run = run_program("koshin-module-check", words);
  EXPECT_EQ(run.exit_code, info(Reason::output_lost).exit_code) << run.out << run.err;
  EXPECT_TRUE(objects().empty());
}

TEST_F(ModuleCheck, a_check_that_is_killed_is_cleaned_up_by_the_next_one) {
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

TEST_F(ModuleCheck, a_check_that_is_stopped_says_what_it_leaves) {
  const auto stopped = stop_with("INT");
  EXPECT_EQ(stopped.exit_code, info(Reason::interrupted).exit_code) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("The same command deletes it first"));
  EXPECT_THAT(stopped.err, HasSubstr("test certificate with the fingerprint"));
  EXPECT_EQ(check().outcome("leftovers"), "passed");
  EXPECT_TRUE(objects().empty());
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

void collect_members(const Json& value, std::set<std::string>& names) {
  for (const auto& item : value.items()) {
    if (value.is_object()) names.insert(item.key());
    if (item.value().is_structured()) collect_members(item.value(), names);
  }
}

/// The schema is docs/module-check.md: its members and no others, of these types.
TEST_F(ModuleCheck, the_report_is_as_documented) {
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
