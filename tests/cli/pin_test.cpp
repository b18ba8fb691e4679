// SPDX-License-Identifier: MIT
// koshin pin change, set and unlock: with pipes, at a terminal, with a pinentry, and before a renewal of a
// token that wants its PIN changed.
#include <p11-kit/pkcs11.h>

#include <fstream>

#include "cli_fixture.hpp"
#include "faults/trial.hpp"

namespace koshin::test {
namespace {

constexpr const char* wanted_pin = "75318642";
constexpr const char* so_pin = "so-12345678";

class Pin : public CliFixture {
 protected:
  Pin() { provision_certificate(12); }

  static std::string lines(std::initializer_list<const char*> all) {
    std::string text;
    for (const char* line : all) text += std::string(line) + '\n';
    return text;
  }
  /// Whether a dry run with this PIN finds nothing against the renewal.
  bool opens(const char* pin) const {
    return koshin({"renew", "--dry-run", "--pin-stdin", "--insist-count-low"}, lines({pin})).exit_code == 0;
  }
  /// The fault module with this plan, as long as what is returned lives.
  ScopedEnvironment playing(faults::Plan plan) {
    plan.module = SoftHsm::module();
    plan.log = directory_.path() / "calls.log";
    plan.removed = directory_.path() / "removed";
    save(plan, directory_.path() / "plan");
    write_settings_with("token.modules = [\"" + faults::fault_module().string() + "\"]\n");
    return ScopedEnvironment({{faults::plan_variable, (directory_.path() / "plan").string()}});
  }
  faults::Plan wants_change() const {
    faults::Plan plan;
    plan.to_be_changed_until = directory_.path() / "pin-was-set";
    return plan;
  }
  const std::string old_prompt_ = "PIN of token \"Sakura Corp\"";
};

TEST_F(Pin, is_changed_by_a_script) {
  const RunResult result =
      koshin({"pin", "change", "--pin-stdin", "--new-pin-stdin"}, lines({right_pin, wanted_pin}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("The PIN of token \"Sakura Corp\""));
  EXPECT_TRUE(opens(wanted_pin));
  EXPECT_FALSE(opens(right_pin));
}

TEST_F(Pin, is_told_in_json) {
  const Json changed =
      koshin_json({"pin", "change", "--pin-stdin", "--new-pin-stdin"}, lines({right_pin, wanted_pin}));
  EXPECT_EQ(changed["command"], "pin change");
  EXPECT_EQ(changed["ok"], true);
  EXPECT_EQ(changed["token"]["label"], token_label);
  EXPECT_EQ(changed["pin_file"], nullptr);
  const Json refused =
      koshin_json({"pin", "change", "--pin-stdin", "--new-pin-stdin"}, lines({wanted_pin, "11111111"}));
  EXPECT_EQ(refused["failure"]["reason"], "new_pin_refused");
  EXPECT_TRUE(opens(wanted_pin));
}

TEST_F(Pin, is_asked_for_at_a_terminal_and_never_echoed) {
  const RunResult result =
      koshin_on_terminal({"pin", "change"}, {{old_prompt_, lines({right_pin})},
                                             {"New PIN: ", lines({"12345678"})},
                                             {"New PIN: ", lines({wanted_pin})},
                                             {"New PIN once more: ", lines({right_pin})},
                                             {"New PIN: ", lines({wanted_pin})},
                                             {"New PIN once more: ", lines({wanted_pin})}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The new PIN has 4 to 255 characters."));
  EXPECT_THAT(result.out, HasSubstr("neither one character repeated nor a run"));
  EXPECT_THAT(result.out, HasSubstr("The two entries differ."));
  EXPECT_THAT(result.out, Not(HasSubstr(right_pin)));
  EXPECT_THAT(result.out, Not(HasSubstr(wanted_pin)));
  EXPECT_TRUE(opens(wanted_pin));
}

TEST_F(Pin, is_set_anew_with_the_security_officers_pin) {
  const RunResult locked =
      koshin({"pin", "unlock", "--so-pin-stdin", "--new-pin-stdin"}, lines({so_pin, wanted_pin}));
  EXPECT_EQ(locked.exit_code, 0) << locked.err;
  EXPECT_TRUE(opens(wanted_pin));
  const RunResult typed =
      koshin_on_terminal({"pin", "unlock"}, {{"Security officer's PIN of token", lines({so_pin})},
                                             {"New PIN: ", lines({right_pin})},
                                             {"New PIN once more: ", lines({right_pin})}});
  EXPECT_EQ(typed.exit_code, 0) << typed.out;
  EXPECT_THAT(typed.out, Not(HasSubstr(so_pin)));
  EXPECT_TRUE(opens(right_pin));
}

TEST_F(Pin, that_is_set_is_not_set_for_the_first_time) {
  const RunResult result =
      koshin({"pin", "set", "--so-pin-stdin", "--new-pin-stdin"}, lines({so_pin, wanted_pin}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("koshin pin unlock"));
  EXPECT_TRUE(opens(right_pin));
}

TEST_F(Pin, is_set_for_the_first_time_on_a_token_without_one) {
  faults::Plan plan;
  plan.token_flags_off = CKF_USER_PIN_INITIALIZED;
  const auto scope = playing(plan);
  const RunResult result =
      koshin({"pin", "set", "--so-pin-stdin", "--new-pin-stdin"}, lines({so_pin, wanted_pin}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(Pin, without_anybody_to_ask_is_not_changed) {
  const RunResult result = koshin({"pin", "change", "--pin-stdin"}, lines({right_pin}));
  EXPECT_EQ(result.exit_code, 40);
  EXPECT_THAT(result.err, HasSubstr("--new-pin-stdin"));
  const RunResult unlock = koshin({"pin", "unlock"});
  EXPECT_EQ(unlock.exit_code, 30);
  EXPECT_THAT(unlock.err, HasSubstr("security officer's PIN"));
  EXPECT_THAT(unlock.err, Not(HasSubstr("new keys"))) << "which is not what was wanted";
  EXPECT_TRUE(opens(right_pin));
}

TEST_F(Pin, that_must_be_changed_is_changed_first_and_the_renewal_goes_on_with_it) {
  const auto scope = playing(wants_change());
  const RunResult result = koshin_on_terminal({"renew"}, {{old_prompt_, lines({right_pin})},
                                                          {"New PIN: ", lines({wanted_pin})},
                                                          {"New PIN once more: ", lines({wanted_pin})}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("asks for its PIN to be changed"));
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
  EXPECT_TRUE(opens(wanted_pin) || inspected_token()["certificates"].size() == 2) << "renewed";
}

TEST_F(Pin, that_must_be_changed_is_not_changed_by_a_dry_run) {
  const auto scope = playing(wants_change());
  const RunResult result = koshin_on_terminal({"renew", "--dry-run"}, {});
  EXPECT_EQ(result.exit_code, 45) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("New PIN: ")));
  EXPECT_FALSE(std::filesystem::exists(wants_change().to_be_changed_until)) << "the PIN was set";
}

/// Some tokens say so in their answer to the right PIN alone.
class ExpiredPin : public Pin {
 protected:
  static faults::Plan expired() {
    faults::Plan plan;
    plan.function = "C_Login";
    plan.at = 1;
    plan.action = faults::Action::error;
    plan.rv = CKR_PIN_EXPIRED;
    return plan;
  }
  /// Types the old PIN, then the new one; the token is content from the new one on.
  std::string pinentry() const {
    const auto program = directory_.path() / "pinentry", asked = directory_.path() / "asked";
    std::ofstream(program) << "#!/bin/sh\necho OK\nwhile read -r line; do\n  case \"$line\" in GETPIN)\n"
                           << "    echo x >>'" << asked.string() << "'\n    if [ \"$(wc -l <'"
                           << asked.string() << "')\" = 1 ]; then echo 'D " << right_pin << "'; else echo 'D "
                           << wanted_pin << "'; sed -i 's/^at=1$/at=0/' '"
                           << (directory_.path() / "plan").string()
                           << "'; fi\n    echo OK ;; *) echo OK ;; esac\ndone\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program.string();
  }
};

TEST_F(ExpiredPin, by_the_answer_of_the_token_is_changed_and_the_renewal_goes_on_with_it) {
  const auto scope = playing(expired());
  const RunResult result = koshin({"renew", "--pinentry-program", pinentry()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("asks for its PIN to be changed"));
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
}

TEST_F(ExpiredPin, is_changed_before_all_that_is_due_too) {
  const auto scope = playing(expired());
  const RunResult result = koshin({"renew", "--all", "--pinentry-program", pinentry()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("asks for its PIN to be changed"));
  EXPECT_EQ(bank_.issued(), 1U);
}

TEST_F(ExpiredPin, is_changed_before_an_enrollment_too) {
  const std::string code = bank_.reissue_code("12345678901234 user0009");
  const auto scope = playing(expired());
  const RunResult result = koshin(
      {"enroll", "--user", "12345678901234 user0009", "--code-stdin", "--pinentry-program", pinentry()},
      lines({code.c_str()}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("asks for its PIN to be changed"));
}

TEST_F(ExpiredPin, is_told_and_not_changed_by_a_dry_run) {
  const auto scope = playing(expired());
  const RunResult result = koshin({"renew", "--dry-run", "--pinentry-program", pinentry()});
  EXPECT_EQ(result.exit_code, 45) << result.out << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("was changed")));
}

TEST_F(Pin, that_must_be_changed_is_told_where_nobody_can_be_asked) {
  const auto scope = playing(wants_change());
  const RunResult result = koshin({"renew", "--pin-stdin"}, lines({right_pin}));
  EXPECT_EQ(result.exit_code, 45);
  EXPECT_THAT(result.err, HasSubstr("koshin pin change"));
}

TEST_F(Pin, whose_change_was_cut_off_is_told_now_and_before_the_next_try) {
  faults::Plan plan;
  plan.function = "C_SetPIN";
  plan.at = 1;
  plan.after = true;
  plan.action = faults::Action::kill;
  {
    const auto scope = playing(plan);
    const RunResult cut =
        koshin({"pin", "change", "--pin-stdin", "--new-pin-stdin"}, lines({right_pin, wanted_pin}));
    EXPECT_EQ(cut.exit_code, 69) << cut.err;
    EXPECT_THAT(cut.err, HasSubstr("Either the new PIN counts already, or the old one still does."));
  }
  write_settings_with("");
  EXPECT_EQ(inspected_token()["pin"]["change_unknown"], true);
  EXPECT_THAT(koshin({"doctor"}).out, HasSubstr("koshin inspect --pinentry"))
      << "which asks for the PIN whether or not a renewal is due";
  const RunResult next = koshin_on_terminal({"renew", "--dry-run"}, {{old_prompt_, lines({wanted_pin})}});
  EXPECT_EQ(next.exit_code, 0) << next.out;
  EXPECT_THAT(next.out, HasSubstr("A change of this PIN was cut off."));
  EXPECT_EQ(inspected_token()["pin"]["change_unknown"], false);
}

TEST_F(Pin, in_a_file_is_named_and_the_doctor_says_why_it_is_not_tried) {
  const auto file = directory_.path() / "pin";
  std::ofstream(file) << right_pin << '\n';
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  write_settings_with("token.uri = \"pkcs11:token=Sakura%20Corp?pin-source=file:" + file.string() + "\"\n");
  const RunResult result = koshin({"pin", "change", "--new-pin-stdin"}, lines({wanted_pin}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("may still hold the old PIN: " + file.string()));
  const RunResult doctor = koshin({"doctor"});
  EXPECT_THAT(doctor.out, HasSubstr(file.string() + " may hold the PIN from before it was changed"));
  EXPECT_EQ(koshin({"renew"}).exit_code, 49);
}

/// What bash offers behind --token comes from the journal.
TEST_F(Pin, of_no_token_is_needed_to_complete_the_names_of_those_that_were_seen) {
  const std::string serial = inspected_token()["serial"];
  EXPECT_EQ(
      koshin({"pin", "change", "--pin-stdin", "--new-pin-stdin"}, lines({right_pin, wanted_pin})).exit_code,
      0);
  const auto completed = [&](const std::string& begun) {
    return run_in_shell(
               "koshin=\"$koshin\" bash -c 'source \"" KOSHIN_SOURCE_DIR
               "/packaging/completions/koshin.bash\"; COMP_LINE=\"koshin renew --token " +
               begun +
               "\"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(\"$koshin\" renew --token x); COMP_CWORD=3; "
               "_koshin; echo \"${COMPREPLY[*]}\"'")
        .out;
  };
  EXPECT_EQ(completed("pk"), "pkcs11:serial=" + serial + "\n");
  EXPECT_EQ(completed("pkcs11:serial="), serial + "\n");
  EXPECT_EQ(completed("pkcs11:model"), "\n");
}

}  // namespace
}  // namespace koshin::test
