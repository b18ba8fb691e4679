// SPDX-License-Identifier: MIT
// The real program on a software token: rude modules, secrets, deadlines, stop requests, a parent that is
// gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/process_ends.hpp"
#include "foundation/system/paths.hpp"
#include "raw_worker.hpp"
#include "renewal/journal/journal.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using messages::Event;
using messages::JobKind;
using messages::SecretKind;
using renewal::State;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::seconds generous{120};
constexpr const char* unusual_pin = "9081726354";

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() : hsm(directory.path() / "hsm"), bank(directory.path() / "bank") {
    isolate_user(directory.path() / "user");
    ::unsetenv("KOSHIN_TEST_RUDE");
    hsm.init_token("demo", unusual_pin);
    provision(hsm, "demo", bank, pkcs11::KeyAlgorithm::ec_p256, 12);
    settings = write_settings(directory.path(), bank);
  }
  ~WorkerTest() override { ::unsetenv("KOSHIN_TEST_RUDE"); }

  void be_rude(const char* how) {
    ::setenv("KOSHIN_TEST_RUDE", how, 1);
    use_rude_module();
  }
  void use_rude_module(const std::string& extra = {}) {
    settings =
        write_settings(directory.path(), bank, "token.modules = [\"" KOSHIN_RUDE_MODULE "\"]\n" + extra);
  }
  messages::Job job(JobKind kind) const {
    messages::Job made;
    made.kind = kind;
    made.settings_file = settings;
    return made;
  }
  Event run(JobKind kind, const std::string& pin = {}, const std::function<void(const Event&)>& on_event = {},
            std::stop_token stop = {}) {
    auto made = job(kind);
    made.insist_count_low = insisting;
    std::vector<const SecureBuffer*> secrets;
    const auto buffer = SecureBuffer::copy_of(pin);
    if (!pin.empty()) {
      made.secrets = {SecretKind::pin};
      secrets = {&buffer};
    }
    return run_job_with(
        KOSHIN_WORKER, made, secrets,
        [&](const Event& event) {
          if (on_event) on_event(event);
        },
        generous, std::move(stop));
  }
  static std::string name(const Event& event) {
    if (const auto* failure = std::get_if<Failure>(&event)) {
      std::cout << failure->detail << '\n';  // beside a failed expectation
      return std::string(info(failure->reason).id);
    }
    return std::holds_alternative<messages::RenewResult>(event) ? "completed" : "result";
  }
  std::string with_pin(JobKind kind) const {
    auto made = job(kind);
    made.secrets = {SecretKind::pin};
    const std::string pin = unusual_pin;
    return messages::to_json(made) + "\n" + std::string{'\0', static_cast<char>(pin.size())} + pin;
  }
  std::vector<renewal::Record> history() const {
    return renewal::Journal::open(paths::journal_file())->history(10);
  }

  TemporaryDirectory directory;
  SoftHsm hsm;
  TestBank bank;
  std::filesystem::path settings;
  bool insisting = false;  ///< whoever gives the PIN knows of a wrong one before
};

TEST_F(WorkerTest, RenewsAndTellsEveryStep) {
  int finished = 0;
  const Event result = run(JobKind::renew, unusual_pin, [&](const Event& event) {
    const auto* step = std::get_if<messages::StepEvent>(&event);
    if (step != nullptr && step->finished) ++finished;
  });
  EXPECT_EQ(name(result), "completed");
  EXPECT_EQ(finished, 8);
  ASSERT_EQ(history().size(), 1U);
  EXPECT_EQ(history().front().state, State::completed);
}

/// The agent has told of the file, and nobody reads what this worker says.
TEST_F(WorkerTest, LeavesADamagedJournalUnlessAPersonIsThere) {
  const std::string damage(5000, 'x');
  std::filesystem::create_directories(paths::journal_file().parent_path());
  std::ofstream(paths::journal_file()) << damage;
  const auto renew = [&](bool unattended) {
    auto made = job(JobKind::renew);
    made.unattended = unattended;
    made.secrets = {SecretKind::pin};
    const auto pin = SecureBuffer::copy_of(std::string_view(unusual_pin));
    const std::vector<const SecureBuffer*> secrets{&pin};
    return name(run_job_with(
        KOSHIN_WORKER, made, secrets, [](const Event&) {}, generous));
  };
  EXPECT_EQ(renew(true), "journal_unusable");
  EXPECT_EQ(std::filesystem::file_size(paths::journal_file()), damage.size());
  EXPECT_EQ(renew(false), "journal_unusable");
  EXPECT_FALSE(std::filesystem::exists(paths::journal_file())) << "kept aside, and said";
  EXPECT_EQ(renew(true), "completed");
}

TEST_F(WorkerTest, ExitCodesAreThoseOfTheReasons) {
  auto made = job(JobKind::renew);
  RawWorker worker;
  worker.write(messages::to_json(made) + "\n");
  EXPECT_THAT(worker.read_all(), HasSubstr("pin_required"));
  EXPECT_EQ(worker.wait(), info(Reason::pin_required).exit_code);
}

TEST_F(WorkerTest, AModuleThatPrintsDoesNotDisturbTheEvents) {
  use_rude_module();
  RawWorker worker;
  worker.write(with_pin(JobKind::renew) + "more than was announced");
  std::istringstream lines(worker.read_all());
  EXPECT_EQ(worker.wait(), 0);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_NO_THROW(messages::parse_event(line)) << line;
  EXPECT_EQ(count, 17) << "a begin and an end for each of 8 steps, and the result";
}

class ClosedStreams : public WorkerTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(ClosedStreams, NothingOfOursTakesTheirPlace) {
  ::setenv("KOSHIN_TEST_RUDE", (std::string("close_in_") + GetParam()).c_str(), 1);
  use_rude_module("log.module_output = true\n");
  EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "completed");
}

INSTANTIATE_TEST_SUITE_P(Functions, ClosedStreams,
                         ::testing::Values("C_GetFunctionList", "C_Initialize", "C_OpenSession", "C_Login",
                                           "C_GenerateKeyPair", "C_Sign", "C_CreateObject"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(WorkerTest, P8_AModuleThatCrashesInFinalizeDoesSoAfterTheResultWasTold) {
  be_rude("crash_in_finalize");
  EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "completed");
}

TEST_F(WorkerTest, AModuleThatHangsEndsAtTheDeadline) {
  ::setenv("KOSHIN_TEST_RUDE", "hang", 1);
  use_rude_module("renewal.job_deadline = \"PT1S\"\n");
  const Event result = run(JobKind::renew, unusual_pin);
  EXPECT_EQ(name(result), "deadline_exceeded");
}

TEST_F(WorkerTest, ThePinIsNeitherInArgumentsNorEnvironment) {
  be_rude("hang");
  RawWorker worker;
  ASSERT_TRUE(worker.write(with_pin(JobKind::renew)));
  ASSERT_TRUE(worker.wait_until_protected());
  EXPECT_THAT(worker.proc("cmdline"), Not(HasSubstr(unusual_pin)));
  EXPECT_THAT(worker.proc("environ"), Not(HasSubstr(unusual_pin)));
  EXPECT_THAT(worker.proc("cmdline"), HasSubstr("koshin-worker"));
}

TEST_F(WorkerTest, ThePinIsNowhereInWhatIsKept) {
  std::string told;
  const auto listen = [&](const Event& event) { told += messages::to_json(event); };
  ASSERT_EQ(name(run(JobKind::renew, "9081726355", listen)), "pin_incorrect");
  insisting = true;
  ASSERT_EQ(name(run(JobKind::renew, unusual_pin, listen)), "completed");
  EXPECT_THAT(told, Not(HasSubstr("90817263")));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path() / "user")) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    EXPECT_THAT(content.str(), Not(HasSubstr("90817263"))) << entry.path();
  }
}

TEST_F(WorkerTest, AStopRequestAbandonsTheNetworkAndLosesNothing) {
  bank.set("slow", "20000");
  std::stop_source stop;
  const Event result = run(
      JobKind::renew, unusual_pin,
      [&](const Event& event) {
        const auto* step = std::get_if<messages::StepEvent>(&event);
        if (step != nullptr && step->step == messages::Step::submit) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(name(result), "interrupted");
  ASSERT_EQ(history().size(), 1U);
  const auto left = history().front();
  EXPECT_EQ(left.state, State::requested);
  bank.set("slow", "0");
  EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "completed");
  EXPECT_EQ(history().front().key_id, left.key_id);
}

TEST_F(WorkerTest, AParentThatIsGoneStopsItBetweenTwoSteps) {
  RawWorker worker;
  ASSERT_TRUE(worker.write(with_pin(JobKind::renew)));
  ASSERT_TRUE(worker.wait_for_output());
  worker.close_stdout();
  EXPECT_EQ(worker.wait(), info(Reason::interrupted).exit_code);
  EXPECT_EQ(bank.logins(), 0U) << "it did not go on to the end";
  EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "completed");
}

TEST_F(WorkerTest, SettingsThatOthersCanWriteAreRefused) {
  std::filesystem::permissions(settings, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(name(run(JobKind::inspect)), "settings_unsafe");
}

TEST_F(WorkerTest, AWorkerThatIsKilledLeavesALockThatIsFree) {
  bank.set("slow", "20000");
  pid_t killed = -1;
  {
    RawWorker worker;
    ASSERT_TRUE(worker.write(with_pin(JobKind::renew)));
    ASSERT_TRUE(worker.wait_for_output());
    EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "token_busy");
    killed = worker.process();
  }
  EXPECT_TRUE(ends(killed)) << "its guard is what was killed";
  bank.set("slow", "0");
  EXPECT_EQ(name(run(JobKind::renew, unusual_pin)), "completed");
}

}  // namespace
}  // namespace koshin::test
