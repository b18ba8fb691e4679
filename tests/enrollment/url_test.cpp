// SPDX-License-Identifier: MIT
// Origins of URLs.
#include "enrollment/http/url.hpp"

#include <gtest/gtest.h>

namespace koshin::enrollment {
namespace {

TEST(Url, E9_OriginsAreEqualWhateverTheCaseAndWithTheDefaultPort) {
  EXPECT_EQ(origin_of("https://Bank.Example/a"), origin_of("HTTPS://bank.example:443/b?c"));
  EXPECT_NE(origin_of("https://bank.example/"), origin_of("https://bank.example:8443/"));
  EXPECT_NE(origin_of("https://bank.example/"), origin_of("http://bank.example:443/"));
  EXPECT_NE(origin_of("https://bank.example/"), origin_of("https://bank.example.evil.test/"));
}

TEST(Url, UserInformationIsNotTheHost) {
  EXPECT_EQ(origin_of("https://bank.example@evil.test/")->host, "evil.test");
}

TEST(Url, TakesTheBracketsOffIpv6Addresses) {
  EXPECT_EQ(origin_of("https://[::1]:8443/")->host, "::1");
  EXPECT_EQ(origin_of("https://[::1]:8443/")->to_string(), "https://[::1]:8443");
}

TEST(Url, WhatIsNoUrlHasNoOrigin) {
  for (const char* text : {"", "bank.example", "/path", "https://", "https:// /"}) {
    EXPECT_EQ(origin_of(text), std::nullopt) << text;
  }
}

TEST(Url, AUserIsTakenOff) {
  EXPECT_EQ(without_user("http://u:p@proxy.test:3128"), "http://proxy.test:3128/");
  EXPECT_EQ(without_user("socks5h://u:p%40@[::1]:1080"), "socks5h://[::1]:1080/");
  EXPECT_EQ(without_user("no url"), "no url");
}

TEST(Url, SegmentsAreEncoded) {
  EXPECT_EQ(encode_segment("a/b c?"), "a%2Fb%20c%3F");
}

}  // namespace
}  // namespace koshin::enrollment
