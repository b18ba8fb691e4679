// SPDX-License-Identifier: MIT
// What scripts and settings services say of proxies, as libcurl takes it.
#include "enrollment/http/system_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::enrollment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ProxiesOfAnswer, AScriptsListKeepsItsOrder) {
  EXPECT_THAT(proxies_of_answer("PROXY one.example:3128; proxy two.example:8080 ;DIRECT"),
              ElementsAre("http://one.example:3128", "http://two.example:8080", ""));
  EXPECT_THAT(
      proxies_of_answer("HTTPS safe.example:443; SOCKS old.example:1080;SOCKS5 new.example:1080"),
      ElementsAre("https://safe.example:443", "socks4a://old.example:1080", "socks5h://new.example:1080"));
}

TEST(ProxiesOfAnswer, UrlsAndPlainHostsAreTakenToo) {
  EXPECT_THAT(proxies_of_answer("direct://"), ElementsAre(""));
  EXPECT_THAT(proxies_of_answer("http://[::1]:3128/;socks://s.example:1080;p.example:8080"),
              ElementsAre("http://[::1]:3128", "socks5h://s.example:1080", "http://p.example:8080"));
}

TEST(ProxiesOfAnswer, WhatCannotBeUsedIsLeftOutAndNothingCountsTwice) {
  EXPECT_THAT(proxies_of_answer("QUIC q.example:443; PROXY a:1; ftp://f:21; PROXY; PROXY a:1; PROXY b c:2"),
              ElementsAre("http://a:1"));
  EXPECT_THAT(proxies_of_answer(" ; ;"), IsEmpty());
  EXPECT_THAT(proxies_of_answer("PROXY \"<script>\""), IsEmpty());
}

TEST(ProxiesOfAnswer, AListWithoutEndIsCutOff) {
  std::string answer;
  for (int i = 0; i < 1000; ++i) answer += "PROXY p" + std::to_string(i) + ".example:1;";
  EXPECT_THAT(proxies_of_answer(answer), SizeIs(most_proxies));
}

}  // namespace
}  // namespace koshin::enrollment
