// SPDX-License-Identifier: MIT
// A proxy that asks who is there, in the middle of what the wizard does.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;
using messages::SecretKind;
using testing::ElementsAre;
using testing::IsEmpty;

class WizardProxyTest : public WizardTest {
 protected:
  static Failure asking(const std::string& proxy) {
    Failure failure{
        Reason::proxy_authentication_failed, "proxy p port 3128 answered 407; it offers Digest", {}};
    failure.proxy = proxy;
    return failure;
  }
  const Failure asks_ = asking("http://p:3128");

  void to_proxy() {
    open(token(today + days{12}));
    pin("1234");
    wizard.on_event(asks_);
  }
  bool answer(const std::string& user, std::string_view password) {
    if (!wizard.enter_proxy_password(secret(password))) return false;
    return wizard.act({"use_proxy_login", {}, {}, user, false});
  }
  const FakeHost::Started& last() const { return host.jobs.back(); }
};

TEST_F(WizardProxyTest, IsAnsweredAndTheRenewalGoesOnWithThePinThatIsKnown) {
  to_proxy();
  EXPECT_EQ(screen(), Screen::proxy_login);
  EXPECT_EQ(reason(), Reason::proxy_authentication_failed);
  const auto before = host.jobs.size();
  ASSERT_TRUE(answer("tanaka", "geheim"));
  ASSERT_EQ(host.jobs.size(), before + 1);
  EXPECT_EQ(last().job.kind, JobKind::renew);
  EXPECT_TRUE(last().job.await_go);
  EXPECT_EQ(last().job.proxy_user, "tanaka");
  EXPECT_THAT(last().job.proxies, ElementsAre("http://p:3128"));
  EXPECT_THAT(last().job.secrets, ElementsAre(SecretKind::pin, SecretKind::proxy_password));
  EXPECT_THAT(last().secrets, ElementsAre("1234", "geheim"));
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::notice);
}

TEST_F(WizardProxyTest, CountsForTheJobsThatMeetTheProxyAndForNoOther) {
  to_proxy();
  answer("tanaka", "geheim");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
  act("check_computer");
  EXPECT_EQ(last().job.kind, JobKind::doctor);
  EXPECT_THAT(last().job.secrets, ElementsAre(SecretKind::proxy_password));
  wizard.on_event(messages::DoctorResult{});
  act("back_to_start");
  EXPECT_EQ(last().job.proxy_user, "") << "a look at the token has no proxy";
  EXPECT_THAT(last().job.secrets, IsEmpty());
}

TEST_F(WizardProxyTest, AnotherProxyIsNotToldWhatTheFirstWasToldUntilThePersonSaysSo) {
  to_proxy();
  answer("tanaka", "geheim");
  wizard.on_event(asking("http://other:3128"));
  EXPECT_EQ(screen(), Screen::proxy_login) << "asked anew";
  ASSERT_TRUE(answer("tanaka", "geheim"));
  EXPECT_THAT(last().job.proxies, ElementsAre("http://p:3128", "http://other:3128"));
  wizard.on_event(asking("http://third:3128"));
  EXPECT_EQ(screen(), Screen::interrupted) << "nobody is asked a third time";
}

TEST_F(WizardProxyTest, AnotherAccountForAnotherProxyCountsThereAlone) {
  to_proxy();
  answer("tanaka", "geheim");
  wizard.on_event(asking("http://other:3128"));
  ASSERT_TRUE(answer("suzuki", "anders"));
  EXPECT_EQ(last().job.proxy_user, "suzuki");
  EXPECT_THAT(last().job.proxies, ElementsAre("http://other:3128"));
  EXPECT_THAT(last().secrets, ElementsAre("1234", "anders"));
}

TEST_F(WizardProxyTest, WhatIsRefusedIsForgottenAndAskedForAgain) {
  to_proxy();
  answer("tanaka", "falsch");
  wizard.on_event(asks_);
  EXPECT_EQ(screen(), Screen::proxy_login);
  EXPECT_FALSE(wizard.model().has_proxy_password);
  EXPECT_TRUE(wizard.model().has_pin);
  wizard.act({"use_proxy_login", {}, {}, "tanaka", false});
  EXPECT_EQ(screen(), Screen::proxy_login) << "not without a password";
}

TEST_F(WizardProxyTest, NobodyIsAskedAfterTwoRefusals) {
  to_proxy();
  answer("tanaka", "falsch");
  wizard.on_event(asks_);
  ASSERT_EQ(screen(), Screen::proxy_login);
  answer("tanaka", "falsch");
  const auto before = host.jobs.size();
  wizard.on_event(asks_);
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::proxy_authentication_failed);
  EXPECT_FALSE(wizard.model().has_proxy_password);
  EXPECT_EQ(host.jobs.size(), before);
  EXPECT_FALSE(answer("tanaka", "geheim"));
}

TEST_F(WizardProxyTest, AnEnrolmentKeepsItsCode) {
  auto report = token(today + days{12});
  report.certificates.clear();
  open(report);
  code("ABCD");
  wizard.act({"start_enrollment", {}, {}, "user0001", false});
  execute();
  pin("1234");
  wizard.on_event(asks_);
  ASSERT_EQ(screen(), Screen::proxy_login);
  ASSERT_TRUE(answer("tanaka", "geheim"));
  EXPECT_EQ(last().job.kind, JobKind::enroll);
  EXPECT_THAT(last().secrets, ElementsAre("1234", "ABCD", "geheim"));
}

TEST_F(WizardProxyTest, IsNotAskedForWhereOnlyATicketCounts) {
  settings.proxy.authentication = ProxyAuthentication::negotiate;
  to_proxy();
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_FALSE(answer("tanaka", "geheim"));
}

TEST_F(WizardProxyTest, IsForgottenAtTheEnd) {
  to_proxy();
  wizard.enter_proxy_password(secret("geheim"));
  EXPECT_TRUE(wizard.model().has_proxy_password);
  act("close");
  EXPECT_FALSE(wizard.model().has_proxy_password);
  EXPECT_FALSE(wizard.enter_proxy_password(secret("geheim")));
}

}  // namespace
}  // namespace koshin::ui
