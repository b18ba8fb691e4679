// SPDX-License-Identifier: MIT
// koshin at a terminal: what it asks, what it shows, and what it never shows.
#include <p11-kit/pkcs11.h>

#include <fstream>

#include "cli_fixture.hpp"
#include "faults/piv_card.hpp"
#include "faults/trial.hpp"

namespace koshin::test {
namespace {

class Prompt : public CliFixture {
 protected:
  const std::string pin_prompt_ = "PIN of token \"Sakura Corp\"";
  const std::string typed_pin_ = std::string(right_pin) + "\n";

  /// A reader with a keypad, on which somebody types the right PIN.
  faults::Plan keypad() const {
    faults::Plan plan;
    plan.module = SoftHsm::module();
    plan.log = directory_.path() / "calls.log";
    plan.removed = directory_.path() / "removed";
    plan.token_flags = CKF_PROTECTED_AUTHENTICATION_PATH;
    plan.keypad_pin = right_pin;
    return plan;
  }
  /// The module that plays it, as long as what is returned lives.
  ScopedEnvironment playing(const faults::Plan& plan) {
    save(plan, directory_.path() / "plan");
    write_settings_with("token.modules = [\"" + faults::fault_module().string() + "\"]\n");
    return ScopedEnvironment({{faults::plan_variable, (directory_.path() / "plan").string()}});
  }
  /// A pinentry that knows the right PIN and writes down in `pinentry.log` what it is told.
  std::string pinentry() const {
    const auto program = directory_.path() / "pinentry";
    const auto log = directory_.path() / "pinentry.log";
    std::ofstream(program) << "#!/bin/sh\necho OK\nwhile read -r line; do\n  echo \"$line\" >>'"
                           << log.string() << "'\n  case \"$line\" in GETPIN) echo 'D " << right_pin
                           << "'; echo OK ;; *) echo OK ;; esac\ndone\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program.string();
  }
  std::string pinentry_was_told() const {
    std::ifstream in(directory_.path() / "pinentry.log");
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(Prompt, the_pin_is_asked_for_by_token_and_never_echoed) {
  provision_certificate(12);
  const RunResult result = koshin_on_terminal({"renew"}, {{pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr(right_pin)));
  EXPECT_THAT(result.out, HasSubstr("Do not remove the token"));
  EXPECT_THAT(result.out, HasSubstr("✓ ! Make a new key pair on the token"));
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
}

TEST_F(Prompt, a_pin_of_the_wrong_length_is_asked_for_again_without_a_try) {
  provision_certificate(12);
  const RunResult result =
      koshin_on_terminal({"renew", "--dry-run"}, {{pin_prompt_, "12\n"}, {pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("No try was used."));
}

TEST_F(Prompt, a_pin_of_other_characters_than_the_settings_allow_is_asked_for_again_without_a_try) {
  provision_certificate(12);
  write_settings_with("token.pin_characters = \"digits\"\n");
  const RunResult result =
      koshin_on_terminal({"renew", "--dry-run"}, {{pin_prompt_, "abcdef\n"}, {pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The PIN consists of digits only. No try was used."));
}

TEST_F(Prompt, enter_alone_is_no_pin_and_no_try) {
  provision_certificate(12);
  EXPECT_EQ(koshin_on_terminal({"renew"}, {{pin_prompt_, "\n"}}).exit_code, 40);
}

TEST_F(Prompt, P2_after_a_wrong_pin_the_person_is_told_and_decides_by_typing) {
  provision_certificate(12);
  EXPECT_EQ(koshin_on_terminal({"renew"}, {{pin_prompt_, "0987654321\n"}}).exit_code, 41);
  const RunResult result = koshin_on_terminal({"renew"}, {{pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_LT(result.out.find("A wrong PIN was entered before."), result.out.find(pin_prompt_));
}

TEST_F(Prompt, ctrl_c_at_the_prompt_ends_with_a_sentence) {
  provision_certificate(12);
  const RunResult result = koshin_on_terminal({"renew"}, {{pin_prompt_, "\x03"}});
  EXPECT_EQ(result.exit_code, 5) << result.out;
  EXPECT_THAT(result.out, HasSubstr("interrupted"));
}

TEST_F(Prompt, it_speaks_japanese) {
  provision_certificate(12);
  const RunResult result =
      koshin_on_terminal({"renew", "--language", "ja"}, {{"トークン \"Sakura Corp\"", typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("トークンを抜かないでください"));
  EXPECT_THAT(result.out, HasSubstr("電子証明書を更新しました。"));
}

TEST_F(Prompt, of_several_tokens_one_is_chosen_by_number) {
  provision_certificate(12);
  hsm_.init_token("Other Corp", right_pin);
  const RunResult inspected = koshin({"inspect"});
  const bool ours_is_first = inspected.out.find("Sakura Corp") < inspected.out.find("Other Corp");
  const RunResult result = koshin_on_terminal(
      {"renew", "--dry-run"}, {{"Which one?", ours_is_first ? "1\n" : "2\n"}, {pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(koshin_on_terminal({"renew"}, {{"Which one?", "\n"}}).exit_code, 5);
  EXPECT_EQ(koshin_on_terminal({"renew"}, {{"Which one?", "3\n"}}).exit_code, 5);
}

TEST_F(Prompt, prune_asks_twice_and_believes_only_the_serial_number) {
  provision_certificate(12);
  const Json renewed = koshin_json({"renew", "--pin-stdin"}, right_pin);
  const std::string serial = renewed["old_certificate"]["serial"];
  const std::string tail = serial.substr(serial.size() - 4) + "\n";
  const RunResult declined = koshin_on_terminal({"prune"}, {{"Go on?", "no\n"}});
  EXPECT_EQ(declined.exit_code, 5);
  EXPECT_THAT(declined.out, HasSubstr("koshin: Nothing was deleted."));
  EXPECT_THAT(declined.out, testing::Not(HasSubstr("Administrator")));
  EXPECT_EQ(koshin_on_terminal({"prune"}, {{"Go on?", "yes\n"}, {"serial number", "0\n"}}).exit_code, 5);
  EXPECT_EQ(inspected_token()["certificates"].size(), 2U);
  const RunResult result =
      koshin_on_terminal({"prune"}, {{"Go on?", "yes\n"}, {"last four", tail}, {pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U);
}

TEST_F(Prompt, prune_asks_once_more_for_what_koshin_has_not_renewed) {
  provision_certificate(12);
  const Json certificate = inspected_token()["certificates"][0];
  const std::string serial = certificate["serial"];
  const std::vector<std::string> command{"prune", "--certificate", certificate["sha256"]};
  const RunResult kept = koshin_on_terminal(command, {{"Go on?", "yes\n"}, {"all the same?", "no\n"}});
  EXPECT_EQ(kept.exit_code, 5);
  for (const char* shown : {"Issuer", "Serial number", "Valid until", "Purpose"})
    EXPECT_THAT(kept.out, HasSubstr(shown));
  EXPECT_THAT(kept.out, HasSubstr("This is the certificate in use: nothing on this token replaces it."));
  EXPECT_EQ(inspected_token()["certificates"].size(), 1U);
  const RunResult result =
      koshin_on_terminal(command, {{"Go on?", "yes\n"},
                                   {"all the same?", "yes\n"},
                                   {"last four", serial.substr(serial.size() - 4) + "\n"},
                                   {pin_prompt_, typed_pin_}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
}

TEST_F(Prompt, P2_a_reader_with_a_keypad_is_where_the_pin_is_entered) {
  provision_certificate(12);
  const faults::Plan plan = keypad();
  const ScopedEnvironment scope = playing(plan);
  const RunResult result = koshin_on_terminal({"renew"}, {});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Enter the PIN on the reader's keypad."));
  EXPECT_THAT(result.out, Not(HasSubstr("PIN of token")));
  const faults::CallLog calls(plan.log);
  EXPECT_EQ(calls.calls("C_Login"), 1U);
  EXPECT_EQ(calls.times("keypad", "C_Login"), 1U);
}

TEST_F(Prompt, P2_on_the_keypad_too_the_person_is_told_of_a_wrong_pin_before) {
  provision_certificate(12);
  faults::Plan plan = keypad();
  plan.token_flags |= CKF_USER_PIN_COUNT_LOW;
  const ScopedEnvironment scope = playing(plan);
  for (const bool on_terminal : {true, false}) {
    const RunResult result =
        on_terminal ? koshin_on_terminal({"renew", "--dry-run"}, {}) : koshin({"renew", "--dry-run"});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("A wrong PIN was entered before."));
    EXPECT_THAT(result.out, HasSubstr("Enter the PIN on the reader's keypad."));
  }
}

TEST_F(Prompt, pinentry_gives_the_pin_and_shows_the_token) {
  provision_certificate(12);
  EXPECT_EQ(koshin_json({"renew", "--pinentry-program", pinentry()})["state"], "completed");
  EXPECT_THAT(pinentry_was_told(), HasSubstr("SETDESC Enter the PIN of token \"Sakura Corp\""));
  EXPECT_THAT(pinentry_was_told(), Not(HasSubstr("SETERROR")));
}

TEST_F(Prompt, P2_pinentry_tells_of_a_wrong_pin_before) {
  provision_certificate(12);
  EXPECT_EQ(koshin({"renew", "--pin-stdin"}, "0987654321\n").exit_code, 41);
  EXPECT_EQ(koshin_json({"renew", "--pinentry-program", pinentry()})["state"], "completed");
  EXPECT_THAT(pinentry_was_told(), HasSubstr("SETERROR A wrong PIN was entered before."));
}

class PassphrasePrompt : public Prompt {
 protected:
  PassphrasePrompt() {
    provision_certificate(12);
    bank_.set("require_basic", "corp:open sesame");
    write_settings_with("authority.http_authentication = \"basic\"\nauthority.http_user = \"corp\"\n");
  }
};

TEST_F(PassphrasePrompt, it_is_asked_for_after_the_pin_and_never_echoed) {
  const RunResult result =
      koshin_on_terminal({"renew"}, {{pin_prompt_, typed_pin_}, {"Passphrase of corp", "open sesame\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
  EXPECT_THAT(result.out, Not(HasSubstr("sesame")));
}

TEST_F(PassphrasePrompt, it_comes_from_standard_input_and_may_not_be_missing) {
  const std::vector<std::string> renew{"renew", "--pin-stdin", "--passphrase-stdin"};
  const RunResult missing = koshin({"renew", "--pin-stdin"}, typed_pin_);
  EXPECT_EQ(missing.exit_code, 79) << missing.err;
  EXPECT_THAT(missing.err, HasSubstr("--passphrase-stdin"));
  EXPECT_EQ(koshin(renew, typed_pin_ + "close sesame\n").exit_code, 81);
  const RunResult result = koshin(renew, typed_pin_ + "open sesame\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(PassphrasePrompt, the_doctor_takes_it_too) {
  const Json without = koshin_json({"doctor", "--pin-stdin"}, typed_pin_);
  const auto about_authority = [](const Json& document) {
    for (const Json& check : document["checks"])
      if (check["id"] == "authority") return check;
    return Json();
  };
  EXPECT_EQ(about_authority(without)["reason"], "passphrase_required") << without;
  const Json with =
      koshin_json({"doctor", "--pin-stdin", "--passphrase-stdin"}, typed_pin_ + "open sesame\n");
  EXPECT_EQ(about_authority(with)["status"], "ok") << with;
  const Json no_pin = koshin_json({"doctor", "--passphrase-stdin"}, "open sesame\n");
  EXPECT_EQ(about_authority(no_pin)["status"], "ok") << no_pin;
}

class PivPrompt : public Prompt {
 protected:
  PivPrompt() {
    provision_certificate(12);
    write_settings_with("token.modules = [\"" + faults::piv_module().string() +
                        "\"]\ntoken.profile = \"piv\"\n");
  }
};

TEST_F(PivPrompt, P10_the_management_key_is_asked_for_after_the_pin_and_never_echoed) {
  const std::string key(faults::management_key);
  const RunResult result =
      koshin_on_terminal({"renew"}, {{pin_prompt_, typed_pin_}, {"security officer", key + "\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
  EXPECT_THAT(result.out, Not(HasSubstr(key)));
}

TEST_F(PivPrompt, P10_a_pin_of_another_length_is_asked_for_again_and_spends_no_try) {
  EXPECT_THAT(koshin({"inspect"}).out, HasSubstr("set, 6 to 8 characters"));
  const std::string key(faults::management_key);
  const RunResult result = koshin_on_terminal(
      {"renew"}, {{pin_prompt_, "864209750\n"}, {pin_prompt_, typed_pin_}, {"security officer", key + "\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("has 6 to 8 characters. No try was used."));
}

TEST_F(PivPrompt, P10_both_come_from_standard_input_and_neither_may_be_missing) {
  const std::string pin = right_pin + std::string("\n");
  EXPECT_EQ(koshin({"renew", "--pin-stdin"}, pin).exit_code, 30);
  EXPECT_EQ(koshin({"renew", "--pin-stdin", "--so-pin-stdin"}, pin + "0123\n").exit_code, 31);
  const RunResult result =
      koshin({"renew", "--pin-stdin", "--so-pin-stdin"}, pin + std::string(faults::management_key) + "\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

}  // namespace
}  // namespace koshin::test
