// SPDX-License-Identifier: MIT
// What goes wrong, as exit code, JSON and words.
#include <fstream>

#include "cli_fixture.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::test {
namespace {

class RenewFailure : public CliFixture {
 protected:
  std::string reason(std::vector<std::string> arguments, const std::string& input = {}) const {
    return koshin_json(std::move(arguments), input)["failure"]["reason"];
  }
};

TEST_F(RenewFailure, a_wrong_pin_costs_one_try_and_says_what_to_do) {
  provision_certificate(12);
  const RunResult result = koshin({"renew", "--pin-stdin"}, "0987654321\n");
  EXPECT_EQ(result.exit_code, 41);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, testing::StartsWith("koshin: "));
  EXPECT_THAT(result.err, HasSubstr("What you can do: "));
  EXPECT_THAT(result.err, HasSubstr("pin_incorrect"));
  EXPECT_THAT(result.err, HasSubstr("(exit code 41)"));
  EXPECT_THAT(result.err, Not(HasSubstr("0987654321")));
  EXPECT_EQ(inspected_token()["pin"]["locked"], false);
}

TEST_F(RenewFailure, P2_a_pin_that_is_handed_over_after_a_wrong_one_is_tried_only_with_the_option) {
  provision_certificate(12);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, "0987654321\n"), "pin_incorrect");
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, "0987654321\n"), "pin_count_low");
  EXPECT_EQ(inspected_token()["pin"]["count_low"], true);
  const Json renewed = koshin_json({"renew", "--pin-stdin", "--insist-count-low"}, right_pin);
  EXPECT_EQ(renewed["state"], "completed") << renewed;
  EXPECT_EQ(inspected_token()["pin"]["count_low"], false);
}

TEST_F(RenewFailure, it_says_so_in_japanese) {
  provision_certificate(12);
  const RunResult result = koshin({"renew", "--pin-stdin", "--language", "ja"}, "0987654321\n");
  EXPECT_EQ(result.exit_code, 41);
  EXPECT_THAT(result.err, HasSubstr("  対処: "));
  EXPECT_THAT(result.err, HasSubstr("(終了コード 41)"));
}

TEST_F(RenewFailure, a_pin_of_another_length_costs_no_try) {
  provision_certificate(12);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, "12\n"), "pin_length_invalid");
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, std::string(300, '1') + "\n"), "pin_length_invalid");
  EXPECT_EQ(inspected_token()["pin"]["count_low"], false);
}

TEST_F(RenewFailure, a_pin_in_another_encoding_costs_no_try_whatever_the_settings_allow) {
  provision_certificate(12);
  write_settings_with("token.pin_characters = \"any\"\n");
  for (const std::string pin : {"\x82\xb3\x82\xad\x82\xe7"
                                "12",
                                "\xa4\xb5\xa4\xaf"
                                "12",
                                "\xef\xbb\xbf"
                                "86420975"})
    EXPECT_EQ(reason({"renew", "--pin-stdin"}, pin + "\n"), "secret_unusable");
  EXPECT_EQ(inspected_token()["pin"]["count_low"], false);
  EXPECT_EQ(koshin_on_terminal({"renew"}, {{": ", "\x82\xb3\x82\xad\x82\xe7\n"}}).exit_code, 33);
  EXPECT_EQ(inspected_token()["pin"]["count_low"], false);
}

TEST_F(RenewFailure, a_pinentry_that_cannot_ask_is_a_local_cause_in_its_own_words) {
  provision_certificate(12);
  const auto program = directory_.path() / "pinentry";
  std::ofstream(program)
      << "#!/bin/sh\necho 'OK hello'\nwhile read -r line; do case \"$line\" in GETPIN) echo noise >&2;"
         " echo 'ERR 83918950 Inappropriate ioctl for device <Pinentry>';; *) echo OK;; esac; done\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const RunResult result = koshin({"renew", "--json", "--pinentry-program", program.string()});
  EXPECT_EQ(result.err, "") << "--json promises nothing on standard error";
  const Json failure = Json::parse(result.out)["failure"];
  EXPECT_EQ(failure["reason"], "pinentry_failed");
  EXPECT_EQ(failure["retry"], "after_user_action");
  EXPECT_THAT(failure["detail"].get<std::string>(), HasSubstr("Inappropriate ioctl for device"));
  EXPECT_THAT(failure["detail"].get<std::string>(), HasSubstr("noise"));
  EXPECT_THAT(failure["admin_action"].get<std::string>(), HasSubstr("GPG_TTY"));
  EXPECT_EQ(reason({"renew", "--pinentry-program", "/no/such/pinentry"}), "pinentry_failed");
}

TEST_F(RenewFailure, no_pin_at_all) {
  provision_certificate(12);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}), "pin_required");
  EXPECT_EQ(reason({"renew"}), "pin_required");
}

TEST_F(RenewFailure, a_certificate_that_is_not_due_is_left_alone_unless_forced) {
  provision_certificate(200);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "not_due");
  EXPECT_EQ(koshin_json({"renew", "--force", "--pin-stdin"}, right_pin)["state"], "completed");
}

TEST_F(RenewFailure, with_if_due_nothing_due_is_a_success_and_any_other_failure_is_none) {
  provision_certificate(200);
  const Json nothing = koshin_json({"renew", "--if-due", "--pin-stdin"}, right_pin);
  EXPECT_EQ(nothing["ok"], true);
  EXPECT_EQ(nothing["state"], "not_due");
  const RunResult said = koshin({"renew", "--if-due", "--pin-stdin"}, right_pin);
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, HasSubstr("does not need to be renewed yet"));
  EXPECT_EQ(reason({"renew", "--if-due", "--force", "--pin-stdin"}, right_pin), "usage_error");
}

TEST_F(RenewFailure, with_if_due_what_is_due_is_renewed) {
  provision_certificate(12);
  EXPECT_EQ(reason({"renew", "--if-due"}), "pin_required");
  EXPECT_EQ(koshin_json({"renew", "--if-due", "--pin-stdin"}, right_pin)["state"], "completed");
}

TEST_F(RenewFailure, not_due_is_found_before_a_pin_is_asked_for) {
  provision_certificate(200);
  const RunResult result = koshin_on_terminal({"renew"}, {});
  EXPECT_EQ(result.exit_code, 60) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("PIN of token")));
}

TEST_F(RenewFailure, an_expired_certificate_needs_a_reissue) {
  provision_certificate(-2);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "reissue_needed");
}

TEST_F(RenewFailure, nobody_types_a_pin_to_learn_that_it_takes_a_reissue) {
  provision_certificate(-2);
  const RunResult result = koshin_on_terminal({"renew"}, {});
  EXPECT_EQ(result.exit_code, 61) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("PIN of token")));
  EXPECT_EQ(bank_.requests("cacerts"), 1U) << "the authority was asked for the date";
}

TEST_F(RenewFailure, an_empty_token_has_no_certificate_to_renew) {
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "certificate_not_found");
}

TEST_F(RenewFailure, no_token) {
  const std::string uri = "pkcs11:token=Sakura%20Corp";
  hsm_.remove_token(token_label);
  EXPECT_EQ(reason({"inspect", "--token", uri}), "token_not_found");
  EXPECT_EQ(reason({"renew", "--pin-stdin", "--token", uri}, right_pin), "token_not_found");
}

TEST_F(RenewFailure, a_blank_token_is_shown_and_cannot_be_renewed) {
  hsm_.remove_token(token_label);  // SoftHSM then offers a slot with a token that was never initialised
  EXPECT_THAT(koshin({"inspect"}).out, HasSubstr("has not been initialized"));
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "token_uninitialized");
  EXPECT_EQ(koshin_on_terminal({"renew"}, {}).exit_code, 23);
}

TEST_F(RenewFailure, two_tokens_need_a_name) {
  hsm_.init_token("Other Corp", right_pin);
  provision_certificate(12);
  EXPECT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "token_ambiguous");
  EXPECT_EQ(
      koshin_json({"renew", "--pin-stdin", "--token", "pkcs11:token=Sakura%20Corp"}, right_pin)["state"],
      "completed");
}

TEST_F(RenewFailure, a_module_that_the_settings_do_not_name_is_not_loaded) {
  EXPECT_EQ(reason({"inspect", "--module", "/tmp/evil.so"}), "usage_error");
  EXPECT_THAT(koshin({"inspect", "--module", "/tmp/evil.so"}).err,
              HasSubstr("/tmp/evil.so is not in token.modules"));
}

TEST_F(RenewFailure, a_refusal_of_the_authority_is_told_with_its_words) {
  provision_certificate(12);
  bank_.set("status", "403:not in office hours");
  const Json json = koshin_json({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["failure"]["reason"], "authority_refused");
  EXPECT_THAT(json["failure"]["detail"].get<std::string>(), HasSubstr("not in office hours"));
}

TEST_F(RenewFailure, status_tells_why_the_last_renewal_was_given_up) {
  provision_certificate(12);
  bank_.set("simplereenroll.status", "403:not in office hours");
  ASSERT_EQ(reason({"renew", "--pin-stdin"}, right_pin), "authority_refused");
  const Json status = koshin_json({"status"});
  ASSERT_EQ(status["given_up"].size(), 1U);
  EXPECT_EQ(status["given_up"][0]["last_failure"]["reason"], "authority_refused");
  const std::string said = koshin({"status"}).out;
  EXPECT_THAT(said, HasSubstr(std::string(info(Reason::authority_refused).in(Language::en).cause)));
  EXPECT_THAT(said, HasSubstr("koshin renew begins it again"));
}

TEST_F(RenewFailure, inspect_calls_nothing_due_that_a_renewal_refuses) {
  provision_certificate(12);
  EXPECT_THAT(koshin({"inspect"}).out, HasSubstr("DUE NOW"));
  EXPECT_TRUE(inspected_token()["certificates"][0]["renewal_refused"].is_null());
  write_settings_with("expect.organization = \"Another Bank\"\n");
  const std::string said = koshin({"inspect"}).out;
  EXPECT_THAT(said, Not(HasSubstr("DUE NOW")));
  EXPECT_THAT(said, HasSubstr("expect.organization is \"Another Bank\" in the settings, and here it is \""));
  EXPECT_EQ(inspected_token()["certificates"][0]["renewal_refused"],
            reason({"renew", "--pin-stdin"}, right_pin));
}

/// A certificate for signatures that is ours is not renewed without one that logs in, and nothing is wrong
/// with its names.
TEST_F(RenewFailure, inspect_says_where_the_certificate_is_missing_that_would_log_in) {
  provision_as(hsm_, token_label, bank_,
               {.usage = "critical,digitalSignature,nonRepudiation", .extended_usage = "emailProtection"});
  write_settings_with("renewal.purposes = [\"login\", \"signature\"]\n");
  const std::string said = koshin({"inspect", "--pin-stdin"}, right_pin).out;
  EXPECT_THAT(said, HasSubstr("authenticated by a certificate for logging in"));
  EXPECT_THAT(said, Not(HasSubstr("in the settings, and here")));
}

TEST_F(RenewFailure, an_empty_code_is_no_missing_pin) {
  provision_certificate(-3);
  EXPECT_EQ(reason({"enroll", "--pin-stdin", "--code-stdin"}, std::string(right_pin) + "\n\n"),
            "reissue_needed");
}

TEST_F(RenewFailure, a_wrong_pin_of_a_file_names_the_file) {
  provision_certificate(12);
  const auto file = directory_.path() / "pin";
  std::ofstream(file) << "97531\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const Json json =
      koshin_json({"renew", "--token", "pkcs11:token=Sakura%20Corp?pin-source=file:" + file.string()});
  EXPECT_EQ(json["failure"]["reason"], "pin_incorrect");
  EXPECT_THAT(json["failure"]["detail"].get<std::string>(), HasSubstr(file.string()));
  EXPECT_THAT(json.dump(), Not(HasSubstr("97531")));
}

TEST_F(RenewFailure, a_wrong_code_is_not_a_wrong_pin) {
  provision_certificate(-3);
  EXPECT_EQ(reason({"enroll", "--pin-stdin", "--code-stdin"}, std::string(right_pin) + "\nWRONG-CODE\n"),
            "reissue_code_invalid");
}

TEST_F(RenewFailure, prune_without_an_old_certificate_deletes_nothing) {
  provision_certificate(12);
  EXPECT_EQ(reason({"prune", "--yes", "--pin-stdin"}, right_pin), "nothing_to_delete");
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U);
}

class DamagedJournal : public RenewFailure {
 protected:
  void SetUp() override {
    RenewFailure::SetUp();
    if (IsSkipped()) return;
    provision_certificate(12);
    ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
    std::fstream bytes(folder() / "journal.sqlite", std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096);  // the second page, an index's
    bytes << std::string(4096, '\xff');
  }
  std::filesystem::path folder() const { return directory_.path() / "user" / "state" / "koshin"; }
  bool is_put_aside() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
      if (entry.path().filename().string().find(".damaged-") != std::string::npos) return true;
    return false;
  }
};

/// What could still be read is taken over by the command that says so.
TEST_F(DamagedJournal, is_said_and_what_can_be_read_of_it_goes_on) {
  const RunResult shown = koshin({"status"});
  EXPECT_EQ(shown.exit_code, 7) << shown.err;
  EXPECT_THAT(shown.err, HasSubstr("1 renewal(s), 0 of them unfinished"));
  EXPECT_TRUE(is_put_aside());
  EXPECT_EQ(koshin({"inspect"}).err, "");
  EXPECT_EQ(koshin_json({"inspect"})["journal_trouble"], nullptr);
  EXPECT_THAT(koshin({"history"}).out, HasSubstr("completed"));
}

TEST_F(DamagedJournal, is_told_by_a_look_at_the_token_and_left_as_it_is) {
  for (int i = 0; i < 2; ++i) {
    const RunResult looked = koshin({"inspect"});
    EXPECT_EQ(looked.exit_code, 0) << looked.err;
    EXPECT_THAT(looked.out, HasSubstr("Sakura Corp"));
    EXPECT_THAT(looked.err, HasSubstr("without the record of renewals"));
    EXPECT_THAT(looked.err, HasSubstr("`koshin status`, keeps it aside"));
    const Json document = koshin_json({"inspect"});
    EXPECT_EQ(document["ok"], true);
    EXPECT_EQ(document["journal_trouble"]["reason"], "journal_unusable");
  }
  EXPECT_EQ(koshin({"inspect", "--pin-stdin"}, right_pin).exit_code, 7)
      << "the try at the PIN is written down";
  EXPECT_FALSE(is_put_aside());
}

}  // namespace
}  // namespace koshin::test
