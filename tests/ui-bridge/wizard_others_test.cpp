// SPDX-License-Identifier: MIT
// Several tokens that call for something: one page, one after the other.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

messages::TokenReport numbered(const std::string& serial, int days_left) {
  auto report = token(today + days{days_left});
  report.uri = "pkcs11:serial=" + serial;
  report.label = "Token " + serial;
  report.serial = serial;
  report.slot_description = "Slot " + serial;
  return report;
}

class Others : public WizardTest {
 protected:
  void look(std::vector<messages::TokenReport> tokens) {
    wizard.on_event(messages::InspectResult{std::move(tokens), {}});
  }
  std::vector<std::string> labels() const {
    std::vector<std::string> all;
    for (const OtherToken& other : wizard.model().others) all.push_back(other.label);
    return all;
  }
  const std::vector<messages::TokenReport> three{numbered("1", 12), numbered("2", 9), numbered("3", 3)};
};

TEST_F(Others, AreListedTheMostUrgentFirstAndOnlyThoseThatCallForSomething) {
  auto all = three;
  all.push_back(numbered("4", 300));
  wizard.open();
  look(all);
  EXPECT_EQ(wizard.model().current_token()->label, "Token 1");
  EXPECT_THAT(labels(), ElementsAre("Token 3", "Token 2"));
  EXPECT_EQ(wizard.model().others.front().days_left, 3);
  EXPECT_EQ(wizard.model().others.front().common_name, "12345678901234 user0001");
}

TEST_F(Others, WhenOneIsPutOffThePageStaysForTheNext) {
  wizard.open();
  look(three);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next", {}, true);
  EXPECT_TRUE(host.snoozed);
  EXPECT_TRUE(host.let_gone) << "no worker stays logged in to the token that was put off";
  EXPECT_EQ(screen(), Screen::put_off);
  EXPECT_FALSE(host.ended);
  EXPECT_TRUE(act("next_token"));
  EXPECT_THAT(host.gone_on_to, ElementsAre("pkcs11:serial=3"));
  EXPECT_EQ(screen(), Screen::loading);
  look(three);
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(wizard.model().current_token()->label, "Token 3");
  EXPECT_FALSE(wizard.model().has_pin) << "each token has a PIN of its own";
  EXPECT_THAT(labels(), ElementsAre("Token 2")) << "what this page was about is not offered again";
}

TEST_F(Others, WhenOneIsDoneTheNextIsOfferedUntilThereIsNone) {
  wizard.open();
  look({numbered("1", 12), numbered("2", 9)});
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  wizard.on_event(result());
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_TRUE(act("next_token"));
  look({numbered("1", 365), numbered("2", 9)});
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_FALSE(wizard.model().new_certificate) << "that was the other one's";
  EXPECT_THAT(labels(), IsEmpty());
  act("next_token");
  EXPECT_EQ(host.gone_on_to.size(), 1U);
  act("close");
  EXPECT_EQ(wizard.model().outcome, Outcome::closed);
}

TEST_F(Others, OfTwoThatSayTheSameOfThemselvesNeitherHidesTheOther) {
  auto twins = std::vector{numbered("1", 12), numbered("1", 5)};
  twins[1].slot_description = "Another slot";
  wizard.open();
  look(twins);
  ASSERT_EQ(wizard.model().others.size(), 1U);
  EXPECT_EQ(wizard.model().others.front().days_left, 5);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next", {}, true);
  act("next_token");
  look(twins);
  EXPECT_EQ(wizard.model().current_token()->slot_description, "Another slot");
}

TEST_F(Others, WhatWaitsForTheAuthorityIsNotOfferedBeforeItsTime) {
  renewal::Record waiting;
  waiting.token = renewal::token_key(three[1]);
  waiting.state = renewal::State::pending;
  waiting.ask_again = today + days{1};
  waiting.old_sha256 = std::string(64, 'a');
  host.record_of[three[1].serial] = waiting;
  wizard.open();
  look(three);
  EXPECT_THAT(labels(), ElementsAre("Token 3"));
}

TEST_F(Others, TryingAgainLooksAtTheTokensFirst) {
  wizard.open();
  look(three);
  pin("1234");
  wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_TRUE(act("back_to_start"));
  EXPECT_EQ(screen(), Screen::loading) << "a screen that tells of a failure needs one";
  look(three);
  EXPECT_EQ(screen(), Screen::unlock);
}

}  // namespace
}  // namespace koshin::ui
