// SPDX-License-Identifier: MIT
// What is left of a request's head without cookies.
#include <gtest/gtest.h>

#include "ui-bridge/server/head_sieve.hpp"

namespace koshin::ui {
namespace {

using State = HeadSieve::State;

/// Reads `text` in pieces of `step` characters.
State read(HeadSieve& sieve, std::string_view text, std::size_t step = 1000000, std::size_t* rest = nullptr) {
  State state = State::incomplete;
  while (state == State::incomplete && !text.empty()) {
    std::size_t used = 0;
    const auto piece = text.substr(0, step);
    state = sieve.take({piece.data(), piece.size()}, used);
    text.remove_prefix(used);
    if (rest != nullptr) *rest = text.size();
  }
  return state;
}

std::string request(const std::string& cookies) {
  return "GET / HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n" + cookies + "X-More: 1\r\n\r\n";
}

TEST(HeadSieve, LeavesAHeadWithoutCookiesAsItIs) {
  for (const std::size_t step : {1UL, 7UL, 1000UL}) {
    HeadSieve sieve;
    EXPECT_EQ(read(sieve, request(""), step), State::complete);
    EXPECT_EQ(sieve.head(), request(""));
  }
}

TEST(HeadSieve, KeepsNoCookieWhereverItStands) {
  for (const char* cookies : {"Cookie: koshin-1=a; b=2\r\n", "cookie:a=1;b=2\r\n", "COOKIE: x=1\r\n",
                              "Cookie: a=1\r\nCookie: b=2\r\n"}) {
    HeadSieve sieve;
    EXPECT_EQ(read(sieve, request(cookies), 3), State::complete) << cookies;
    EXPECT_EQ(sieve.head(), request("")) << cookies;
  }
}

TEST(HeadSieve, ReadsPastAsManyCookiesAsABrowserKeeps) {
  std::string cookies = "Cookie: ";
  for (int i = 0; i < 180; ++i) cookies += "n" + std::to_string(i) + "=" + std::string(4000, 'x') + "; ";
  HeadSieve sieve;
  EXPECT_EQ(read(sieve, request(cookies + "last=1\r\n")), State::complete);
  EXPECT_EQ(sieve.head(), request(""));
}

TEST(HeadSieve, EndsWhereTheHeadDoes) {
  HeadSieve sieve;
  std::size_t rest = 0;
  EXPECT_EQ(read(sieve, request("") + "1234", 5, &rest), State::complete);
  EXPECT_EQ(rest + sieve.head().size(), request("").size() + 4);
  EXPECT_LE(rest, 4U);
}

TEST(HeadSieve, WhatIsNoCookieIsBoundedAsBefore) {
  HeadSieve field, line, endless;
  EXPECT_EQ(read(field, "GET / HTTP/1.1\r\nX-Long: " + std::string(9000, 'y')), State::too_long);
  EXPECT_EQ(read(line, std::string(9000, 'y')), State::too_long);
  EXPECT_EQ(read(endless, "GET / HTTP/1.1\r\nCookie: " + std::string(2000000, 'y')), State::too_long);
}

TEST(HeadSieve, AFieldThatOnlyBeginsLikeACookieIsKept) {
  HeadSieve sieve;
  EXPECT_EQ(read(sieve, request("Cookie2: a=1\r\nCook: b\r\n"), 1), State::complete);
  EXPECT_EQ(sieve.head(), request("Cookie2: a=1\r\nCook: b\r\n"));
}

}  // namespace
}  // namespace koshin::ui
