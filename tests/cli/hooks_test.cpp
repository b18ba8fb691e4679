// SPDX-License-Identifier: MIT
// The administrator's programs after a renewal (docs/hooks.md), through the command line.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include "cli_fixture.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t lines_in(const fs::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool comes(const fs::path& file) {
  for (const auto until = steady_clock::now() + std::chrono::seconds(60); steady_clock::now() < until;
       std::this_thread::sleep_for(std::chrono::milliseconds(20)))
    if (fs::exists(file) && fs::file_size(file) != 0) return true;
  return false;
}

/// Whether the process whose number is in the file goes away.
bool is_gone(const fs::path& file) {
  const std::string pid = std::to_string(std::stol(text_of(file)));
  for (const auto until = steady_clock::now() + std::chrono::seconds(20); steady_clock::now() < until;
       std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
    const std::string stat = text_of("/proc/" + pid + "/stat");
    if (stat.empty() || stat.find(") Z ") != std::string::npos) return true;
  }
  return false;
}

class Hooks : public CliFixture {
 protected:
  Hooks() {
    fs::create_directory(folder_);
    fs::create_directory(out_);
    write_settings_with("hooks.directory = \"" + folder_.string() + "\"\n");
    provision_certificate(12);
  }
  /// A line of sh in which $out is a folder.
  fs::path hook(const std::string& name, const std::string& script, unsigned mode = 0755) const {
    const fs::path file = folder_ / name;
    std::ofstream(file) << "#!/bin/sh\nout='" << out_.string() << "'\n" << script << "\n";
    fs::permissions(file, static_cast<fs::perms>(mode));
    return file;
  }
  RunResult renew() const { return koshin({"renew", "--pin-stdin"}, right_pin); }
  /// A further run, which has nothing to renew.
  RunResult look_again() const { return koshin({"renew", "--if-due", "--pin-stdin"}, right_pin); }
  std::string log() const { return text_of(directory_.path() / "user" / "state" / "koshin" / "koshin.log"); }
  RunResult run_hooks(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--settings", settings_.string()});
    return run_program("koshin-hooks", arguments);
  }
  /// Renews with --json, with `before` in front of koshin, and runs `stop` in the shell, where $koshin_pid is
  /// that process, once a hook has written $out/slow. Ends soon after, or the test fails.
  RunResult stopped_while_slow_runs(const std::string& before, const std::string& stop) const {
    return run_in_shell(
        "exec 3<&0; " + before + " $koshin renew --json --pin-stdin --settings '" + settings_.string() +
            "' <&3 & koshin_pid=$!; for try in $(seq 600); do [ ! -s '" + out_.string() +
            "/slow' ] || break; sleep 0.1; done; " + stop +
            "; (sleep 20; kill -KILL $koshin_pid) 3<&- >/dev/null 2>&1 & late=$!; wait $koshin_pid; " +
            "code=$?; kill $late; exit $code",
        right_pin);
  }

  fs::path folder_ = directory_.path() / "hooks.d", out_ = directory_.path() / "out";
};

TEST_F(Hooks, a_hook_gets_the_new_certificate_and_its_facts_once) {
  hook("10-see",
       "openssl x509 -outform DER | sha256sum | cut -d' ' -f1 >>$out/sha256\n"
       "env | sort >$out/env; pwd >$out/folder; id -u >$out/user; echo 'was here\\033[31m' >&2");
  const RunResult result = renew();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const Json token = inspected_token();
  const Json& newest =
      *std::ranges::max_element(token["certificates"], {}, [](const Json& one) { return one["days_left"]; });
  EXPECT_EQ(text_of(out_ / "sha256"), newest["sha256"].get<std::string>() + "\n");
  const std::string environment = text_of(out_ / "env");
  EXPECT_THAT(environment, HasSubstr("\nKOSHIN_EVENT=renewed\n"));
  EXPECT_THAT(environment, HasSubstr("\nKOSHIN_TOKEN_LABEL=Sakura Corp\n"));
  EXPECT_THAT(environment, HasSubstr("\nKOSHIN_PURPOSE=log_in\n"));
  EXPECT_THAT(environment, HasSubstr("\nKOSHIN_NOT_AFTER=" + newest["not_after"].get<std::string>() + "\n"));
  EXPECT_THAT(environment, HasSubstr("\nKOSHIN_SERIAL=" + newest["serial"].get<std::string>() + "\n"));
  EXPECT_THAT(environment, HasSubstr("CN=12345678901234 user0001"));
  EXPECT_THAT(environment, Not(HasSubstr(right_pin)));
  EXPECT_THAT(environment, Not(HasSubstr("SOFTHSM2_CONF"))) << "koshin's own environment";
  EXPECT_EQ(text_of(out_ / "folder"), "/\n");
  EXPECT_EQ(text_of(out_ / "user"), std::to_string(::getuid()) + "\n");
  EXPECT_THAT(log(), HasSubstr("KOSHIN_OUTPUT=\"was here"));
  EXPECT_THAT(log(), Not(HasSubstr("\033")));
  EXPECT_EQ(look_again().exit_code, 0);
  EXPECT_EQ(lines_in(out_ / "sha256"), 1U) << "it ran again for the same certificate";
}

TEST_F(Hooks, an_enrolment_has_them_too) {
  hook("see", "echo $KOSHIN_EVENT >$out/event");
  const RunResult result = koshin({"enroll", "--pin-stdin", "--code-stdin"},
                                  std::string(right_pin) + "\n" + bank_.reissue_code(default_user) + "\n");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(text_of(out_ / "event"), "enrolled\n");
}

TEST_F(Hooks, one_that_fails_is_named_and_tried_three_times_in_all) {
  hook("10-fails", "echo x >>$out/fails; echo broken; exit 3");
  hook("20-works", "echo x >>$out/works");
  const RunResult first = renew();
  EXPECT_EQ(first.exit_code, 0) << "the certificate was renewed";
  EXPECT_THAT(first.out, HasSubstr("The certificate was renewed."));
  EXPECT_THAT(first.err, HasSubstr("10-fails"));
  EXPECT_THAT(first.err, Not(HasSubstr("20-works")));
  EXPECT_THAT(log(), HasSubstr("KOSHIN_DETAIL=\"ended with 3\""));
  EXPECT_THAT(look_again().err, HasSubstr("10-fails"));
  EXPECT_THAT(look_again().err, HasSubstr("10-fails"));
  EXPECT_EQ(look_again().err, "");
  EXPECT_EQ(lines_in(out_ / "fails"), 3U);
  EXPECT_EQ(lines_in(out_ / "works"), 1U);
  EXPECT_THAT(log(), HasSubstr("a hook failed, and is not tried again"));
}

TEST_F(Hooks, with_a_damaged_journal_none_runs_and_a_command_says_what_becomes_of_it) {
  hook("see", "echo x >>$out/see");
  ASSERT_EQ(renew().exit_code, 0);
  const fs::path journal = directory_.path() / "user" / "state" / "koshin" / "journal.sqlite";
  std::ofstream(journal, std::ios::trunc) << std::string(5000, 'x');
  const RunResult result = run_hooks({});
  EXPECT_EQ(result.exit_code, 7) << result.err;
  EXPECT_THAT(result.err, HasSubstr("keeps it aside"));
  EXPECT_EQ(lines_in(out_ / "see"), 1U);
  EXPECT_EQ(fs::file_size(journal), 5000U);
  EXPECT_THAT(koshin({"status"}).err, HasSubstr("was kept as"));
  EXPECT_EQ(run_hooks({}).exit_code, 0);
}

TEST_F(Hooks, the_document_names_those_that_failed) {
  hook("10-fails", "exit 3");
  hook("20-works", "exit 0");
  const Json renewed = koshin_json({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(renewed["state"], "completed");
  EXPECT_EQ(renewed["hooks_failed"], Json::array({"10-fails"}));
  EXPECT_EQ(renewed["hooks_not_ended"], Json::array());
  EXPECT_EQ(renewed["hooks_cut_short"], false);
  EXPECT_EQ(koshin_json({"renew", "--if-due", "--pin-stdin"}, right_pin)["hooks_failed"],
            Json::array({"10-fails"}))
      << "nothing was due, and the hook had its second time";
}

TEST_F(Hooks, the_document_of_a_failure_names_them_too) {
  hook("10-works", "exit 0");
  ASSERT_EQ(renew().exit_code, 0);
  hook("20-fails", "exit 3");
  const Json refused = koshin_json({"renew", "--pin-stdin"}, right_pin);
  EXPECT_EQ(refused["failure"]["reason"], "not_due");
  EXPECT_EQ(refused["hooks_failed"], Json::array({"20-fails"}));
  const Json dry = koshin_json({"renew", "--force", "--dry-run", "--pin-stdin"}, right_pin);
  EXPECT_EQ(dry["hooks_failed"], Json::array());
}

TEST_F(Hooks, a_stop_request_writes_the_document_at_once_and_names_the_hook_that_still_runs) {
  hook("10-fails", "exit 3");
  hook("20-slow", "echo $$ >$out/slow; sleep 300");
  hook("30-next", "echo x >$out/next");
  const RunResult result = stopped_while_slow_runs("", "kill -HUP $koshin_pid; kill -TERM $koshin_pid");
  EXPECT_EQ(result.exit_code, 0) << "the certificate was renewed; " << result.err;
  const Json renewed = Json::parse(result.out);
  EXPECT_EQ(renewed["state"], "completed");
  EXPECT_EQ(renewed["hooks_failed"], Json::array({"10-fails"}));
  EXPECT_EQ(renewed["hooks_not_ended"], Json::array({"20-slow"}));
  EXPECT_EQ(renewed["hooks_cut_short"], true);
  EXPECT_TRUE(is_gone(out_ / "slow"));
  EXPECT_FALSE(fs::exists(out_ / "next"));
}

TEST_F(Hooks, a_stop_request_by_timeout_comes_twice_and_loses_no_document) {
  hook("slow", "echo $$ >$out/slow; sleep 300");
  const RunResult result = stopped_while_slow_runs("timeout 100", "kill $koshin_pid");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json renewed = Json::parse(result.out);
  EXPECT_EQ(renewed["state"], "completed");
  EXPECT_EQ(renewed["hooks_not_ended"], Json::array({"slow"}));
  EXPECT_TRUE(is_gone(out_ / "slow"));
}

TEST_F(Hooks, a_dry_run_has_none) {
  hook("see", "echo x >>$out/seen");
  EXPECT_EQ(koshin({"renew", "--dry-run", "--pin-stdin"}, right_pin).exit_code, 0);
  EXPECT_FALSE(fs::exists(out_ / "seen"));
}

TEST_F(Hooks, one_that_hangs_is_ended_with_all_that_it_has_started) {
  ASSERT_EQ(renew().exit_code, 0);
  hook("hangs", "setsid sh -c 'echo $$ >'$out/far'; exec sleep 300' & echo $$ >$out/near; sleep 300");
  const auto begin = steady_clock::now();
  const RunResult result = run_hooks({"--limit", "5"});
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(55));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "begun hangs\nfailed hangs\n");
  EXPECT_THAT(result.err, HasSubstr("was ended after 5 s"));
  ASSERT_TRUE(fs::exists(out_ / "near"));
  EXPECT_TRUE(is_gone(out_ / "near"));
  ASSERT_TRUE(fs::exists(out_ / "far"));
  EXPECT_TRUE(is_gone(out_ / "far"));
}

TEST_F(Hooks, one_that_writes_without_end_fills_neither_log_nor_time) {
  ASSERT_EQ(renew().exit_code, 0);
  hook("talks", "exec yes a");
  const RunResult result = run_hooks({"--limit", "1"});
  EXPECT_EQ(result.out, "begun talks\nfailed talks\n");
  EXPECT_LT(result.err.size(), 512U * 1024);
  EXPECT_THAT(result.err, HasSubstr("was ended after 1 s"));
}

TEST_F(Hooks, what_it_leaves_running_ends_with_it) {
  ASSERT_EQ(renew().exit_code, 0);
  hook("leaves", "setsid sleep 300 & echo $! >$out/left");
  EXPECT_EQ(run_hooks({}).exit_code, 0);
  EXPECT_TRUE(is_gone(out_ / "left"));
}

TEST_F(Hooks, what_it_leaves_running_beside_it_ends_with_it) {
  hook("leaves", "sleep 300 >/dev/null & echo $! >$out/left");
  EXPECT_EQ(renew().exit_code, 0);
  EXPECT_TRUE(is_gone(out_ / "left"));
}

TEST_F(Hooks, one_that_others_can_write_is_not_run_and_config_check_says_so) {
  hook("10-open", "echo x >$out/open", 0777);
  hook("20-no-program", "echo x >$out/no", 0644);
  hook("30-old~", "echo x >$out/old");
  fs::create_directory_symlink("/", folder_ / "40-folder");
  hook("50-works", "echo x >$out/works");
  std::ofstream(folder_ / "README") << "nothing to tell of\n";
  EXPECT_EQ(renew().exit_code, 0);
  for (const char* name : {"open", "no", "old"}) EXPECT_FALSE(fs::exists(out_ / name)) << name;
  EXPECT_TRUE(fs::exists(out_ / "works"));
  EXPECT_THAT(log(), HasSubstr("10-open: this file can be written by group or others"));
  const std::string check = koshin({"config", "check"}).out;
  EXPECT_THAT(check, HasSubstr("But hooks.directory ("));
  EXPECT_THAT(check, HasSubstr("10-open: this file can be written by group or others"));
  EXPECT_THAT(check, HasSubstr("20-no-program: this file is not executable"));
  EXPECT_THAT(check, HasSubstr("30-old~: by its name this is a copy"));
  EXPECT_THAT(check, HasSubstr("40-folder: this is a folder"));
  EXPECT_THAT(check, Not(HasSubstr("50-works")));
  EXPECT_THAT(check, Not(HasSubstr("README")));
}

/// As editors of Windows leave them.
TEST_F(Hooks, a_script_that_the_system_cannot_start_is_told_and_not_tried) {
  const auto script = [this](const char* name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    fs::permissions(folder_ / name, fs::perms::owner_all);
  };
  script("10-lines", "#!/bin/sh\r\nexit 0\r\n");
  script("20-mark", "\xef\xbb\xbf#!/bin/sh\nexit 0\n");
  script("30-bare", "exit 0\n");
  script("40-nothing", "");
  script("50-elsewhere", "#! /opt/none/python3 -u\nexit(0)\n");
  fs::create_symlink("/bin/true", folder_ / "60-program");
  hook("70-works", "echo x >$out/works");
  const RunResult result = renew();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "") << "none has failed";
  EXPECT_TRUE(fs::exists(out_ / "works"));
  const std::string check = koshin({"config", "check"}).out;
  EXPECT_THAT(check, HasSubstr("10-lines: its first line ends with a carriage return"));
  EXPECT_THAT(check, HasSubstr("20-mark: it begins with a byte order mark"));
  EXPECT_THAT(check, HasSubstr("30-bare: it is a script, whose first line"));
  EXPECT_THAT(check, HasSubstr("40-nothing: it is empty"));
  EXPECT_THAT(check,
              HasSubstr("50-elsewhere: its first line names a program that is not there: /opt/none/python3"));
  for (const char* name : {"60-program", "70-works"}) EXPECT_THAT(check, Not(HasSubstr(name)));
  EXPECT_THAT(log(), HasSubstr("10-lines: its first line ends with a carriage return"));
}

TEST_F(Hooks, none_is_run_from_a_folder_that_others_can_write) {
  hook("10-see", "echo x >$out/seen");
  fs::permissions(folder_, fs::perms::all);
  EXPECT_EQ(renew().exit_code, 0);
  EXPECT_FALSE(fs::exists(out_ / "seen"));
  EXPECT_THAT(log(), HasSubstr("this folder can be written by group or others"));
}

TEST_F(Hooks, koshin_killed_between_renewal_and_hook_is_caught_up_by_the_next_run) {
  hook("10-hangs-once",
       "[ -e $out/first ] && { echo x >>$out/again; exit 0; }; echo $$ >$out/first; sleep 300");
  hook("20-next", "echo x >>$out/next");
  const fs::path program = KOSHIN_PROGRAM_FILE;
  const auto killed =
      ChildProcess::start(program, {"renew", "--pin-stdin", "--settings", settings_.string()});
  killed->write(std::string_view(right_pin));
  killed->close_stdin();
  ASSERT_TRUE(comes(out_ / "first"));
  killed->kill();
  EXPECT_TRUE(is_gone(out_ / "first")) << "a hook goes on without koshin";
  EXPECT_FALSE(fs::exists(out_ / "next"));
  const RunResult result = look_again();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(lines_in(out_ / "again"), 1U);
  EXPECT_EQ(lines_in(out_ / "next"), 1U);
  EXPECT_EQ(bank_.issued(), 1U);
}

TEST_F(Hooks, an_empty_setting_turns_them_off) {
  hook("see", "echo x >$out/seen");
  write_settings_with("hooks.directory = \"\"\n");
  EXPECT_EQ(renew().exit_code, 0);
  EXPECT_FALSE(fs::exists(out_ / "seen"));
}

}  // namespace
}  // namespace koshin::test
