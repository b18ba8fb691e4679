// SPDX-License-Identifier: MIT
// Which proxy is chosen from settings and environment.
#include "enrollment/http/proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "failure_matcher.hpp"

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;
using testing::Not;

class ProxyChoiceTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      unsetenv(name);
  }
  void TearDown() override { SetUp(); }
};

TEST_F(ProxyChoiceTest, NoneWithoutSettingsAndEnvironment) {
  EXPECT_EQ(choose_proxy({}).url, "");
}

TEST_F(ProxyChoiceTest, TheSettingsComeBeforeTheEnvironmentWithTheirOwnExceptions) {
  setenv("https_proxy", "http://environment:1", 1);
  setenv("no_proxy", "everything", 1);
  const auto choice =
      choose_proxy({.url = "http://settings:3128", .user = {}, .password_file = {}, .no_proxy = "a.test"});
  EXPECT_EQ(choice.url, "http://settings:3128");
  EXPECT_EQ(choice.endpoint, "settings port 3128");
  EXPECT_EQ(choice.no_proxy, "a.test");
}

TEST_F(ProxyChoiceTest, NoneInTheSettingsSilencesTheEnvironment) {
  setenv("https_proxy", "http://environment:1", 1);
  EXPECT_EQ(choose_proxy({.url = "none", .user = {}, .password_file = {}, .no_proxy = {}}).url, "");
}

TEST_F(ProxyChoiceTest, TheEnvironmentIsReadInLibcurlsOrder) {
  setenv("ALL_PROXY", "http://d:1", 1);
  EXPECT_EQ(choose_proxy({}).url, "http://d:1");
  setenv("HTTPS_PROXY", "b:2", 1);
  setenv("NO_PROXY", "x.test", 1);
  EXPECT_EQ(choose_proxy({}).url, "http://b:2");
  EXPECT_EQ(choose_proxy({}).no_proxy, "x.test");
  setenv("https_proxy", "socks5h://a", 1);
  EXPECT_EQ(choose_proxy({}).endpoint, "a port 1080");
}

TEST_F(ProxyChoiceTest, AHostThatIsNotInAsciiIsTheEnvironmentsMistakeAndNotTheAuthoritys) {
  setenv("https_proxy", "http://u:secret@プロキシ:8080", 1);
  const auto failure = test::failure_of([] { choose_proxy({}); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_THAT(failure.detail,
              testing::AllOf(HasSubstr("https_proxy"), HasSubstr("xn--"), Not(HasSubstr("secret"))));
}

TEST_F(ProxyChoiceTest, RefusesOtherSchemesWithoutShowingThePassword) {
  setenv("https_proxy", "ftp://user:secret@proxy:443", 1);
  const auto failure = test::failure_of([] { choose_proxy({}); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("https_proxy"));
  EXPECT_THAT(failure.detail, Not(HasSubstr("secret")));
  EXPECT_EQ(test::reason_of(
                [] { choose_proxy({.url = "http://", .user = {}, .password_file = {}, .no_proxy = {}}); }),
            "settings_invalid");
}

}  // namespace
}  // namespace koshin::enrollment
