// SPDX-License-Identifier: MIT
// koshin renew --all: three certificates in one sitting, with one PIN.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

class RenewAll : public CliFixture {
 protected:
  RenewAll() { write_settings_with(all_purposes); }
  void provision_three(int days_left = 12) {
    provision_certificate(days_left);
    add("critical,digitalSignature,nonRepudiation");
    add("critical,keyAgreement");
  }
  void add(const std::string& usage) {
    provision_as(hsm_, token_label, bank_, {.usage = usage, .extended_usage = "emailProtection"});
  }
  std::set<std::filesystem::path> objects_on_token() const {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(hsm_.token_directory(token_label)))
      if (entry.path().extension() == ".object") files.insert(entry.path());
    return files;
  }
  static std::vector<std::string> states(const Json& json) {
    std::vector<std::string> all;
    for (const auto& one : json["results"]) all.push_back(one["state"]);
    return all;
  }
  static constexpr const char* all_purposes =
      "renewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
      "authority.signature_label = \"signature\"\nauthority.encryption_label = \"encryption\"\n";
};

TEST_F(RenewAll, three_in_one_sitting_each_with_its_own_end) {
  provision_three();
  const Json json = koshin_json({"renew", "--all", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["state"], "completed") << json;
  EXPECT_THAT(states(json), testing::ElementsAre("completed", "completed", "completed"));
  std::vector<std::string> purposes;
  for (const auto& one : json["results"]) {
    purposes.push_back(one["new_certificate"]["purpose"]);
    EXPECT_EQ(one["steps"].size(), 8U);
  }
  EXPECT_THAT(purposes, testing::ElementsAre("log_in", "signature", "encryption"));
  EXPECT_EQ(inspected_token()["certificates"].size(), 6U);
  const Json again = koshin_json({"renew", "--all", "--if-due", "--pin-stdin"}, right_pin);
  EXPECT_EQ(again["state"], "not_due");
  EXPECT_EQ(koshin_json({"history"})["records"].size(), 3U);
}

TEST_F(RenewAll, one_that_fails_does_not_keep_the_others) {
  write_settings_with(
      "renewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
      "authority.signature_label = \"encryption\"\nauthority.encryption_label = \"encryption\"\n");
  provision_three();
  const Json json = koshin_json({"renew", "--all", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["state"], "incomplete");
  EXPECT_THAT(states(json), testing::ElementsAre("completed", "failed", "completed"));
  EXPECT_EQ(json["failure"]["reason"], "issued_usage_changed");
}

TEST_F(RenewAll, a_renewal_of_one_says_that_others_are_due) {
  provision_three();
  EXPECT_THAT(koshin({"renew", "--pin-stdin"}, right_pin).out, HasSubstr("due as well: 2."));
  EXPECT_EQ(koshin({"renew", "--all", "--pin-stdin"}, right_pin).exit_code, 0);
}

TEST_F(RenewAll, what_went_wrong_and_what_to_do_is_said_also_when_only_that_is_wanted) {
  write_settings_with(
      "renewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
      "authority.signature_label = \"encryption\"\nauthority.encryption_label = \"encryption\"\n");
  provision_three();
  const RunResult run = koshin({"renew", "--all", "--quiet", "--pin-stdin"}, right_pin);
  EXPECT_EQ(run.exit_code, 106);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("not renewed: signatures"));
  EXPECT_THAT(run.err, HasSubstr("What you can do:"));
  EXPECT_THAT(run.err, HasSubstr("issued_usage_changed (exit code 106)"));
}

TEST_F(RenewAll, each_that_was_cut_goes_on_with_the_same_pair) {
  provision_three();
  bank_.set("simplereenroll.status", "500:down");
  EXPECT_THAT(states(koshin_json({"renew", "--all", "--pin-stdin"}, right_pin)),
              testing::ElementsAre("failed", "failed", "failed"));
  bank_.set("simplereenroll.status", "0");
  const Json json = koshin_json({"renew", "--all", "--pin-stdin"}, right_pin);
  EXPECT_THAT(states(json), testing::ElementsAre("completed", "completed", "completed"));
  for (const auto& one : json["results"]) EXPECT_TRUE(one["steps"][1]["resumed"]) << one["steps"];
  EXPECT_EQ(bank_.issued(), 3U);
  EXPECT_EQ(koshin_json({"history"})["records"].size(), 3U);
}

/// A request that waits for approval calls nobody to renew: status says that the authority has it, and since
/// when.
TEST_F(RenewAll, one_that_the_authority_is_deciding_about_is_not_called_due) {
  provision_certificate(12);
  bank_.set("pending", "3600");
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 87);
  const std::string said = koshin({"status"}).out;
  EXPECT_THAT(said, Not(HasSubstr("DUE NOW")));
  EXPECT_THAT(said, HasSubstr("the authority is deciding about the request (begun "));
  EXPECT_THAT(said, HasSubstr("nothing before"));
  const Json status = koshin_json({"status"});
  EXPECT_EQ(status["tokens"][0]["deciding_since"], status["unfinished"][0]["started"]);
}

/// What tells two unfinished renewals of one token apart, and how one of them is named.
TEST_F(RenewAll, unfinished_ones_are_told_apart_and_given_up_by_their_certificates) {
  provision_certificate(12);
  add("critical,digitalSignature,nonRepudiation");
  bank_.set("simplereenroll.status", "500:down");
  ASSERT_THAT(states(koshin_json({"renew", "--all", "--pin-stdin"}, right_pin)),
              testing::ElementsAre("failed", "failed"));
  std::map<std::string, Json> by_purpose;
  const Json unfinished = koshin_json({"status"})["unfinished"];
  for (const Json& record : unfinished) by_purpose[record["old_certificate"]["purpose"]] = record;
  ASSERT_EQ(by_purpose.size(), 2U);
  EXPECT_NE(by_purpose["log_in"]["old_certificate"]["serial"],
            by_purpose["signature"]["old_certificate"]["serial"]);
  const std::string serial = by_purpose["signature"]["old_certificate"]["serial"];
  const std::string sha256 = by_purpose["signature"]["old_sha256"];
  const std::string line = "signatures, 12345678901234 user0001, serial number " + serial;
  for (const char* command : {"status", "history"}) EXPECT_THAT(koshin({command}).out, HasSubstr(line));
  EXPECT_THAT(koshin({"status"}).out, HasSubstr(sha256));

  const RunResult asked = koshin_on_terminal({"cancel", "--keep-key"}, {{"Which one?", "\n"}});
  EXPECT_THAT(asked.out, HasSubstr(line));
  const Json none = koshin_json({"cancel", "--yes", "--keep-key", "--certificate", std::string(64, 'a')});
  EXPECT_EQ(none["failure"]["reason"], "nothing_unfinished");
  EXPECT_EQ(koshin_json({"status"})["unfinished"].size(), 2U);

  const std::string log_in = by_purpose["log_in"]["old_sha256"];
  const Json given_up = koshin_json({"cancel", "--yes", "--keep-key", "--certificate", log_in});
  EXPECT_EQ(given_up["old_sha256"], log_in);
  EXPECT_EQ(given_up["old_certificate"]["purpose"], "log_in");
  const Json left = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0]["old_sha256"], sha256);
  const Json records = koshin_json({"history"})["records"];
  for (const Json& record : records)
    if (record["state"] == "abandoned") {
      EXPECT_EQ(record["last_failure"]["reason"], "given_up");
    }
}

TEST_F(RenewAll, one_that_is_not_due_any_more_is_no_failure_with_if_due) {
  provision_certificate(12);
  provision_as(hsm_, token_label, bank_,
               {.usage = "critical,digitalSignature,nonRepudiation", .extended_usage = "emailProtection"},
               pkcs11::KeyAlgorithm::ec_p256, 200);
  const Json before = inspected_token()["certificates"];
  const auto signature =
      std::ranges::find_if(before, [](const Json& one) { return one["purpose"] == "signature"; });
  ASSERT_NE(signature, before.end());
  const auto objects = objects_on_token();
  bank_.set("simplereenroll.status", "500:down");
  const std::vector<std::string> begin{"renew", "--force", "--certificate", (*signature)["sha256"],
                                       "--pin-stdin"};
  EXPECT_EQ(koshin_json(begin, right_pin)["ok"], false);
  bank_.set("simplereenroll.status", "0");
  for (const auto& file : objects_on_token())
    if (!objects.contains(file)) std::filesystem::remove(file);  // its new pair
  const std::vector<std::string> all{"renew", "--all", "--if-due", "--pin-stdin"};
  const Json json = koshin_json(all, right_pin);
  EXPECT_THAT(states(json), testing::ElementsAre("completed", "not_due")) << json;
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["state"], "completed");
}

TEST_F(RenewAll, a_person_types_the_pin_once) {
  provision_three();
  const std::string typed = std::string(right_pin) + "\n";
  const RunResult result = koshin_on_terminal({"renew", "--all"}, {{"PIN of token \"Sakura Corp\"", typed}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("3 of 3: encryption"));
  EXPECT_EQ(inspected_token()["certificates"].size(), 6U);
}

TEST_F(RenewAll, ctrl_c_leaves_the_others_untried_and_says_that_hooks_may_not_have_run) {
  const auto hooks = directory_.path() / "hooks.d", ran = directory_.path() / "ran";
  std::filesystem::create_directory(hooks);
  std::ofstream(hooks / "50-inventory") << "#!/bin/sh\necho x >>'" << ran.string() << "'\n";
  std::filesystem::permissions(hooks / "50-inventory", std::filesystem::perms(0755));
  write_settings_with("hooks.directory = \"" + hooks.string() + "\"\n" + all_purposes);
  provision_three();
  bank_.set("slow", "700");
  const std::string typed = std::string(right_pin) + "\n";
  const RunResult result = koshin_on_terminal(
      {"renew", "--all"}, {{"PIN of token \"Sakura Corp\"", typed}, {"2 of 3: signatures", "\x03"}});
  EXPECT_EQ(result.exit_code, 5) << result.out;
  EXPECT_THAT(result.out, HasSubstr("renewed: log-in"));
  EXPECT_THAT(result.out, HasSubstr("not tried: signatures")) << "it had not begun";
  EXPECT_THAT(result.out, HasSubstr("not tried: encryption"));
  EXPECT_THAT(result.out, HasSubstr("koshin renew --if-due runs the rest now"));
  EXPECT_FALSE(std::filesystem::exists(ran));
  bank_.set("slow", "0");
  EXPECT_EQ(koshin({"renew", "--all", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_EQ(bank_.issued(), 3U);
  EXPECT_EQ(std::filesystem::file_size(ran), 6U) << "a line for each certificate";
}

TEST_F(RenewAll, a_wrong_pin_is_tried_once_and_nothing_else) {
  provision_three();
  const Json json = koshin_json({"renew", "--all", "--pin-stdin"}, "00000000");
  EXPECT_EQ(json["failure"]["reason"], "pin_incorrect");
  EXPECT_FALSE(inspected_token()["pin"]["final_try"]);
  EXPECT_EQ(koshin({"renew", "--all", "--pin-stdin", "--insist-count-low"}, right_pin).exit_code, 0);
}

TEST_F(RenewAll, in_words_each_is_named_by_what_it_is_for) {
  provision_three();
  const RunResult result = koshin({"renew", "--all", "--pin-stdin", "--progress"}, right_pin);
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  for (const char* part : {"3 certificates of token", "1 of 3: log-in", "2 of 3: signatures",
                           "3 of 3: encryption", "renewed: signatures", "This certificate does not log in."})
    EXPECT_THAT(result.out, HasSubstr(part));
  EXPECT_THAT(result.out, Not(HasSubstr("Log in with")));
}

TEST_F(RenewAll, inspect_says_of_each_that_it_is_due) {
  provision_three();
  const std::string shown = koshin({"inspect"}).out;
  std::size_t due = 0;
  for (auto at = shown.find("DUE NOW"); at != std::string::npos; at = shown.find("DUE NOW", at + 1)) ++due;
  EXPECT_EQ(due, 3U) << shown;
}

TEST_F(RenewAll, it_goes_with_no_single_certificate) {
  const RunResult result = koshin({"renew", "--all", "--force"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--all"));
}

}  // namespace
}  // namespace koshin::test
