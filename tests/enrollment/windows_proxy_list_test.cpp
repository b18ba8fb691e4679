// SPDX-License-Identifier: MIT
// Proxies and their exceptions in the words of Windows' settings.
#include "enrollment/http/windows_proxy_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/http/system_proxy.hpp"

namespace koshin::enrollment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WindowsProxyList, OneProxyForEverythingIsForHttpsToo) {
  EXPECT_EQ(proxies_for_https("proxy.corp.example:3128"), "PROXY proxy.corp.example:3128");
  EXPECT_EQ(proxies_for_https("http://proxy.corp.example:3128/"), "PROXY proxy.corp.example:3128");
}

TEST(WindowsProxyList, OfProxiesForProtocolsTheOneForHttpsCountsThenSocks) {
  EXPECT_EQ(proxies_for_https("http=a:80;https=b:8443;socks=c:1080"), "PROXY b:8443");
  EXPECT_EQ(proxies_for_https("ftp=a:21 HTTPS=https://b:443"), "HTTPS b:443");
  EXPECT_EQ(proxies_for_https("http=a:80;socks=c:1080"), "SOCKS c:1080");
  EXPECT_EQ(proxies_for_https("http=a:80;ftp=b:21"), "") << "https goes directly";
}

TEST(WindowsProxyList, SeveralAreKeptInTheirOrder) {
  EXPECT_THAT(proxies_of_answer(proxies_for_https("b:8443; c:8443")),
              ElementsAre("http://b:8443", "http://c:8443"));
}

TEST(WindowsProxyList, WhereNoPortIsNamedItIs80) {
  EXPECT_EQ(proxies_for_https("proxy"), "PROXY proxy:80");
  EXPECT_EQ(proxies_for_https("[::1]"), "PROXY [::1]:80");
  EXPECT_EQ(proxies_for_https("[::1]:3128"), "PROXY [::1]:3128");
  EXPECT_EQ(proxies_for_https("socks=c"), "SOCKS c:1080");
}

TEST(WindowsProxyList, WhatSaysNothingIsNothing) {
  EXPECT_EQ(proxies_for_https(""), "");
  EXPECT_EQ(proxies_for_https(" ; ;; https= ; https=http://"), "");
  EXPECT_THAT(proxies_of_answer(proxies_for_https("\"<x>\"")), IsEmpty());
}

TEST(WindowsProxyExceptions, NamesAndPatterns) {
  EXPECT_TRUE(is_excepted("bank.example", "bank.example", "443"));
  EXPECT_FALSE(is_excepted("bank.example", "est.bank.example", "443"));
  EXPECT_TRUE(is_excepted("a; *.Bank.Example ;b", "est.bank.example", "443"));
  EXPECT_FALSE(is_excepted("*.bank.example", "bank.example.org", "443"));
  EXPECT_TRUE(is_excepted(".bank.example", "est.bank.example", "443"));
  EXPECT_TRUE(is_excepted("10.*;192.168.*", "10.1.2.3", "443"));
  EXPECT_TRUE(is_excepted("e*.b*k.*", "est.bank.example", "443"));
  EXPECT_TRUE(is_excepted("*", "anything.example", "443"));
  EXPECT_FALSE(is_excepted("", "anything.example", "443"));
}

TEST(WindowsProxyExceptions, AProtocolAndAPortMustFitWhereTheyStand) {
  EXPECT_TRUE(is_excepted("https://bank.example", "bank.example", "443"));
  EXPECT_FALSE(is_excepted("http://bank.example", "bank.example", "443"));
  EXPECT_TRUE(is_excepted("bank.example:8443", "bank.example", "8443"));
  EXPECT_FALSE(is_excepted("bank.example:8443", "bank.example", "443"));
  EXPECT_TRUE(is_excepted("[2001:db8::1]:8443", "2001:db8::1", "8443"));
  EXPECT_TRUE(is_excepted("2001:db8::1", "2001:db8::1", "443"));
  EXPECT_FALSE(is_excepted("https://", "bank.example", "443"));
}

TEST(WindowsProxyExceptions, LocalNamesAreThoseWithoutADot) {
  EXPECT_TRUE(is_excepted("<local>", "intranet", "443"));
  EXPECT_FALSE(is_excepted("<local>", "bank.example", "443"));
  EXPECT_FALSE(is_excepted("<local>", "2001:db8::1", "443"));
}

TEST(WindowsProxyExceptions, ThisComputerIsOneUnlessTheListSaysOtherwise) {
  for (const char* here : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "a.localhost"}) {
    EXPECT_TRUE(is_excepted("", here, "443")) << here;
    EXPECT_FALSE(is_excepted("<-loopback>", here, "443")) << here;
  }
  EXPECT_FALSE(is_excepted("", "127.example", "443"));
}

TEST(WindowsProxyExceptions, APatternOfManyAsterisksTakesNoTime) {
  std::string pattern, host(200, 'a');
  for (int i = 0; i < 60; ++i) pattern += "*a";
  EXPECT_FALSE(is_excepted(pattern + "b", host, "443"));
}

}  // namespace
}  // namespace koshin::enrollment
