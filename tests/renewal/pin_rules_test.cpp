// SPDX-License-Identifier: MIT
// What is known to be wrong with a PIN never costs a try.
#include "renewal/policy/pin_rules.hpp"

#include <gtest/gtest.h>

namespace koshin {
namespace {

std::optional<Reason> trouble(const messages::TokenReport& token, std::string_view pin,
                              bool confirmed = false, PinCharacters characters = PinCharacters::printable) {
  const SecureBuffer secret = SecureBuffer::copy_of({pin.data(), pin.size()});
  const auto failure = why_pin_is_not_tried(token, characters, &secret, {.final_try = confirmed});
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
  EXPECT_EQ(trouble(token(), ""), Reason::pin_required);
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
  EXPECT_EQ(trouble(token(), "12-ab", false, PinCharacters::printable), std::nullopt);
  EXPECT_EQ(trouble(token(), "12-ab", false, PinCharacters::alphanumeric), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "12ab", false, PinCharacters::alphanumeric), std::nullopt);
  EXPECT_EQ(trouble(token(), "12ab", false, PinCharacters::digits), Reason::pin_length_invalid);
  EXPECT_EQ(trouble(token(), "1234", false, PinCharacters::digits), std::nullopt);
  EXPECT_EQ(trouble(token(), "暗証", false, PinCharacters::any), std::nullopt);
}

TEST(CheckPin, WhatIsNoUtf8IsRefusedWhateverTheSettingsSay) {
  for (const std::string_view pin : {"\x82\xb3\x82\xad\x82\xe7", "p\xe4\xdfw",
                                     "\xef\xbb\xbf"
                                     "1234"}) {
    EXPECT_EQ(trouble(token(), pin, false, PinCharacters::any), Reason::secret_unusable);
    EXPECT_EQ(trouble(token(), pin, true, PinCharacters::printable), Reason::secret_unusable);
  }
  EXPECT_EQ(trouble(token(), std::string_view("12\00034", 5), false, PinCharacters::any),
            Reason::secret_unusable);
}

TEST(CheckPin, OneThatMustBeChangedIsFoundBeforeItIsAskedFor) {
  auto report = token();
  report.pin_to_be_changed = true;
  EXPECT_EQ(pin_is_unusable(report)->reason, Reason::pin_expired);
  EXPECT_EQ(trouble(report, "1234", true), Reason::pin_expired);
  EXPECT_FALSE(pin_is_unusable(token()));
}

TEST(CheckPin, ALowCounterWantsSomebodyWhoIsSure) {
  auto report = token();
  report.pin_count_low = true;
  EXPECT_EQ(try_is_withheld(report, {})->reason, Reason::pin_count_low);
  EXPECT_FALSE(try_is_withheld(report, {.count_low = true}));
  EXPECT_FALSE(try_is_withheld(report, {.final_try = true}));
  EXPECT_EQ(try_is_withheld(report, {.final_try = true, .count_low = true, .unattended = true})->reason,
            Reason::pin_refused_before);
}

TEST(CheckPin, APinTypedOnTheReaderIsTheReadersToCheck) {
  auto report = token();
  EXPECT_FALSE(why_pin_is_not_tried(report, PinCharacters::digits, nullptr, {}));
  report.pin_locked = true;
  EXPECT_EQ(why_pin_is_not_tried(report, PinCharacters::digits, nullptr, {})->reason, Reason::pin_locked);
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
}  // namespace koshin
