// SPDX-License-Identifier: MIT
// What is known to be wrong with a PIN never costs a try.
#include <gtest/gtest.h>

#include "ui-bridge/pin_rules.hpp"

namespace koshin::ui {
namespace {

std::optional<Reason> trouble(const messages::TokenReport& token, std::string_view pin,
                              bool confirmed = false, const std::string& characters = "printable") {
  const auto failure =
      check_pin(token, characters, SecureBuffer::copy_of({pin.data(), pin.size()}), confirmed);
  return failure ? std::optional(failure->reason) : std::nullopt;
}

messages::TokenReport token() {
  messages::TokenReport report;
  report.pin_min = 4;
  report.pin_max = 12;
  return report;
}

TEST(CheckPin, LengthsAreTheTokens) {
  EXPECT_EQ(trouble(token(), "1234"), std::nullopt);
  EXPECT_EQ(trouble(token(), "abcdEFGH0123"), std::nullopt);
  EXPECT_EQ(trouble(token(), ""), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "123"), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "1234567890123"), Reason::pin_length_invalid);
}

TEST(CheckPin, ATokenThatTellsNoMaximumTakesWhatAFrameHolds) {
  auto report = token();
  report.pin_max = 0;
  EXPECT_EQ(trouble(report, std::string(255, 'x')), std::nullopt);
  EXPECT_EQ(trouble(report, std::string(256, 'x')), Reason::pin_length_invalid);
}

TEST(CheckPin, FullWidthCharactersAreRefused) {
  EXPECT_EQ(trouble(token(), "１２３４"), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "12\t34"), Reason::pin_length_invalid);
}

TEST(CheckPin, TheSettingsSayWhichCharactersThereAre) {
  EXPECT_EQ(trouble(token(), "12-ab", false, "printable"), std::nullopt);
  EXPECT_EQ(trouble(token(), "12-ab", false, "alphanumeric"), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "12ab", false, "alphanumeric"), std::nullopt);
  EXPECT_EQ(trouble(token(), "12ab", false, "digits"), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "1234", false, "digits"), std::nullopt);
  EXPECT_EQ(trouble(token(), "暗証", false, "any"), std::nullopt);
}

TEST(CheckPin, ALockedOrUnsetPinIsNotTried) {
  auto report = token();
  report.pin_locked = true;
  EXPECT_EQ(trouble(report, "1234"), Reason::pin_locked);
  report = token();
  report.pin_set = false;
  EXPECT_EQ(trouble(report, "1234"), Reason::pin_not_set);
}

TEST(CheckPin, TheLastTryNeedsAConfirmation) {
  auto report = token();
  report.pin_final_try = true;
  EXPECT_EQ(trouble(report, "1234"), Reason::pin_final_try);
  EXPECT_EQ(trouble(report, "1234", true), std::nullopt);
}

}  // namespace
}  // namespace koshin::ui
