// SPDX-License-Identifier: MIT
// The real program where it needs no token.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "program_run.hpp"
#include "repository.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

class Program : public testing::Test {
 protected:
  Program() { isolate_user(directory_.path()); }
  std::string settings(const std::string& text) const {
    const auto file = directory_.path() / "koshin.toml";
    std::ofstream(file) << text;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file.string();
  }
  TemporaryDirectory directory_;
};

TEST_F(Program, help_and_version_are_no_failure) {
  EXPECT_EQ(run_koshin({"--help"}).exit_code, 0);
  const RunResult version = run_koshin({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("koshin [0-9.]+\n"));
}

TEST_F(Program, a_usage_error_goes_to_stderr_with_exit_code_2) {
  const RunResult result = run_koshin({"renew", "--pin=1234"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("usage_error"));
  EXPECT_THAT(result.err, testing::StartsWith("koshin renew: a PIN, passphrase or code is never taken"));
  EXPECT_THAT(result.err + run_koshin({"renew", "--pin", "1234", "--json"}).out,
              testing::Not(HasSubstr("1234")));
}

TEST_F(Program, no_program_repeats_a_value_that_it_does_not_understand) {
  for (const char* program : {"koshin-agent", "koshin-ui"}) {
    const RunResult result = run_program(program, {"--pin=1234"});
    EXPECT_EQ(result.exit_code, 2) << program;
    EXPECT_THAT(result.err, HasSubstr("--pin")) << program;
    EXPECT_THAT(result.out + result.err, testing::Not(HasSubstr("1234"))) << program;
  }
}

TEST_F(Program, a_usage_error_is_json_when_json_was_asked_for) {
  const RunResult result = run_koshin({"fly", "--json"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "");
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json["command"], "koshin");
  EXPECT_EQ(json["failure"]["reason"], "usage_error");
}

TEST_F(Program, settings_with_a_mistake_are_named_by_file_line_and_column) {
  const std::string file = settings("[authority]\nurl = \"https://ra.example\"\nurll = \"x\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr(file + ":3:1"));
  EXPECT_EQ(run_koshin({"renew", "--pin-stdin", "--settings", file}, "1234\n").exit_code, 3);
}

TEST_F(Program, settings_of_binary_garbage_are_an_error_and_no_crash) {
  EXPECT_EQ(run_koshin({"config", "check", "--settings",
                        settings(std::string("\x7f"
                                             "ELF\0\x01\xff\xfe[",
                                             9))})
                .exit_code,
            3);
}

TEST_F(Program, right_settings_are_said_to_be_right) {
  const std::string file =
      settings("token.modules = [\"/usr/lib/x.so\"]\nauthority.url = \"https://ra.example\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("The settings are right (2 set"));
}

TEST_F(Program, the_doctor_names_every_mistake_of_the_settings_as_far_as_a_person_reads) {
  const std::string file = settings("log.level = \"bogus\"\nauthority.urll = \"x\"\n");
  const RunResult result = run_koshin({"doctor", "--settings", file});
  EXPECT_EQ(result.exit_code, 3);
  const auto first = result.err.find(file + ":1:"), second = result.err.find(file + ":2:");
  EXPECT_LT(first, second) << result.err;
  EXPECT_NE(second, std::string::npos) << result.err;
  EXPECT_THAT(result.err, testing::AllOf(HasSubstr("koshin config check"), HasSubstr("(exit code 3)")));
  const Json json = Json::parse(run_koshin({"doctor", "--json", "--settings", file}).out);
  EXPECT_THAT(json["failure"]["detail"].get<std::string>(), HasSubstr(file + ":1:"));
  ASSERT_EQ(json["mistakes"].size(), 2U);
  EXPECT_EQ(json["mistakes"][1]["reason"], "settings_invalid");
  std::string many;
  for (int i = 0; i < 30; ++i) many += "key" + std::to_string(i) + " = 1\n";
  const std::string err = run_koshin({"doctor", "--settings", settings(many)}).err;
  EXPECT_THAT(err,
              testing::AllOf(HasSubstr(":20:1"), testing::Not(HasSubstr(":21:1")), HasSubstr("and 10 more")));
}

TEST_F(Program, every_mistake_is_told_at_once_in_the_order_of_lines) {
  const std::string file =
      settings("reminders.thresholds = \"P1D\"\nlog.level = \"bogus\"\nauthority.urll = \"x\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  EXPECT_EQ(result.exit_code, 3);
  const auto first = result.err.find(file + ":1:"), second = result.err.find(file + ":2:");
  const auto third = result.err.find(file + ":3:");
  EXPECT_LT(first, second) << result.err;
  EXPECT_LT(second, third) << result.err;
  EXPECT_NE(third, std::string::npos) << result.err;
  const Json json = Json::parse(run_koshin({"config", "check", "--json", "--settings", file}).out);
  EXPECT_EQ(json["failure"]["reason"], "settings_invalid");
  EXPECT_THAT(json["failure"]["detail"].get<std::string>(), HasSubstr(file + ":1:"));
  ASSERT_EQ(json["mistakes"].size(), 3U);
  EXPECT_THAT(json["mistakes"][2]["detail"].get<std::string>(), HasSubstr("did you mean \"authority.url\""));
  EXPECT_THAT(run_koshin({"history", "--settings", file}).err, HasSubstr(file + ":1:"));
}

TEST_F(Program, config_check_opens_what_settings_name) {
  const std::string missing = (directory_.path() / "missing").string();
  std::filesystem::create_directory(directory_.path() / "folder");
  const std::string file =
      settings("token.modules = [\"" + (directory_.path() / "folder").string() + "\", \"" + missing +
               ".so\"]\ntoken.uri = \"pkcs11:?pin-source=file:" + missing +
               "\"\nauthority.trust_anchors = \"missing.pem\"\n" +
               "proxy.password_file = \"missing\"\nbranding.logo = \"missing.svg\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("But token.modules (" + file + ":1:"));
  EXPECT_THAT(result.out, HasSubstr("is a folder: name the module's file in it"));
  EXPECT_THAT(result.out, HasSubstr("But token.uri (" + file + ":2:"));
  EXPECT_THAT(result.out, HasSubstr("But authority.trust_anchors (" + file + ":3:"));
  EXPECT_THAT(result.out, HasSubstr(missing + ".pem: there is no such file"));
  EXPECT_THAT(result.out, HasSubstr("But proxy.password_file (" + file + ":4:"));
  EXPECT_THAT(result.out, HasSubstr("But branding.logo (" + file + ":5:"));
  const Json json = Json::parse(run_koshin({"config", "check", "--json", "--settings", file}).out);
  EXPECT_GE(json["notes"].size(), 6U);
}

TEST_F(Program, config_check_says_which_proxy_each_bank_takes_and_who_says_so) {
  const ScopedEnvironment environment({{"https_proxy", "http://tanaka:geheim@env.example:8080/"},
                                       {"no_proxy", "intranet.example"},
                                       {"HTTPS_PROXY", ""}});
  const std::string file = settings(
      "[[bank]]\nname = \"a\"\nauthority.url = \"https://ra.a.example\"\n"
      "proxy.url = \"http://proxy.example:3128\"\n"
      "[[bank]]\nname = \"b\"\nauthority.url = \"https://ra.b.example\"\n"
      "[[bank]]\nname = \"c\"\nauthority.url = \"https://ra.c.example\"\n"
      "proxy.url = \"pac+http://127.0.0.1:1/proxy.pac\"\nproxy.user = \"koshin\"\n"
      "[[bank]]\nname = \"d\"\nauthority.url = \"https://ra.d.example\"\nproxy.url = \"none\"\n"
      "[[bank]]\nname = \"e\"\nauthority.url = \"https://ra.e.example\"\nproxy.url = \"system\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const std::string& line :
       {"To https://ra.a.example: by the proxy http://proxy.example:3128 (proxy.url, " + file + ":4:",
        std::string("To https://ra.b.example: by the proxy http://env.example:8080 (https_proxy of the"),
        std::string("  Without a proxy where no_proxy names the server: intranet.example"),
        "To https://ra.c.example: a script decides, which was not asked: http://127.0.0.1:1/proxy.pac "
        "(proxy.url, " +
            file + ":11:",
        "To https://ra.d.example: without a proxy (proxy.url, " + file + ":16:",
        std::string("To https://ra.e.example: as the proxy settings of the desktop have it"),
        "But proxy.user, bank c (" + file + ":12:"})
    EXPECT_THAT(result.out, HasSubstr(line));
  EXPECT_THAT(result.out, testing::Not(HasSubstr("geheim")));
  const std::string text = run_koshin({"config", "check", "--json", "--settings", file}).out;
  EXPECT_THAT(text, testing::Not(HasSubstr("geheim")));
  const Json ways = Json::parse(text)["ways"];
  ASSERT_EQ(ways.size(), 5U);
  EXPECT_EQ(ways[1]["named_by"], "environment");
  EXPECT_EQ(ways[1]["said_by"], "https_proxy");
  EXPECT_EQ(ways[1]["proxy"], "http://env.example:8080");
  EXPECT_EQ(ways[1]["without_proxy_said_by"], "no_proxy");
  EXPECT_EQ(ways[2]["named_by"], "script");
  EXPECT_TRUE(ways[2]["proxy"].is_null());
  EXPECT_EQ(ways[3]["named_by"], "settings");
}

TEST_F(Program, config_check_says_where_nobody_names_a_proxy) {
  const ScopedEnvironment environment(
      {{"https_proxy", ""}, {"HTTPS_PROXY", ""}, {"all_proxy", ""}, {"ALL_PROXY", ""}});
  const std::string file = settings("authority.url = \"https://ra.example\"\n");
  EXPECT_THAT(run_koshin({"config", "check", "--settings", file}).out,
              HasSubstr("To https://ra.example: without a proxy; neither proxy.url nor"));
  EXPECT_THAT(run_koshin({"config", "check", "--language", "ja", "--settings", file}).out,
              HasSubstr("https://ra.example への経路: プロキシなし"));
}

TEST_F(Program, config_check_names_keys_that_come_to_nothing_alone) {
  const std::string file = settings("mail.url = \"smtp://mail.example\"\nunattended.enabled = true\n");
  const std::string out = run_koshin({"config", "check", "--settings", file}).out;
  EXPECT_THAT(out, HasSubstr("But mail.url (" + file + ":1:"));
  EXPECT_THAT(out, HasSubstr("comes to nothing without mail.from, mail.to"));
  EXPECT_THAT(out, HasSubstr("But unattended.enabled (" + file + ":2:"));
  EXPECT_THAT(out, HasSubstr("pin-source"));
}

TEST_F(Program, a_pin_source_in_the_settings_is_an_absolute_path) {
  const RunResult result =
      run_koshin({"config", "check", "--settings", settings("token.uri = \"pkcs11:?pin-source=pin\"\n")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr(":1:13: token.uri must name its pin-source by an absolute path"));
}

TEST_F(Program, config_check_names_the_files_that_were_read_and_those_that_are_not_there) {
  const std::string file = settings("locked = [\"authority.url\"]\nlog.level = \"info\"\n");
  const RunResult result = run_koshin({"config", "check", "--settings", file});
  if (getuid() == 0) {  // root's file is read alone and may lock
    EXPECT_THAT(result.out, HasSubstr("  " + file + ": 1 set, locks authority.url\n")) << result.err;
    EXPECT_THAT(run_koshin({"config", "show", "--settings", file}).out,
                ::testing::ContainsRegex("\nurl = \"\" +# \\(locked\\)\n"));
    const Json json = Json::parse(run_koshin({"config", "show", "--json", "--settings", file}).out);
    EXPECT_EQ(json["files"][0]["locked"], Json::array({"authority.url"}));
  }
  EXPECT_THAT(run_koshin({"config", "check"}).out, HasSubstr("koshin.toml: not there\n"));
}

TEST_F(Program, config_show_tells_value_and_origin) {
  const std::string file = settings("[authority]\nurl = \"https://ra.example\"\n");
  const RunResult result = run_koshin({"config", "show", "--settings", file});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("url = \"https://ra.example\""));
  EXPECT_THAT(result.out, HasSubstr("# " + file + ":2:"));
  EXPECT_THAT(result.out, HasSubstr("window = \"P1M\""));
  const Json json = Json::parse(run_koshin({"config", "show", "--json", "--settings", file}).out);
  const auto found = std::find_if(json["settings"].begin(), json["settings"].end(),
                                  [](const Json& setting) { return setting["key"] == "authority.url"; });
  ASSERT_NE(found, json["settings"].end());
  EXPECT_EQ((*found)["value"], "\"https://ra.example\"");
  EXPECT_THAT((*found)["origin"].get<std::string>(), HasSubstr(file + ":2:"));
}

TEST_F(Program, the_default_settings_that_are_shipped_are_right) {
  std::ifstream in(KOSHIN_DEFAULT_SETTINGS);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  ASSERT_FALSE(text.empty());
  const RunResult result = run_koshin({"config", "check", "--settings", settings(text)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("token.modules is empty"));
}

TEST_F(Program, a_settings_file_that_others_may_write_is_refused) {
  const std::string file = settings("authority.url = \"https://ra.example\"\n");
  std::filesystem::permissions(file, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(run_koshin({"inspect", "--settings", file}).exit_code, 4);
}

TEST_F(Program, status_and_history_without_a_journal_say_so) {
  const std::string file = settings("");
  const RunResult status = run_koshin({"status", "--settings", file});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("Nothing is known yet"));
  EXPECT_THAT(run_koshin({"history", "--settings", file}).out, HasSubstr("No renewal so far"));
  EXPECT_TRUE(Json::parse(run_koshin({"status", "--json", "--settings", file}).out)["tokens"].empty());
}

TEST_F(Program, output_that_is_lost_is_an_exit_code_of_its_own) {
  const std::string arguments = " --settings '" + settings("") + "' ";
  for (const char* command : {"history", "history --json", "status --json", "config show", "--help"}) {
    for (const char* where : {">/dev/full", ">&-", ">&- <&-"}) {
      const RunResult result = run_in_shell(std::string("$koshin ") + command + arguments + where);
      EXPECT_EQ(result.exit_code, 121) << command << where << result.err;
      EXPECT_THAT(result.err, HasSubstr("output_lost: standard output: ")) << command << where;
    }
  }
  EXPECT_EQ(run_in_shell("$koshin fly --json >/dev/full").exit_code, 2);
  EXPECT_EQ(run_in_shell("$koshin config check --quiet >&-" + arguments).exit_code, 0);
}

TEST_F(Program, a_reader_that_goes_away_is_told_by_the_exit_code_alone) {
  const std::string pipe = "'" + (directory_.path() / "pipe").string() + "'";
  const RunResult result = run_in_shell("mkfifo " + pipe + "; (exec 3<" + pipe + ") & exec 4>" + pipe +
                                        "; wait; $koshin --help >&4");
  EXPECT_EQ(result.exit_code, 121);
  EXPECT_EQ(result.err, "");
}

TEST_F(Program, the_language_follows_the_option) {
  const std::string file = settings("");
  EXPECT_THAT(run_koshin({"history", "--language", "ja", "--settings", file}).out,
              HasSubstr("更新の記録はまだありません"));
}

/// Of the section OPTIONS: elsewhere a page may speak of other programs' options.
std::set<std::string> options_of_page(const std::string& name) {
  const std::string page = read_file("packaging/man/" + name);
  const auto begin = page.find(".SH OPTIONS");
  return long_options(page.substr(begin, page.find(".SH", begin + 1) - begin));
}

TEST_F(Program, the_pages_of_agent_and_wizard_name_every_option_and_no_other) {
  for (const char* program : {"koshin-agent", "koshin-ui"}) {
    const RunResult help = run_program(program, {"--help"});
    EXPECT_EQ(help.exit_code, 0) << help.err;
    EXPECT_FALSE(long_options(help.out).empty());
    EXPECT_EQ(options_of_page(std::string(program) + ".8"), long_options(help.out)) << program;
  }
}

TEST_F(Program, slot_watch_explains_itself_and_says_what_is_missing) {
  const RunResult help = run_program("koshin-slot-watch", {"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--module MODULE"));
  EXPECT_EQ(help.err, "");
  const RunResult nothing = run_program("koshin-slot-watch", {});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("--module is missing"));
}

}  // namespace
}  // namespace koshin::test
