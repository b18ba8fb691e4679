// SPDX-License-Identifier: MIT
// What a new PIN has to be like, and what a person is told of a change that did not end.
#include "renewal/policy/new_pin_rules.hpp"

#include <gtest/gtest.h>

#include "renewal/policy/pin_change.hpp"

namespace koshin::renewal {
namespace {

SecureBuffer secret(std::string_view text) {
  return SecureBuffer::copy_of({text.data(), text.size()});
}

NewPinRules rules_of(unsigned least, unsigned most, const Settings& settings = {}) {
  messages::TokenReport token;
  token.pin_min = least;
  token.pin_max = most;
  return new_pin_rules(token, settings);
}

NewPinFault fault(const NewPinRules& rules, std::string_view pin, std::string_view old = "8264") {
  const SecureBuffer was = secret(old);
  return fault_of_new_pin(rules, secret(pin), &was);
}

TEST(NewPinRules, LengthsAreTheTokensAndTheCompanys) {
  Settings settings;
  EXPECT_EQ(rules_of(4, 12, settings).shortest, 4U);
  settings.pin.minimum_length = 8;
  EXPECT_EQ(rules_of(4, 12, settings).shortest, 8U);
  EXPECT_EQ(rules_of(10, 12, settings).shortest, 10U);
  EXPECT_EQ(rules_of(4, 6, settings).shortest, 6U) << "the token takes no longer one";
  EXPECT_EQ(rules_of(4, 0, settings).longest, max_pin) << "the token does not tell";
  const NewPinRules rules = rules_of(4, 12, settings);
  EXPECT_EQ(fault(rules, "4826135"), NewPinFault::length);
  EXPECT_EQ(fault(rules, "48261357"), NewPinFault::none);
  EXPECT_EQ(fault(rules, "4826135748261"), NewPinFault::length);
  EXPECT_EQ(fault(rules, ""), NewPinFault::missing);
}

TEST(NewPinRules, ACardOfThePivKindTakesDigitsAlone) {
  Settings settings;
  settings.token.profile = TokenProfileName::piv;
  const NewPinRules rules = rules_of(6, 8, settings);
  EXPECT_EQ(rules.characters, PinCharacters::digits);
  EXPECT_EQ(fault(rules, "48a613"), NewPinFault::characters);
  settings.token.profile = TokenProfileName::generic;
  EXPECT_EQ(fault(rules_of(6, 8, settings), "48a613"), NewPinFault::none);
  settings.token.pin_characters = PinCharacters::digits;
  EXPECT_EQ(fault(rules_of(6, 8, settings), "48a613"), NewPinFault::characters)
      << "a renewal would not take it later";
}

TEST(NewPinRules, RunsAndRepetitionsAreRefusedUnlessTheSettingsAllowThem) {
  const NewPinRules rules = rules_of(4, 12);
  for (const char* simple : {"1111", "1234", "4321", "abcd", "FEDC", "00000000", "0123456789"})
    EXPECT_EQ(fault(rules, simple), NewPinFault::simple) << simple;
  for (const char* fit : {"1112", "1235", "1357", "9012", "aabb"})
    EXPECT_EQ(fault(rules, fit), NewPinFault::none) << fit;
  Settings lax;
  lax.pin.refuse_simple = false;
  EXPECT_EQ(fault(rules_of(4, 12, lax), "1234"), NewPinFault::none);
}

TEST(NewPinRules, TheOldOneIsNoNewOne) {
  EXPECT_EQ(fault(rules_of(4, 12), "8264"), NewPinFault::same);
  EXPECT_EQ(fault_of_new_pin(rules_of(4, 12), secret("8264"), nullptr), NewPinFault::none)
      << "nobody knows the old one";
}

TEST(NewPinRules, NoReasonHoldsThePin) {
  for (const char* pin : {"77777777", "7e7\x01", "7", "8264"}) {
    const SecureBuffer was = secret("8264");
    const auto why = new_pin_does_not_fit(rules_of(4, 12), secret(pin), &was);
    ASSERT_TRUE(why) << pin;
    EXPECT_EQ(why->reason, Reason::new_pin_refused);
    EXPECT_EQ(why->detail.find(pin), std::string::npos) << why->detail;
  }
}

TEST(PinChangeWatch, AWorkerThatIsCutOffInTheCallLeavesOpenWhichPinCounts) {
  const messages::Event begins = messages::NoticeEvent{std::string(pin_change_begins), {}};
  for (const Reason cut : {Reason::module_crashed, Reason::module_hung, Reason::worker_failed,
                           Reason::deadline_exceeded, Reason::interrupted, Reason::internal_error}) {
    PinChangeWatch watch;
    EXPECT_EQ(watch.fate({cut, "x", {}}).reason, cut) << "before the call the PIN is as it was";
    watch.on_event(begins);
    const Failure fate = watch.fate({cut, "x", {}});
    EXPECT_EQ(fate.reason, Reason::pin_change_unknown);
    EXPECT_EQ(fate.detail, std::string(info(cut).id) + ": x");
  }
}

TEST(PinChangeWatch, TheWorkersOwnWordCounts) {
  PinChangeWatch watch;
  watch.on_event(messages::NoticeEvent{std::string(pin_change_begins), {}});
  for (const Reason said : {Reason::pin_incorrect, Reason::new_pin_refused, Reason::pin_locked,
                            Reason::pin_change_unsupported, Reason::puk_incorrect, Reason::token_removed})
    EXPECT_EQ(watch.fate({said, "", {}}).reason, said);
}

}  // namespace
}  // namespace koshin::renewal
