// SPDX-License-Identifier: MIT
// Which schemes a proxy is answered with, in which order.
#include "enrollment/http/proxy_login.hpp"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;

Settings::Proxy with(const std::string& authentication) {
  Settings::Proxy proxy;
  proxy.authentication = value_of<ProxyAuthentication>(authentication).value();
  return proxy;
}

TEST(ProxyLogin, GoesFromTheStrongestThatIsOfferedToTheWeakest) {
  ProxyLogin login(with("auto"), true);
  const unsigned long offered = CURLAUTH_NEGOTIATE | CURLAUTH_NTLM | CURLAUTH_BASIC;
  EXPECT_TRUE(login.give_up(offered));
  EXPECT_EQ(login.schemes() & CURLAUTH_NEGOTIATE, 0U);
  EXPECT_TRUE(login.give_up(offered));
  EXPECT_EQ(login.schemes() & offered, CURLAUTH_BASIC);
  EXPECT_FALSE(login.give_up(offered));
  EXPECT_THAT(
      login.words({"Negotiate", "NTLM", "Basic realm"}),
      HasSubstr("tried without success: Negotiate (no Kerberos ticket, or not accepted), NTLM, Basic"));
}

TEST(ProxyLogin, WithoutAUserOnlyATicketCanHelp) {
  ProxyLogin login(with("auto"), false);
  EXPECT_TRUE(login.without_user());
  EXPECT_EQ(login.schemes() & (CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM), 0U);
  EXPECT_FALSE(login.give_up(CURLAUTH_BASIC));
  EXPECT_THAT(login.words({"Basic"}), HasSubstr("it offers Basic; none of these could be tried"));
  EXPECT_THAT(login.words({"Basic"}), HasSubstr("proxy.user"));
}

TEST(ProxyLogin, ASettingFixesOne) {
  ProxyLogin login(with("digest"), true);
  EXPECT_EQ(login.schemes(), CURLAUTH_DIGEST);
  EXPECT_FALSE(login.give_up(CURLAUTH_BASIC));
  EXPECT_THAT(login.words({"Basic"}), HasSubstr("proxy.authentication allows one scheme only"));
}

}  // namespace
}  // namespace koshin::enrollment
