// SPDX-License-Identifier: MIT
// koshin cancel, as a script and as a person use it.
#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

class Cancel : public CliFixture {
 protected:
  /// A renewal whose answer was lost: its pair is on the token, its certificate is not.
  void begin() {
    provision_certificate(12);
    bank_.set("garbage", "1");
    ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 84);
    ASSERT_EQ(inspected_token()["keys_without_certificate"].size(), 1U);
  }
  /// As a help desk does that deletes everything and puts a pair of its own there.
  void issue_at_the_desk() {
    for (const auto& entry : std::filesystem::directory_iterator(hsm_.token_directory(token_label))) {
      const auto& file = entry.path();
      if (file.extension() == ".object" && file.filename() != "token.object") std::filesystem::remove(file);
    }
    provision_certificate(364);
  }
};

TEST_F(Cancel, what_was_begun_on_a_token_that_was_emptied_since_is_told_and_given_up) {
  begin();
  issue_at_the_desk();
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 60) << "nothing is due";
  EXPECT_EQ(koshin_json({"status"})["tokens"][0]["last_decision"], "not_due");
  EXPECT_THAT(koshin({"status"}).out, HasSubstr("nothing of it is on the token any more: koshin cancel"));
  const Json given_up = koshin_json({"cancel", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(given_up["state"], "requested");
  EXPECT_TRUE(given_up["removed"].empty());
  const Json status = koshin_json({"status"});
  EXPECT_TRUE(status["unfinished"].empty());
  EXPECT_TRUE(status["left_over"].empty());
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U);
}

TEST_F(Cancel, given_up_without_the_pin_it_is_seen_by_the_next_look_that_nothing_is_left) {
  begin();
  issue_at_the_desk();
  ASSERT_EQ(koshin({"cancel", "--yes", "--keep-key"}).exit_code, 0);
  EXPECT_EQ(koshin_json({"status"})["left_over"].size(), 1U) << "nobody has looked";
  ASSERT_EQ(koshin({"inspect", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_TRUE(koshin_json({"status"})["left_over"].empty());
}

TEST_F(Cancel, of_several_on_one_token_a_person_chooses_and_is_told_what_is_left) {
  begin();
  bank_.set("garbage", "1");
  const std::string code = bank_.reissue_code("12345678901234 user0009");
  const RunResult enrolled =
      koshin({"enroll", "--user", "12345678901234 user0009", "--pin-stdin", "--code-stdin"},
             std::string(right_pin) + "\n" + code + "\n");
  ASSERT_EQ(enrolled.exit_code, 84) << enrolled.err;
  ASSERT_EQ(koshin_json({"status"})["unfinished"].size(), 2U);
  const std::string status = koshin({"status"}).out;
  EXPECT_THAT(status, HasSubstr("Unfinished renewal"));
  EXPECT_THAT(status, HasSubstr("Unfinished re-issue"));
  const RunResult result =
      koshin_on_terminal({"cancel", "--keep-key"}, {{"Which one?", "1\n"}, {"Go on? (yes/no)", "yes\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The renewal that was begun at"));
  EXPECT_THAT(result.out, HasSubstr("Still unfinished on this token: re-issue, begun at"));
  const Json left = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0]["kind"], "enrollment");
}

TEST_F(Cancel, status_does_not_promise_that_renew_goes_on_when_it_refuses) {
  begin();
  EXPECT_THAT(koshin({"status"}).out, HasSubstr("it goes on where it stopped"));
  bank_.set("garbage", "1");
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 84);
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 108);
  const std::string status = koshin({"status"}).out;
  EXPECT_THAT(status, HasSubstr("koshin renew --force"));
  EXPECT_THAT(status, Not(HasSubstr("it goes on where it stopped")));
}

TEST_F(Cancel, says_what_stays_and_deletes_the_unused_key) {
  begin();
  const RunResult result = koshin({"cancel", "--yes", "--pin-stdin"}, right_pin);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* part : {"will be given up", "The certificate in use and its key stay",
                           "is deleted from the token", "Deleted key: ec-p256, made on 2"})
    EXPECT_THAT(result.out, HasSubstr(part));
  EXPECT_TRUE(inspected_token()["keys_without_certificate"].empty());
  EXPECT_TRUE(koshin_json({"status"})["unfinished"].empty());
  EXPECT_EQ(koshin({"cancel", "--yes", "--pin-stdin"}, right_pin).exit_code, 64);
}

TEST_F(Cancel, without_a_pin_the_key_stays_and_is_shown) {
  begin();
  const RunResult result = koshin({"cancel", "--yes", "--keep-key", "--language", "ja"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("次の更新で使われます"));
  const Json key = inspected_token()["keys_without_certificate"][0];
  EXPECT_EQ(key["made_by_koshin"], true);
  EXPECT_EQ(key["made_on"].get<std::string>().size(), 10U);
  EXPECT_THAT(koshin({"inspect"}).out, HasSubstr("made by koshin on"));
  EXPECT_EQ(koshin({"cancel", "--yes", "--keep-key"}).exit_code, 64);
}

TEST_F(Cancel, asks_a_person_and_does_nothing_without_a_yes) {
  begin();
  const RunResult unasked = koshin({"cancel", "--keep-key"});
  EXPECT_EQ(unasked.exit_code, 2) << "nobody can be asked";
  EXPECT_THAT(unasked.err, HasSubstr("nobody can answer here: add --yes"));
  EXPECT_EQ(koshin_json({"status"})["unfinished"].size(), 1U);
}

TEST_F(Cancel, json_tells_what_was_given_up) {
  begin();
  const Json json = koshin_json({"cancel", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["command"], "cancel");
  EXPECT_EQ(json["kind"], "renewal");
  EXPECT_EQ(json["state"], "requested");
  ASSERT_EQ(json["removed"].size(), 1U);
  EXPECT_EQ(json["removed"][0]["key_algorithm"], "ec-p256");
  EXPECT_TRUE(json["kept"].empty());
}

TEST_F(Cancel, without_the_token_it_says_what_may_stay_there_and_asks) {
  begin();
  const auto serial = inspected_token()["serial"].get<std::string>();
  hsm_.remove_token(token_label);
  const RunResult declined = koshin_on_terminal({"cancel"}, {{"Go on? (yes/no)", "no\n"}});
  EXPECT_EQ(declined.exit_code, 5) << declined.out;
  EXPECT_THAT(declined.out, HasSubstr("Nothing was given up; koshin renew goes on with it."));
  for (const char* part : {"is not inserted: what is on it cannot be looked at", "will be given up",
                           "The new key that was made for it may be on the token and stays there"})
    EXPECT_THAT(declined.out, HasSubstr(part));
  EXPECT_EQ(koshin({"cancel"}).exit_code, 2) << "nobody can be asked";
  EXPECT_EQ(koshin_json({"status"})["unfinished"].size(), 1U);

  EXPECT_EQ(koshin({"cancel", "--yes", "--token", "pkcs11:serial=0123"}).exit_code, 20) << "another token";
  EXPECT_EQ(koshin({"cancel", "--yes", "--token", "pkcs11:serial=" + serial.substr(0, 5)}).exit_code, 20)
      << "the beginning of a number is another number";
  const RunResult given_up = koshin({"cancel", "--yes", "--token", "pkcs11:serial=" + serial});
  EXPECT_EQ(given_up.exit_code, 0) << given_up.err;
  EXPECT_THAT(given_up.out, HasSubstr("this computer does not go on with it any more"));
  const Json status = koshin_json({"status"});
  EXPECT_TRUE(status["unfinished"].empty());
  ASSERT_EQ(status["left_over"].size(), 1U);
  EXPECT_EQ(status["left_over"][0]["key_algorithm"], "ec-p256");
  EXPECT_THAT(koshin({"status"}).out, HasSubstr("an unused ec-p256 key"));
  EXPECT_THAT(koshin({"status", "--language", "ja"}).out, HasSubstr("残っている可能性"));
  EXPECT_NE(koshin({"cancel", "--yes"}).exit_code, 0) << "there is no token and nothing unfinished";
}

TEST_F(Cancel, without_the_token_json_says_that_nobody_has_seen_it) {
  begin();
  hsm_.remove_token(token_label);
  const Json json = koshin_json({"cancel", "--yes"});
  EXPECT_EQ(json["state"], "requested");
  EXPECT_EQ(json["token_seen"], false);
  EXPECT_TRUE(json["removed"].empty());
}

TEST_F(Cancel, status_does_not_tell_of_a_key_that_was_removed_or_taken_up) {
  begin();
  ASSERT_EQ(koshin({"cancel", "--yes", "--keep-key"}).exit_code, 0);
  EXPECT_EQ(koshin_json({"status"})["left_over"].size(), 1U);
  bank_.set("garbage", "1");
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 84) << "it takes the key up";
  EXPECT_TRUE(koshin_json({"status"})["left_over"].empty());
  const Json json = koshin_json({"cancel", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(json["removed"].size(), 1U);
  EXPECT_EQ(json["token_seen"], true);
  EXPECT_TRUE(koshin_json({"status"})["left_over"].empty());
}

TEST_F(Cancel, says_that_refused_certificates_go_as_well) {
  provision_certificate(12);
  bank_.set("login.status", "403:not registered");
  for (int run = 0; run < 2; ++run) ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 111);
  bank_.set("login.status", "0");
  ASSERT_EQ(koshin({"renew", "--pin-stdin"}, right_pin).exit_code, 0);
  const RunResult declined = koshin_on_terminal({"cancel"}, {{"Go on? (yes/no)", "no\n"}});
  EXPECT_THAT(declined.out, HasSubstr("koshin: Nothing was changed."));
  EXPECT_THAT(declined.out, HasSubstr("certificates that were refused at the log-in and have been replaced"));
  ASSERT_EQ(inspected_token()["certificates"].size(), 3U);
  EXPECT_EQ(koshin_json({"cancel", "--yes", "--pin-stdin"}, right_pin)["removed"].size(), 1U);
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
}

}  // namespace
}  // namespace koshin::test
