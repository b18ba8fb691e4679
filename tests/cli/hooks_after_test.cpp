// SPDX-License-Identifier: MIT
// What is said of the administrator's programs where koshin is asked to end between the command's work and
// them.
#include "cli/hooks_after.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/temporary_directory.hpp"

namespace koshin::cli {
namespace {

using testing::HasSubstr;

/// As the wait for Windows' store, which Ctrl-C ends: the command's own work is done.
int asked_to_end_after_its_work(const Session& session) {
  (void)std::raise(SIGINT);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!session.interrupt.token().stop_requested() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  EXPECT_TRUE(session.interrupt.token().stop_requested());
  session.console.document(R"({"state":"completed"})");
  return 0;
}

struct HooksAfter : testing::Test {
  struct Said {
    int exit_code;
    std::string out, err;
  };
  Said run(bool json) const {
    Arguments arguments;
    arguments.json = json;
    const Console console(arguments, false, true);
    const Interrupt interrupt;
    Workers workers;
    Session session{arguments, console, interrupt, workers, {}, {}, current_time()};
    session.deployment.base.hooks.directory = folder.path();
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int exit_code = with_hooks_after(session, asked_to_end_after_its_work);
    return {exit_code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
  }
  test::TemporaryDirectory folder;
};

TEST_F(HooksAfter, a_request_to_end_before_the_first_of_them_is_told_with_what_runs_them) {
  std::ofstream(folder.path() / "50-inventory") << "#!/bin/sh\n";
  const Said words = run(false);
  EXPECT_EQ(words.exit_code, 0) << "what is renewed stays so";
  EXPECT_THAT(words.err, HasSubstr("may not all have run"));
  EXPECT_THAT(words.err, HasSubstr("koshin renew --if-due"));
  const auto document = nlohmann::json::parse(run(true).out);
  EXPECT_EQ(document["state"], "completed");
  EXPECT_EQ(document["hooks_cut_short"], true);
}

TEST_F(HooksAfter, without_hooks_there_is_nothing_to_tell) {
  EXPECT_EQ(run(false).err, "");
  EXPECT_EQ(nlohmann::json::parse(run(true).out)["hooks_cut_short"], false);
}

}  // namespace
}  // namespace koshin::cli
