// SPDX-License-Identifier: MIT
// What koshin does with a token and a bank, through its own command line.
#include <fstream>

#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

using testing::StartsWith;

class Renew : public CliFixture {};

TEST_F(Renew, inspect_says_what_is_there_and_for_how_long) {
  provision_certificate(12);
  const RunResult result = koshin({"inspect"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("Token \"Sakura Corp\""));
  EXPECT_THAT(result.out, HasSubstr("12345678901234 user0001"));
  EXPECT_THAT(result.out, HasSubstr("    Organization          Sakura Test Bank"));
  EXPECT_THAT(result.out, HasSubstr("DUE NOW"));
  EXPECT_THAT(koshin({"inspect", "--language", "ja"}).out, HasSubstr("トークン「Sakura Corp」"));
}

TEST_F(Renew, a_renewal_in_a_pipe_needs_one_line_of_input_and_says_only_the_result) {
  provision_certificate(12);
  const RunResult result = koshin({"renew", "--pin-stdin"}, std::string(right_pin) + "\n");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, StartsWith("The certificate was renewed.\n"));
  for (const char* part : {"Sakura Test Bank", "Internet Banking CA", "12345678901234 user0001",
                           "Serial number", "days left)", "The old certificate (serial number "})
    EXPECT_THAT(result.out, HasSubstr(part));
  EXPECT_THAT(result.out, Not(HasSubstr("✓")));
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
}

TEST_F(Renew, a_pin_without_a_newline_or_with_a_carriage_return_is_the_same_pin) {
  provision_certificate(12);
  EXPECT_EQ(koshin({"renew", "--dry-run", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_EQ(koshin({"renew", "--dry-run", "--pin-stdin"}, std::string(right_pin) + "\r\n").exit_code, 0);
}

TEST_F(Renew, quiet_says_nothing_at_all) {
  provision_certificate(12);
  const RunResult result = koshin({"renew", "--pin-stdin", "--quiet"}, right_pin);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(Renew, json_has_both_certificates_and_every_step) {
  provision_certificate(12);
  const Json json = koshin_json({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["command"], "renew");
  EXPECT_EQ(json["state"], "completed");
  EXPECT_EQ(json["token"]["label"], token_label);
  EXPECT_EQ(json["new_certificate"]["common_name"], default_user);
  EXPECT_NE(json["new_certificate"]["key_id"], json["old_certificate"]["key_id"]);
  EXPECT_GT(json["new_certificate"]["days_left"], json["old_certificate"]["days_left"]);
  std::vector<std::string> steps;
  for (const auto& step : json["steps"]) steps.push_back(step["step"]);
  EXPECT_THAT(steps, testing::ElementsAre("preflight", "generate_key_pair", "sign_request", "submit",
                                          "check_issued", "write", "read_back", "prove"));
}

TEST_F(Renew, the_browsers_choice_is_told_in_words_and_json_while_both_are_on_the_token) {
  provision_certificate(12);
  const Json json = koshin_json({"renew", "--pin-stdin"}, right_pin);
  const auto begins = [](const Json& certificate, const std::string& digits) {
    return digits.size() >= 8 && certificate["serial"].get<std::string>().starts_with(digits);
  };
  const Json choice = json["browsers"]["choice"];
  EXPECT_TRUE(begins(json["new_certificate"], choice["new_serial"])) << json;
  EXPECT_TRUE(begins(json["old_certificate"], choice["old_serial"])) << json;
  EXPECT_NE(choice["new_serial"], choice["old_serial"]);
  EXPECT_EQ(choice["new_not_after"], json["new_certificate"]["not_after"]);
  EXPECT_TRUE(json["browsers"]["store"].is_null()) << "no such store here";
  EXPECT_TRUE(choice["others"].empty()) << choice;
  const Json again = koshin_json({"renew", "--force", "--pin-stdin"}, right_pin);
  EXPECT_TRUE(begins(again["old_certificate"], again["browsers"]["choice"]["old_serial"])) << again;
  ASSERT_EQ(again["browsers"]["choice"]["others"].size(), 1U) << "three of one name are on the token";
  EXPECT_TRUE(begins(json["old_certificate"], again["browsers"]["choice"]["others"][0]["serial"])) << again;
  const std::string out = koshin({"renew", "--force", "--pin-stdin"}, right_pin).out;
  EXPECT_THAT(
      out, HasSubstr(
               "browsers list 4 certificates by this name: choose the one whose serial number begins with "));
  EXPECT_THAT(out, HasSubstr("Not the old one whose serial number begins with " +
                             json["old_certificate"]["serial"].get<std::string>().substr(0, 8)));
  EXPECT_THAT(out, Not(HasSubstr("Windows")));
  EXPECT_TRUE(koshin_json({"renew", "--dry-run", "--force", "--pin-stdin"}, right_pin)["browsers"].is_null());
}

TEST_F(Renew, a_dry_run_changes_nothing) {
  provision_certificate(12);
  const Json json = koshin_json({"renew", "--dry-run", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["state"], "checked");
  EXPECT_TRUE(json["new_certificate"].is_null());
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U);
  EXPECT_EQ(bank_.issued(), 0U);
}

TEST_F(Renew, history_and_status_tell_of_it_without_the_token) {
  provision_certificate(12);
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
  hsm_.remove_token(token_label);
  const Json history = koshin_json({"history"});
  ASSERT_EQ(history["records"].size(), 1U);
  EXPECT_EQ(history["records"][0]["state"], "completed");
  EXPECT_EQ(history["records"][0]["token"]["label"], token_label);
  const Json status = koshin_json({"status"});
  EXPECT_TRUE(status["unfinished"].empty());
  EXPECT_EQ(status["tokens"][0]["not_after"], history["records"][0]["new_not_after"]);
  EXPECT_EQ(status["tokens"][0]["due"], false);
  EXPECT_THAT(koshin({"history"}).out, HasSubstr("completed"));
  EXPECT_THAT(koshin({"history", "--language", "ja"}).out, HasSubstr("完了"));
}

TEST_F(Renew, a_pending_answer_has_its_own_exit_code_and_says_when) {
  provision_certificate(12);
  bank_.set("retry_after", "600");
  bank_.set("pending", "1");
  const RunResult first = koshin({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(first.exit_code, 87);
  EXPECT_THAT(first.out, HasSubstr("will decide later"));
  EXPECT_THAT(first.out, HasSubstr("Run koshin renew again from "));
  EXPECT_EQ(koshin_json({"status"})["unfinished"][0]["state"], "pending");
  EXPECT_THAT(koshin({"status"}).out, HasSubstr("waiting for the authority's approval"));
}

TEST_F(Renew, waiting_asks_again_and_completes) {
  provision_certificate(12);
  bank_.set("retry_after", "1");
  bank_.set("pending", "1");
  const Json json = koshin_json({"renew", "--pin-stdin", "--wait"}, right_pin);
  EXPECT_EQ(json["state"], "completed") << json;
  EXPECT_EQ(bank_.issued(), 1U);
}

TEST_F(Renew, waiting_has_a_limit) {
  provision_certificate(12);
  bank_.set("retry_after", "600");
  bank_.set("pending", "1");
  EXPECT_EQ(koshin_json({"renew", "--pin-stdin", "--wait", "--wait-limit", "PT5S"}, right_pin)["state"],
            "pending");
}

TEST_F(Renew, prune_deletes_the_old_certificate_and_nothing_else) {
  provision_certificate(12);
  const Json renewed = koshin_json({"renew", "--pin-stdin"}, right_pin);
  const Json pruned = koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(pruned["deleted"]["sha256"], renewed["old_certificate"]["sha256"]);
  const Json token = inspected_token();
  ASSERT_EQ(token["certificates"].size(), 1U);
  EXPECT_EQ(token["certificates"][0]["sha256"], renewed["new_certificate"]["sha256"]);
}

TEST_F(Renew, prune_deletes_what_was_not_renewed_only_when_told_so) {
  provision_certificate(12);
  const std::string sha256 = inspected_token()["certificates"][0]["sha256"];
  const auto prune = [&](std::vector<std::string> more) {
    std::vector<std::string> command{"prune", "--yes", "--pin-stdin", "--certificate", sha256};
    command.insert(command.end(), more.begin(), more.end());
    return koshin_json(command, right_pin);
  };
  EXPECT_EQ(prune({})["failure"]["reason"], "prune_not_allowed");
  EXPECT_EQ(prune({"--also-encryption"})["failure"]["reason"], "prune_not_allowed");
  EXPECT_EQ(prune({"--also-not-renewed"})["deleted"]["sha256"], sha256);
  EXPECT_EQ(koshin_json({"prune", "--yes", "--also-not-renewed"})["failure"]["reason"], "usage_error");
}

TEST_F(Renew, inspect_with_the_pin_shows_the_private_keys) {
  provision_certificate(12);
  const Json without = inspected_token();
  EXPECT_EQ(without["private_objects_hidden"], true);
  EXPECT_EQ(without["certificates"][0]["key_state"], "unknown");
  const Json with = koshin_json({"inspect", "--pin-stdin"}, right_pin)["tokens"][0];
  EXPECT_EQ(with["private_objects_hidden"], false);
  EXPECT_EQ(with["certificates"][0]["key_state"], "present");
  EXPECT_EQ(with["certificates"][0]["purpose"], "log_in");
}

TEST_F(Renew, prune_without_a_terminal_wants_yes) {
  provision_certificate(12);
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
  const RunResult result = koshin({"prune", "--pin-stdin"}, right_pin);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--yes"));
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
}

TEST_F(Renew, enroll_reads_the_pin_and_then_the_code) {
  provision_certificate(-3);
  const std::string code = bank_.reissue_code(default_user);
  const Json json =
      koshin_json({"enroll", "--pin-stdin", "--code-stdin"}, std::string(right_pin) + "\n" + code + "\n");
  ASSERT_EQ(json["ok"], true) << json;
  EXPECT_EQ(json["new_certificate"]["common_name"], default_user);
}

TEST_F(Renew, a_pin_source_of_the_owner_is_used) {
  provision_certificate(12);
  const auto file = directory_.path() / "pin";
  std::ofstream(file) << right_pin << "\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const std::string uri = "pkcs11:token=Sakura%20Corp?pin-source=file:" + file.string();
  EXPECT_EQ(koshin_json({"renew", "--token", uri})["state"], "completed");
}

TEST_F(Renew, a_pin_source_that_others_can_read_is_refused) {
  provision_certificate(12);
  const auto file = directory_.path() / "pin";
  std::ofstream(file) << right_pin << "\n";
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
  const std::string uri = "pkcs11:token=Sakura%20Corp?pin-source=file:" + file.string();
  EXPECT_EQ(koshin_json({"renew", "--token", uri})["failure"]["reason"], "pin_source_unsafe");
}

TEST_F(Renew, doctor_finds_nothing_wrong_where_nothing_is) {
  provision_certificate(12);
  const Json json = koshin_json({"doctor", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["ok"], true) << json;
  EXPECT_EQ(json["complete"], false) << "nobody has written to this token: " << json;
  EXPECT_FALSE(json["checks"].empty());
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}, right_pin).out, HasSubstr("Left open: writing. Whether"));
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_EQ(koshin_json({"doctor", "--pin-stdin"}, right_pin)["complete"], true);
  EXPECT_THAT(koshin({"doctor", "--pin-stdin"}, right_pin).out,
              HasSubstr("Whether the authority issues a certificate shows only when it is asked."));
}

TEST_F(Renew, doctor_promises_nothing_that_it_has_not_looked_at) {
  provision_certificate(12);
  const Json json = koshin_json({"doctor"});
  EXPECT_EQ(json["ok"], true) << json;
  EXPECT_EQ(json["complete"], false) << json;
  EXPECT_THAT(koshin({"doctor"}).out, HasSubstr("Left open: log-in to the token, private key, log-in there"));
  EXPECT_THAT(koshin({"doctor", "--language", "ja"}).out, HasSubstr("確認できていない項目"));
}

TEST_F(Renew, a_certificate_too_weak_for_this_computer_is_no_matter_of_the_network) {
  provision_as(hsm_, token_label, bank_, {.weak = true});
  const Json json = koshin_json({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["failure"]["reason"], "certificate_too_weak") << json;
  EXPECT_EQ(json["failure"]["retry"], "never");
  EXPECT_THAT(json["failure"]["user_action"].get<std::string>(), HasSubstr("re-issue"));
  EXPECT_EQ(koshin({"doctor"}).exit_code, 90);
}

TEST_F(Renew, a_server_that_never_asks_is_no_log_in_for_the_doctor) {
  provision_certificate(12);
  TestBank silent(directory_.path() / "bank", TestBank::Options{.switches = {{"never_asks", "1"}}});
  write_settings_with("authority.url = \"" + silent.url() + "\"\nauthority.prove_url = \"\"\n");
  const RunResult doctor = koshin({"doctor", "--pin-stdin"}, right_pin);
  EXPECT_EQ(doctor.exit_code, 90) << doctor.out;
  EXPECT_THAT(doctor.out, Not(HasSubstr("the certificate logs in")));
  EXPECT_THAT(doctor.out, Not(HasSubstr("Nothing")));
  EXPECT_EQ(koshin_json({"renew", "--pin-stdin"}, right_pin)["failure"]["reason"],
            "certificate_not_requested");
}

TEST_F(Renew, doctor_speaks_japanese_and_its_json_keeps_the_identifiers) {
  provision_certificate(12);
  const RunResult result = koshin({"doctor", "--language", "ja"});
  for (const char* words :
       {"プロキシ", "なし (認証局に直接接続します)", "電子証明書と鍵の組", "PIN が入力されていません"})
    EXPECT_THAT(result.out, HasSubstr(words));
  for (const char* words : {"log-in", "certificate(s)", "no PIN", "can be", " day(s)", "proxy "})
    EXPECT_THAT(result.out, Not(HasSubstr(words)));
  const Json json = koshin_json({"doctor", "--language", "ja"});
  for (const Json& check : json["checks"]) {
    EXPECT_FALSE(check["id"].get<std::string>().empty());
    EXPECT_TRUE(check["finding"].is_string() || check["reason"].is_string()) << check;
    if (check["id"] == "log_in") {
      EXPECT_EQ(check["name"], "log-in to the token");
      EXPECT_EQ(check["finding"], "pin_not_given");
      EXPECT_EQ(check["text"], "PIN が入力されていません");
    }
  }
}

TEST_F(Renew, wait_comes_back_when_a_busy_authority_has_said) {
  provision_certificate(12);
  bank_.set("status", "1*503:maintenance");
  bank_.set("retry_after", "1");
  const RunResult busy = koshin({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(busy.exit_code, 82) << busy.err;
  bank_.set("status", "1*503:maintenance");
  const RunResult result = koshin({"renew", "--pin-stdin", "--wait"}, right_pin);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  bank_.set("status", "1*503:maintenance");
  bank_.set("retry_after", "7200");
  const RunResult limited =
      koshin({"renew", "--pin-stdin", "--force", "--wait", "--wait-limit", "PT1H"}, right_pin);
  EXPECT_EQ(limited.exit_code, 82) << "longer than it may wait";
}

TEST_F(Renew, a_busy_authority_is_left_alone_by_machines_and_asked_again_by_people) {
  provision_certificate(12);
  const auto pin_file = directory_.path() / "pin";
  std::ofstream(pin_file) << right_pin << "\n";
  std::filesystem::permissions(pin_file, std::filesystem::perms::owner_read);
  const std::string token = "pkcs11:token=Sakura%20Corp?pin-source=file:" + pin_file.string();
  bank_.set("simplereenroll.status", "1*503:maintenance");
  bank_.set("retry_after", "7200");
  const RunResult busy = koshin({"renew", "--token", token});
  EXPECT_EQ(busy.exit_code, 82) << busy.err;
  EXPECT_THAT(busy.err, HasSubstr("Wait until:"));
  const RunResult again = koshin({"renew", "--token", token});
  EXPECT_EQ(again.exit_code, 82) << again.err;
  EXPECT_THAT(again.err, HasSubstr("not asked again before"));
  const RunResult person = koshin({"renew", "--pin-stdin", "--progress"}, right_pin);
  EXPECT_EQ(person.exit_code, 0) << person.err;
  EXPECT_THAT(person.out, HasSubstr("asked for more patience"));
}

TEST_F(Renew, doctor_names_an_authority_that_is_not_there) {
  provision_certificate(12);
  write_settings_with("authority.url = \"https://127.0.0.1:9\"\nauthority.attempts = 1\n");
  const RunResult result = koshin({"doctor"});
  EXPECT_EQ(result.exit_code, 90) << result.out << result.err;
}

}  // namespace
}  // namespace koshin::test
