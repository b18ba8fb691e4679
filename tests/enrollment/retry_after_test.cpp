// SPDX-License-Identifier: MIT
// Retry-After in all its forms.
#include "enrollment/http/retry_after.hpp"

#include <gtest/gtest.h>

namespace koshin::enrollment {
namespace {

using namespace std::chrono_literals;

TimePoint noon() {
  return *parse_rfc3339("1994-11-06T08:49:37Z");
}

TEST(RetryAfter, E6_IsSeconds) {
  EXPECT_EQ(parse_retry_after("120", noon()), 120s);
  EXPECT_EQ(parse_retry_after("  7\t", noon()), 7s);
}

TEST(RetryAfter, E6_IsAnHttpDateInAnyOfItsThreeForms) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:51:37 GMT", noon()), 120s);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", noon()), 60s);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:47 1994", noon()), 10s);
}

TEST(RetryAfter, E6_IsFlooredAtASecondAndCappedAtAWeek) {
  EXPECT_EQ(parse_retry_after("0", noon()), 1s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 07:00:00 GMT", noon()), 1s);
  EXPECT_EQ(parse_retry_after("604801", noon()), 7 * 24h);
  EXPECT_EQ(parse_retry_after("99999999999999999999999999", noon()), 7 * 24h);
  EXPECT_EQ(parse_retry_after("Mon, 06 Nov 2094 08:49:37 GMT", noon()), 7 * 24h);
}

TEST(RetryAfter, RefusesOtherText) {
  for (const char* text : {"", " ", "soon", "-5", "1.5", "5 minutes", "tomorrow",
                           "Sun, 99 Nov 1994 08:49:37 GMT", "20261122T101010Z  08:00"}) {
    EXPECT_EQ(parse_retry_after(text, noon()), std::nullopt) << text;
  }
}

TEST(HttpDate, ReadsDatesOnly) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), noon());
  EXPECT_EQ(parse_http_date("1994"), std::nullopt);
}

}  // namespace
}  // namespace koshin::enrollment
