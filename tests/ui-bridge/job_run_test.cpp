// SPDX-License-Identifier: MIT
// The job that runs: who is told of its end, the worker that waits for the person, and the token that is
// pulled out meanwhile.
#include "ui-bridge/wizard/job_run.hpp"

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;
using messages::SecretKind;
using Given = JobRun::Secrets;

class JobRunTest : public testing::Test {
 protected:
  static messages::Job job(JobKind kind, bool await_go = false) {
    messages::Job job;
    job.kind = kind;
    job.await_go = await_go;
    job.key = "ec-p256";
    return job;
  }
  void start(JobKind kind, bool await_go = false) { jobs_.start(job(kind, await_go), Given::none, tell_); }
  void make_ready() {
    start(JobKind::renew, true);
    jobs_.on_event(messages::ReadyEvent{});
  }

  FakeHost host_;
  Model model_;
  Settings settings_;
  EnteredSecrets secrets_{model_};
  EnteredProxyLogin proxy_{model_, settings_};
  JobRun jobs_{host_, model_, secrets_, proxy_};
  int told_ = 0;
  const JobRun::End tell_ = [this](const messages::Event&) { ++told_; };
};

TEST_F(JobRunTest, TellsTheEndOnceToWhoeverStartedIt) {
  start(JobKind::inspect);
  EXPECT_TRUE(jobs_.is_running() && model_.busy);
  jobs_.on_event(messages::NoticeEvent{"pin_count_low", {}});
  jobs_.on_event(messages::ReadyEvent{});
  EXPECT_EQ(told_, 0) << "nothing has ended, and this job does not wait for anybody";
  jobs_.on_event(messages::InspectResult{});
  EXPECT_EQ(told_, 1);
  EXPECT_FALSE(jobs_.is_running() || model_.busy);
  jobs_.on_event(Failure{Reason::module_crashed, {}, {}});
  EXPECT_EQ(told_, 1);
}

TEST_F(JobRunTest, TheEndMayStartTheNextJob) {
  jobs_.start(job(JobKind::inspect), Given::none, [this](const auto&) { start(JobKind::prune); });
  jobs_.on_event(messages::InspectResult{});
  EXPECT_TRUE(jobs_.is_running());
  jobs_.on_event(messages::PruneResult{});
  EXPECT_EQ(told_, 1);
}

TEST_F(JobRunTest, AReadyWorkerGoesOnWithTheKeyTypeThatItHasChecked) {
  make_ready();
  EXPECT_EQ(told_, 1);
  EXPECT_FALSE(jobs_.is_running()) << "waiting for a person is idleness";
  EXPECT_FALSE(jobs_.go_on("rsa-3072", tell_));
  EXPECT_FALSE(host_.went);
  EXPECT_TRUE(jobs_.go_on("ec-p256", tell_));
  EXPECT_TRUE(host_.went && jobs_.is_running() && model_.busy);
  EXPECT_FALSE(jobs_.go_on("ec-p256", tell_)) << "it waits no more";
  jobs_.on_event(messages::RenewResult{});
  EXPECT_EQ(told_, 2);
  EXPECT_FALSE(host_.let_gone);
}

TEST_F(JobRunTest, AWorkerThatHasEndedIsNotReady) {
  make_ready();
  jobs_.on_event(Failure{Reason::module_crashed, {}, {}});
  EXPECT_EQ(told_, 1) << "nobody has asked for anything yet";
  EXPECT_FALSE(jobs_.go_on("ec-p256", tell_));
  jobs_.let_ready_go();
  EXPECT_FALSE(host_.let_gone);
}

TEST_F(JobRunTest, AnotherJobTakesThePlaceOfAReadyWorker) {
  make_ready();
  start(JobKind::doctor);
  EXPECT_TRUE(host_.let_gone);
  EXPECT_FALSE(jobs_.go_on("ec-p256", tell_));
}

TEST_F(JobRunTest, NobodyIsToldOfWhatWasAbandoned) {
  start(JobKind::renew, true);
  jobs_.abandon();
  EXPECT_TRUE(jobs_.is_running()) << "until it has ended";
  jobs_.on_event(messages::ReadyEvent{});
  EXPECT_TRUE(host_.let_gone) << "nobody will tell it to go on";
  EXPECT_FALSE(jobs_.is_running());
  EXPECT_EQ(told_, 0);

  host_.let_gone = false;
  make_ready();
  jobs_.abandon();
  EXPECT_TRUE(host_.let_gone);
}

TEST_F(JobRunTest, WhatWritesToTheTokenFindsOutThatItIsGone) {
  for (const JobKind kind :
       {JobKind::renew, JobKind::enroll, JobKind::prune, JobKind::change_pin, JobKind::reset_pin}) {
    start(kind);
    EXPECT_TRUE(jobs_.token_was_removed()) << to_string(kind);
    EXPECT_FALSE(host_.stopped);
    jobs_.on_event(Failure{Reason::token_removed, {}, {}});
  }
  make_ready();
  jobs_.go_on("ec-p256", tell_);
  EXPECT_TRUE(jobs_.token_was_removed());
  EXPECT_FALSE(host_.stopped);
}

TEST_F(JobRunTest, AnyOtherJobIsStoppedWhenTheTokenIsGone) {
  for (const JobKind kind : {JobKind::inspect, JobKind::cancel, JobKind::doctor}) {
    host_.stopped = false;
    start(kind);
    EXPECT_FALSE(jobs_.token_was_removed()) << to_string(kind);
    EXPECT_TRUE(host_.stopped);
    jobs_.on_event(Failure{Reason::interrupted, {}, {}});
  }
  host_.stopped = false;
  start(JobKind::renew, true);
  EXPECT_FALSE(jobs_.token_was_removed()) << "it only checks";
  EXPECT_TRUE(host_.stopped);
}

TEST_F(JobRunTest, TheTokenIsGoneUntilTheNextLook) {
  EXPECT_FALSE(jobs_.token_is_gone());
  EXPECT_FALSE(jobs_.token_was_removed());
  EXPECT_FALSE(host_.stopped) << "no job runs";
  EXPECT_TRUE(jobs_.token_is_gone());
  jobs_.forget_removal();
  EXPECT_FALSE(jobs_.token_is_gone());
}

TEST_F(JobRunTest, AJobIsGivenWhatItsKindNeeds) {
  secrets_.take_pin(secret("1234"));
  jobs_.start(job(JobKind::prune), Given::none, tell_);
  EXPECT_THAT(host_.jobs.back().secrets, testing::IsEmpty());
  jobs_.on_event(messages::PruneResult{});
  jobs_.start(job(JobKind::prune), Given::entered, tell_);
  EXPECT_THAT(host_.jobs.back().secrets, testing::ElementsAre("1234"));
  EXPECT_THAT(host_.jobs.back().job.secrets, testing::ElementsAre(SecretKind::pin));
}

}  // namespace
}  // namespace koshin::ui
