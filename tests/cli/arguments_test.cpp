// SPDX-License-Identifier: MIT
// The grammar of the command line, and that help, man page and completions name the same options.
#include "cli/arguments.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "cli/usage.hpp"
#include "repository.hpp"

namespace koshin::cli {
namespace {

using test::long_options;
using test::read_file;
using testing::HasSubstr;

Arguments parsed(const std::vector<std::string>& words) {
  auto result = parse_arguments(words, Language::en);
  return std::get<Arguments>(result);
}

Failure refused(const std::vector<std::string>& words) {
  try {
    parse_arguments(words, Language::en);
  } catch (const FailureError& error) {
    return error.failure();
  }
  return {Reason::internal_error, "was accepted", {}};
}

std::string help_of(const std::vector<std::string>& words, Language language = Language::en) {
  return std::get<Information>(parse_arguments(words, language)).text;
}

std::set<std::string> options_of_all_commands() {
  std::set<std::string> found = long_options(help_of({"--help"}));
  for (const char* command : {"inspect", "status", "renew", "enroll", "prune", "cancel", "history", "doctor",
                              "config", "support-bundle"})
    found.merge(long_options(help_of({command, "--help"})));
  for (const char* command : {"change", "set", "unlock"})
    found.merge(long_options(help_of({"pin", command, "--help"})));
  return found;
}

TEST(Arguments, a_renewal_with_everything) {
  const Arguments a =
      parsed({"renew", "--token", "pkcs11:serial=1", "--module", "/m.so", "--certificate",
              std::string(64, 'a'), "--force", "--insist-count-low", "--insist-final-try", "--pin-stdin",
              "--so-pin-stdin", "--passphrase-stdin", "--wait", "--wait-limit", "PT2H", "--json"});
  EXPECT_EQ(a.command, Command::renew);
  EXPECT_EQ(a.token_uri, "pkcs11:serial=1");
  EXPECT_EQ(a.module, "/m.so");
  EXPECT_EQ(a.certificate, std::string(64, 'a'));
  EXPECT_TRUE(a.force && a.insist_count_low && a.insist_final_try && a.pin_stdin && a.so_pin_stdin &&
              a.passphrase_stdin && a.wait && a.json);
  EXPECT_EQ(a.wait_limit, std::chrono::hours{2});
}

TEST(Arguments, a_fingerprint_may_be_written_as_other_programs_write_it) {
  std::string plain, in_capitals, with_colons;
  for (int i = 0; i < 32; ++i) {
    plain += "a7";
    in_capitals += "A7";
    with_colons += i == 0 ? "a7" : ":A7";
  }
  for (const std::string& text :
       {plain, in_capitals, with_colons, " " + plain.substr(0, 32) + " " + plain.substr(32)}) {
    EXPECT_EQ(parsed({"renew", "--certificate", text}).certificate, plain) << text;
    EXPECT_EQ(parsed({"prune", "--certificate", text}).certificate, plain) << text;
  }
}

TEST(Arguments, a_mistyped_fingerprint_is_a_usage_error_that_counts_its_digits) {
  EXPECT_THAT(refused({"renew", "--certificate", std::string(63, 'a')}).detail,
              AllOf(HasSubstr("63 hexadecimal digits"), HasSubstr("has 64")));
  const Failure failure = refused({"prune", "--certificate", std::string(63, 'a') + "g"});
  EXPECT_EQ(failure.reason, Reason::usage_error);
  EXPECT_THAT(failure.detail, HasSubstr("other characters"));
}

TEST(Arguments, global_options_stand_before_or_after_the_command) {
  EXPECT_TRUE(parsed({"--json", "status"}).json);
  EXPECT_TRUE(parsed({"status", "--json"}).json);
  EXPECT_EQ(parsed({"config", "show", "--settings", "/etc/x.toml"}).settings_file, "/etc/x.toml");
}

TEST(Arguments, a_relative_settings_file_becomes_absolute_since_the_worker_may_start_elsewhere) {
  EXPECT_TRUE(parsed({"status", "--settings", "x.toml"}).settings_file.starts_with('/'));
}

TEST(Arguments, naming_a_pinentry_means_using_it) {
  EXPECT_TRUE(parsed({"renew", "--pinentry-program", "/usr/bin/pinentry-gnome3"}).pinentry);
}

TEST(Arguments, what_cannot_be_is_a_usage_error) {
  EXPECT_EQ(refused({}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"fly"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"renew", "--pin", "1234"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"config"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"status", "--language", "fr"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"history", "--limit", "0"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"history", "--limit", "-3"}).reason, Reason::usage_error);
}

TEST(Arguments, contradictions_are_named) {
  EXPECT_THAT(refused({"renew", "--pin-stdin", "--pinentry"}).detail, HasSubstr("--pinentry"));
  EXPECT_THAT(refused({"renew", "--wait", "--dry-run"}).detail, HasSubstr("--dry-run"));
  EXPECT_THAT(refused({"renew", "--wait", "--wait-limit", "soon"}).detail, HasSubstr("soon"));
}

TEST(Arguments, no_option_takes_a_secret) {
  for (const auto& option : options_of_all_commands()) {
    const bool about_secret = option.find("pin") != std::string::npos ||
                              option.find("pass") != std::string::npos ||
                              option.find("code") != std::string::npos;
    if (!about_secret || option == "--pinentry-program") continue;
    const std::string command = option == "--code-stdin" ? "enroll" : "renew";
    EXPECT_EQ(refused({command, option + "=1234"}).reason, Reason::usage_error) << option;
  }
}

TEST(Arguments, what_sets_a_pin_belongs_to_the_command_that_sets_it) {
  EXPECT_EQ(parsed({"pin", "change", "--pin-stdin", "--new-pin-stdin"}).command, Command::pin_change);
  EXPECT_EQ(parsed({"pin", "set", "--so-pin-stdin"}).command, Command::pin_set);
  const Arguments unlock = parsed({"pin", "unlock", "--puk-stdin", "--new-pin-stdin"});
  EXPECT_EQ(unlock.command, Command::pin_unlock);
  EXPECT_TRUE(unlock.puk_stdin && unlock.new_pin_stdin && !unlock.pin_stdin);
  EXPECT_EQ(refused({"pin", "unlock", "--pin-stdin"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"pin", "change", "--puk-stdin"}).reason, Reason::usage_error);
  EXPECT_EQ(refused({"pin"}).reason, Reason::usage_error);
  EXPECT_THAT(refused({"pin", "unlok"}).detail, HasSubstr("unlock"));
}

TEST(Arguments, language_and_json_are_known_even_when_the_rest_is_wrong) {
  const Preferences preferences = scan_preferences({"fly", "--json", "--language", "ja"});
  EXPECT_TRUE(preferences.json);
  EXPECT_EQ(preferences.language, Language::ja);
  EXPECT_EQ(scan_preferences({"--language=en"}).language, Language::en);
}

TEST(Arguments, help_is_there_in_both_languages) {
  EXPECT_THAT(help_of({"--help"}), HasSubstr("Renew the certificate on a token"));
  EXPECT_THAT(help_of({"--help"}, Language::ja), HasSubstr("トークンの電子証明書を更新する"));
  EXPECT_THAT(help_of({"renew", "--help"}, Language::ja), HasSubstr("PIN を標準入力の 1 行から読み込む"));
  EXPECT_THAT(help_of({"renew", "--help"}, Language::ja), testing::Not(HasSubstr("Options")));
  EXPECT_THAT(help_of({"--version"}), HasSubstr("koshin "));
}

TEST(Arguments, a_value_given_to_a_stdin_flag_is_refused_and_not_repeated) {
  for (const auto& [command, flag] :
       std::vector<std::pair<std::string, std::string>>{{"renew", "--pin-stdin"},
                                                        {"renew", "--so-pin-stdin"},
                                                        {"renew", "--passphrase-stdin"},
                                                        {"enroll", "--code-stdin"}}) {
    const Failure failure = refused({command, flag + "=86429753"});
    EXPECT_EQ(failure.reason, Reason::usage_error);
    EXPECT_EQ(failure.detail,
              "koshin " + command + ": " + flag + " takes no value: it reads a line of standard input");
    const Failure behind = refused({command, flag, "86429753"});
    EXPECT_EQ(behind.reason, Reason::usage_error);
    EXPECT_THAT(behind.detail, HasSubstr("lines of standard input"));
    EXPECT_THAT(behind.detail, testing::Not(HasSubstr("86429753")));
  }
  EXPECT_EQ(refused({"renew", "--force=yes"}).detail, "koshin renew: --force takes no value");
}

TEST(Arguments, what_looks_like_a_secret_is_never_repeated_and_its_way_in_is_named) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"renew", "--pin", "86429753"},
                                             {"renew", "--pin=86429753"},
                                             {"renew", "--pin86429753"},
                                             {"renew", "-p86429753"},
                                             {"--pin", "86429753"},
                                             {"renew", "--user-pin=86429753"},
                                             {"enroll", "--code", "86429753"},
                                             {"renew", "--passphrase=86429753"},
                                             {"renew", "--so-pin", "86429753"}}) {
    const Failure failure = refused(words);
    EXPECT_EQ(failure.reason, Reason::usage_error);
    EXPECT_THAT(failure.detail, testing::Not(HasSubstr("8642"))) << words.back();
    EXPECT_THAT(failure.detail, HasSubstr("never taken from the command line")) << words.back();
    EXPECT_THAT(failure.detail, HasSubstr("-stdin")) << words.back();
  }
  EXPECT_THAT(refused({"enroll", "--code=1"}).detail, HasSubstr("--code-stdin"));
}

TEST(Arguments, values_of_what_is_no_option_are_not_repeated_either) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"renew", "86429753"},
                                             {"86429753"},
                                             {"renew", "--", "86429753"},
                                             {"renew", "--pinetry=86429753"},
                                             {"renew", "--flag=86429753"},
                                             {"renew", "-86429753"},
                                             {"renew", "--certificate", "86429753"},
                                             {"renew", "--settings", "a", "--settings", "86429753"}})
    EXPECT_THAT(refused(words).detail, testing::Not(HasSubstr("8642"))) << words.back();
}

TEST(Arguments, a_usage_error_says_what_is_wrong_and_what_was_meant) {
  EXPECT_EQ(refused({"insepct"}).detail,
            "there is no command \"insepct\"; did you mean \"inspect\"? (koshin --help lists them)");
  EXPECT_EQ(refused({"config", "chek"}).detail,
            "there is no command \"chek\"; did you mean \"check\"? (koshin config --help lists them)");
  EXPECT_EQ(refused({"fly"}).detail, "there is no command \"fly\" (koshin --help lists them)");
  EXPECT_EQ(
      refused({"renew", "--dryrun"}).detail,
      "koshin renew: there is no option --dryrun; did you mean --dry-run? (koshin renew --help lists them)");
  EXPECT_EQ(refused({"renew", "--jsno"}).detail,
            "koshin renew: there is no option --jsno; did you mean --json? (koshin renew --help lists them)");
  EXPECT_THAT(refused({}).detail,
              AllOf(HasSubstr("no command was given: inspect, renew"), HasSubstr("config")));
  EXPECT_THAT(refused({"config"}).detail, HasSubstr("koshin config: no command was given: check, show"));
  EXPECT_EQ(refused({"renew", "--settings"}).detail,
            "koshin renew: --settings needs a value: --settings FILE");
  EXPECT_EQ(refused({"renew", "--settings", ""}).detail,
            "koshin renew: --settings needs a value: --settings FILE");
  EXPECT_EQ(refused({"renew", "--settings", "a", "--settings", "b"}).detail,
            "koshin renew: --settings may be given once");
}

/// A script's variable that is not set must not make the command another one.
TEST(Arguments, an_empty_value_is_none) {
  const std::pair<const char*, const char*> options[] = {
      {"renew", "--settings"}, {"inspect", "--token"},          {"inspect", "--module"},
      {"renew", "--bank"},     {"prune", "--certificate"},      {"renew", "--wait-limit"},
      {"enroll", "--user"},    {"renew", "--pinentry-program"}, {"support-bundle", "--output"},
  };
  for (const auto& [command, option] : options) {
    const std::string message =
        std::string("koshin ") + command + ": " + option + " needs a value: " + option;
    EXPECT_THAT(refused({command, option, ""}).detail, HasSubstr(message));
    EXPECT_EQ(refused({command, option, ""}).reason, Reason::usage_error);
    EXPECT_THAT(refused({command, std::string(option) + "="}).detail, HasSubstr(message));
  }
  EXPECT_THAT(refused({"history", "--limit", "is missing"}).detail, HasSubstr("is not a number"));
  try {
    parse_arguments({"status", "--settings", ""}, Language::ja);
    FAIL() << "was accepted";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.in_words(), HasSubstr("--settings には値が必要です: --settings FILE"));
  }
}

TEST(Arguments, what_is_wrong_is_said_in_the_persons_language) {
  try {
    parse_arguments({"insepct"}, Language::ja);
    FAIL() << "was accepted";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.in_words(), HasSubstr("「inspect」でしょうか"));
    EXPECT_THAT(error.failure().detail, HasSubstr("did you mean"));
  }
}

TEST(Arguments, help_before_a_command_is_its_help) {
  EXPECT_EQ(help_of({"help"}), help_of({"--help"}));
  EXPECT_EQ(help_of({"help", "renew"}), help_of({"renew", "--help"}));
  EXPECT_EQ(help_of({"help", "config", "check"}), help_of({"config", "check", "--help"}));
  EXPECT_THAT(refused({"help", "rnew"}).detail, HasSubstr("did you mean \"renew\""));
}

TEST(Arguments, the_man_page_names_every_option_and_no_other) {
  EXPECT_EQ(long_options(read_file("packaging/man/koshin.1")), options_of_all_commands());
}

TEST(Arguments, bash_and_zsh_complete_every_option_and_no_other) {
  EXPECT_EQ(long_options(read_file("packaging/completions/koshin.bash")), options_of_all_commands());
  EXPECT_EQ(long_options(read_file("packaging/completions/_koshin")), options_of_all_commands());
}

TEST(Arguments, fish_completes_every_option_and_no_other) {
  const std::string script = read_file("packaging/completions/koshin.fish");
  std::set<std::string> found;
  const std::regex option("complete -c koshin.* -l ([a-z-]+)");
  for (auto it = std::sregex_iterator(script.begin(), script.end(), option); it != std::sregex_iterator();
       ++it)
    found.insert("--" + (*it)[1].str());
  EXPECT_EQ(found, options_of_all_commands());
}

}  // namespace
}  // namespace koshin::cli
