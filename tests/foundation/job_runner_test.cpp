// SPDX-License-Identifier: MIT
#include "foundation/jobs/job_runner.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <thread>

namespace koshin {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::seconds plenty{60};

class JobRunnerTest : public testing::Test {
 protected:
  /// Runs the fake worker with a behaviour. Collects the progress events.
  messages::Event run(const std::string& behaviour, std::chrono::seconds deadline = plenty,
                      std::stop_token stop = {}) {
    messages::Job job;
    job.subject_user = behaviour;
    return run_job_with(
        FAKE_WORKER, job, {}, [this](const messages::Event& event) { on_event(event); }, deadline,
        std::move(stop));
  }
  Failure failure_of_run(const std::string& behaviour, std::chrono::seconds deadline = plenty,
                         std::stop_token stop = {}) {
    const messages::Event event = run(behaviour, deadline, std::move(stop));
    const auto* const failure = std::get_if<Failure>(&event);
    EXPECT_NE(failure, nullptr) << messages::to_json(event);
    return failure == nullptr ? Failure{} : *failure;
  }
  void on_event(const messages::Event& event) {
    events_.push_back(event);
    if (on_first_event_ && events_.size() == 1) on_first_event_();
  }

  std::vector<messages::Event> events_;
  std::function<void()> on_first_event_;
};

TEST_F(JobRunnerTest, HandsOverSecretsInOrderAndReturnsTheResult) {
  messages::Job job;
  job.subject_user = "well";
  job.secrets = {messages::SecretKind::pin, messages::SecretKind::passphrase,
                 messages::SecretKind::reissue_code};
  const SecureBuffer pin = SecureBuffer::copy_of(std::string_view("1234"));
  const SecureBuffer password = SecureBuffer::copy_of(std::string(255, 'p'));
  const SecureBuffer code;
  const auto event = run_job_with(
      FAKE_WORKER, job, {&pin, &password, &code}, [this](const messages::Event& e) { on_event(e); }, plenty);
  const auto& checks = std::get<messages::DoctorResult>(event).checks;
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(checks[0].name + checks[0].text + checks[0].advice, "pin41");
  EXPECT_EQ(checks[1].name + checks[1].text + checks[1].advice, "passphrase255p");
  EXPECT_EQ(checks[2].name + checks[2].text + checks[2].advice, "reissue_code0");
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(std::get<messages::StepEvent>(events_[0]).step, messages::Step::generate_key_pair);
  EXPECT_EQ(std::get<messages::NoticeEvent>(events_[1]).code, "pin_count_low");
}

TEST_F(JobRunnerTest, RefusesAJobWhoseSecretsAreNotThere) {
  messages::Job job;
  job.secrets = {messages::SecretKind::pin};
  const auto event = run_job_with(
      FAKE_WORKER, job, {}, [](const messages::Event&) {}, plenty);
  EXPECT_EQ(std::get<Failure>(event).reason, Reason::job_invalid);
}

TEST_F(JobRunnerTest, ACrashIsModuleCrashedAndNamesSignalAndStep) {
  const Failure failure = failure_of_run("crash");
  EXPECT_EQ(failure.reason, Reason::module_crashed);
  EXPECT_THAT(failure.detail, HasSubstr("signal 11 in step generate_key_pair"));
}

TEST_F(JobRunnerTest, AHangIsModuleHungAndEndsTheWorker) {
  const Failure failure = failure_of_run("hang", std::chrono::seconds(5));
  EXPECT_EQ(failure.reason, Reason::module_hung);
  EXPECT_THAT(failure.detail, HasSubstr("in step generate_key_pair"));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST_F(JobRunnerTest, AWorkerThatClosesItsOutputAndGoesOnIsHungToo) {
  EXPECT_EQ(failure_of_run("hang-without-output", std::chrono::seconds(1)).reason, Reason::module_hung);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST_F(JobRunnerTest, EndingWithoutAFinalEventIsWorkerFailed) {
  const Failure failure = failure_of_run("no-final-event");
  EXPECT_EQ(failure.reason, Reason::worker_failed);
  EXPECT_THAT(failure.detail, HasSubstr("code 7 in step generate_key_pair and without a result"));
  EXPECT_EQ(failure_of_run("unknown behaviour").reason, Reason::worker_failed);
}

TEST_F(JobRunnerTest, GarbageIsWorkerFailedAndNotRepeated) {
  const Failure failure = failure_of_run("garbage");
  EXPECT_EQ(failure.reason, Reason::worker_failed);
  EXPECT_THAT(failure.detail, HasSubstr("3 lines of its output were not understood"));
  EXPECT_THAT(failure.detail, Not(HasSubstr("987654")));
  EXPECT_EQ(failure_of_run("half-a-line").reason, Reason::worker_failed);
}

TEST_F(JobRunnerTest, WhatAModulePrintsInBetweenDoesNoHarm) {
  EXPECT_TRUE(std::holds_alternative<messages::DoctorResult>(run("garbage-then-well")));
}

TEST_F(JobRunnerTest, ALineWithoutEndIsWorkerFailed) {
  const Failure failure = failure_of_run("too-long-line");
  EXPECT_EQ(failure.reason, Reason::worker_failed);
  EXPECT_THAT(failure.detail, HasSubstr("a line of more than"));
}

TEST_F(JobRunnerTest, AFinalEventCountsWhateverComesAfterIt) {
  EXPECT_TRUE(std::holds_alternative<messages::DoctorResult>(run("final-then-crash")));
  EXPECT_TRUE(std::holds_alternative<messages::DoctorResult>(run("final-then-hang")));
}

TEST_F(JobRunnerTest, AGrandchildThatHoldsTheOutputIsNotWaitedFor) {
  EXPECT_TRUE(std::holds_alternative<messages::DoctorResult>(run("grandchild")));
  EXPECT_EQ(failure_of_run("grandchild-then-killed").reason, Reason::module_crashed);
  for (const messages::Event& event : events_) {
    kill(static_cast<pid_t>(std::stol(std::get<messages::NoticeEvent>(event).text)), SIGKILL);
  }
}

TEST_F(JobRunnerTest, WhatAHungModuleStartedEndsWithIt) {
  EXPECT_EQ(failure_of_run("grandchild-then-hang", std::chrono::seconds(1)).reason, Reason::module_hung);
  const std::string pid = std::get<messages::NoticeEvent>(events_.at(0)).text;
  for (int i = 0; i < 1000; ++i) {  // far less than the grandchild would live
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string number, name, state;
    if (!(stat >> number >> name >> state) || state == "Z" || state == "X") return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "process " << pid << " goes on";
}

TEST_F(JobRunnerTest, AStopRequestEndsAWorkerThatDoesNotListen) {
  std::stop_source source;
  on_first_event_ = [&] { source.request_stop(); };
  const Failure failure = failure_of_run("hang-deaf", plenty, source.get_token());
  EXPECT_EQ(failure.reason, Reason::interrupted);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST_F(JobRunnerTest, AStopRequestLetsAPoliteWorkerSayTheLastWord) {
  std::stop_source source;
  on_first_event_ = [&] { source.request_stop(); };
  const Failure failure = failure_of_run("polite", plenty, source.get_token());
  EXPECT_EQ(failure.reason, Reason::interrupted);
  EXPECT_EQ(failure.detail, "logged off");
}

TEST_F(JobRunnerTest, AWorkerThatEndsBeforeReadingIsWorkerFailed) {
  messages::Job job;
  job.secrets = {messages::SecretKind::pin};
  job.token_uri = std::string(50000, 'x');
  const SecureBuffer pin = SecureBuffer::copy_of(std::string_view("1234"));
  const auto event = run_job_with(
      "/bin/true", job, {&pin}, [](const messages::Event&) {}, plenty);
  EXPECT_EQ(std::get<Failure>(event).reason, Reason::worker_failed);
}

TEST_F(JobRunnerTest, AMissingWorkerIsWorkerFailed) {
  const auto event = run_job_with(
      "/no/such/worker", {}, {}, [](const messages::Event&) {}, plenty);
  EXPECT_EQ(std::get<Failure>(event).reason, Reason::worker_failed);
  EXPECT_THAT(std::get<Failure>(event).detail, HasSubstr("/no/such/worker"));
}

TEST_F(JobRunnerTest, InAThreadOfItsOwnWhateverIsThrownIsWorkerFailed) {
  messages::Job job;
  job.subject_user = "well";
  job.secrets = {messages::SecretKind::passphrase};
  const SecureBuffer too_long = SecureBuffer::copy_of(std::string(max_secret + 1, 'p'));
  const auto event = run_guarded([&] {
    return run_job_with(
        FAKE_WORKER, job, {&too_long}, [](const messages::Event&) {}, plenty);
  });
  EXPECT_EQ(std::get<Failure>(event).reason, Reason::worker_failed);
  EXPECT_THAT(std::get<Failure>(event).detail, HasSubstr("1024 bytes"));
}

TEST_F(JobRunnerTest, WhatTheCallerThrowsPassesThroughAndEndsTheWorker) {
  on_first_event_ = [] { throw std::runtime_error("the page is gone"); };
  EXPECT_THROW(run("hang"), std::runtime_error);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

}  // namespace
}  // namespace koshin
