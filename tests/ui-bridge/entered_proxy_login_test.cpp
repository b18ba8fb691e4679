// SPDX-License-Identifier: MIT
// User and password for a proxy: which jobs get them, and when they are wiped.
#include "ui-bridge/wizard/entered_proxy_login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;
using messages::SecretKind;
using testing::ElementsAre;
using testing::IsEmpty;

class EnteredProxyLoginTest : public testing::Test {
 protected:
  bool is_asked() {
    Failure failure{Reason::proxy_authentication_failed, "it offers Digest", {}};
    failure.proxy = "http://p:3128";
    return login_.is_asked_by(failure);
  }
  void enter() {
    is_asked();
    login_.take_password(secret("geheim"));
    login_.answer("tanaka");
  }
  messages::Job given(JobKind kind) const {
    messages::Job job;
    job.kind = kind;
    std::vector<SecureBuffer> frames;
    login_.give_to(job, frames);
    EXPECT_EQ(frames.size(), job.secrets.size());
    for (const SecureBuffer& frame : frames)
      EXPECT_EQ(std::string(frame.view().begin(), frame.view().end()), "geheim");
    return job;
  }

  Model model_;
  Settings settings_;
  EnteredProxyLogin login_{model_, settings_};
};

TEST_F(EnteredProxyLoginTest, IsGivenToWhatMayMeetAProxy) {
  enter();
  for (const JobKind kind : {JobKind::renew, JobKind::enroll, JobKind::doctor}) {
    const messages::Job job = given(kind);
    EXPECT_EQ(job.proxy_user, "tanaka");
    EXPECT_THAT(job.proxies, ElementsAre("http://p:3128"));
    EXPECT_THAT(job.secrets, ElementsAre(SecretKind::proxy_password));
  }
  for (const JobKind kind : {JobKind::inspect, JobKind::prune, JobKind::cancel, JobKind::change_pin}) {
    EXPECT_THAT(given(kind).secrets, IsEmpty());
    EXPECT_EQ(given(kind).proxy_user, "");
  }
}

TEST_F(EnteredProxyLoginTest, TakesNoAnswerWithoutUserOrPassword) {
  is_asked();
  EXPECT_FALSE(login_.answer("tanaka"));
  login_.take_password(secret("geheim"));
  EXPECT_TRUE(model_.has_proxy_password);
  EXPECT_FALSE(login_.answer(""));
  EXPECT_THAT(given(JobKind::renew).secrets, IsEmpty());
  EXPECT_TRUE(login_.answer("tanaka"));
  EXPECT_FALSE(model_.has_proxy_password) << "the next answer needs a password of its own";
}

TEST_F(EnteredProxyLoginTest, WhatTheProxyRefusesIsNotPresentedAgain) {
  enter();
  EXPECT_TRUE(is_asked());
  EXPECT_THAT(given(JobKind::renew).secrets, IsEmpty());
}

TEST_F(EnteredProxyLoginTest, NothingIsLeftOfWhatIsForgotten) {
  enter();
  login_.take_password(secret("typed"));
  login_.forget();
  EXPECT_FALSE(model_.has_proxy_password);
  EXPECT_THAT(given(JobKind::renew).secrets, IsEmpty());
  EXPECT_FALSE(login_.answer("tanaka"));
}

}  // namespace
}  // namespace koshin::ui
