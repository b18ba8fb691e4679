// SPDX-License-Identifier: MIT
// Through the proxies that corporations have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "http_fixture.hpp"
#include "sockets.hpp"
#include "test_proxy.hpp"

namespace koshin::enrollment {
namespace {

using test::answer;
using test::TestProxy;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HttpProxy : public test::HttpFixture {
 protected:
  HttpProxy() {
    serve(test::always(answer(200, "through")));
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      unsetenv(name);
  }
  ~HttpProxy() override {
    for (const char* name : {"https_proxy", "no_proxy"}) unsetenv(name);
  }
  void go_through(const TestProxy& proxy) { options_.proxy.url = proxy.url(); }
  /// As a person has said it to this proxy.
  void type(const std::string& user, std::string_view password, std::vector<std::string> proxies) {
    password_ = SecureBuffer::copy_of(password);
    typed_ = {.user = user, .password = &password_, .proxies = std::move(proxies)};
    options_.proxy_credential = &typed_;
  }
  std::string target() const { return "localhost:" + std::to_string(server_->port()); }
  std::string body() { return HttpClient(options_).exchange(get()).body; }

  SecureBuffer password_;
  ProxyCredential typed_;
};

class EitherProxy : public HttpProxy, public testing::WithParamInterface<TestProxy::Kind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, EitherProxy, testing::Values(TestProxy::Kind::http, TestProxy::Kind::socks5),
                         [](const auto& kind) {
                           return kind.param == TestProxy::Kind::http ? "Http" : "Socks5";
                         });

TEST_P(EitherProxy, TunnelsWithTheNameLeftToTheProxy) {
  TestProxy proxy({.kind = GetParam()});
  go_through(proxy);
  EXPECT_EQ(body(), "through");
  EXPECT_THAT(proxy.tunnels(), ElementsAre(target()));
}

TEST_P(EitherProxy, AuthenticatesWithAPasswordFromAFile) {
  TestProxy proxy({.kind = GetParam(), .user = "desk", .password = "geheim"});
  go_through(proxy);
  options_.proxy.user = "desk";
  options_.proxy.password_file = directory_.path() / "proxy-password";
  std::ofstream(options_.proxy.password_file) << "geheim\n";
  std::filesystem::permissions(options_.proxy.password_file, std::filesystem::perms::owner_read);
  EXPECT_EQ(body(), "through");
}

TEST_P(EitherProxy, AWrongPasswordIsToldApart) {
  TestProxy proxy({.kind = GetParam(), .user = "desk", .password = "geheim"});
  go_through(proxy);
  type("desk", "falsch", {proxy.url()});
  options_.attempts = 3;
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_authentication_failed);
  EXPECT_THAT(failed.detail, Not(HasSubstr("falsch")));
  EXPECT_THAT(proxy.tunnels(), IsEmpty());
}

TEST_P(EitherProxy, AMissingPasswordIsToldApart) {
  TestProxy proxy({.kind = GetParam(), .user = "desk", .password = "geheim"});
  go_through(proxy);
  EXPECT_EQ(reason(get()), "proxy_authentication_failed");
}

TEST_P(EitherProxy, ADeadProxyIsNotTheAuthority) {
  const bool http = GetParam() == TestProxy::Kind::http;
  options_.proxy.url =
      (http ? "http://127.0.0.1:" : "socks5h://127.0.0.1:") + std::to_string(test::closed_port());
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, HasSubstr("proxy.url"));
}

TEST_F(HttpProxy, AnUnknownProxyNameIsNotTheAuthority) {
  options_.proxy.url = "http://proxy.invalid:3128";
  EXPECT_EQ(reason(get()), "proxy_unusable");
}

TEST_F(HttpProxy, AStrongerSchemeWithoutCredentialsDoesNotHideThePassword) {
  for (const std::vector<std::string>& offers :
       {std::vector<std::string>{"Negotiate", "Basic realm=\"p\""},
        std::vector<std::string>{"Negotiate", "NTLM", "Basic realm=\"p\""},
        std::vector<std::string>{"Digest realm=\"p\", nonce=\"1\"", "Basic realm=\"p\""}}) {
    TestProxy proxy({.user = "desk", .password = "geheim", .offers = offers});
    go_through(proxy);
    type("desk", "geheim", {proxy.url()});
    EXPECT_EQ(body(), "through") << offers.front();
  }
}

TEST_F(HttpProxy, TheDetailNamesTheSchemesThatAreOffered) {
  TestProxy proxy({.user = "desk", .password = "geheim", .offers = {"Kerberos", "Basic realm=\"p\""}});
  go_through(proxy);
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_authentication_failed);
  EXPECT_THAT(failed.detail, HasSubstr("it offers Kerberos, Basic"));
  EXPECT_THAT(failed.detail, HasSubstr("proxy.user"));
}

TEST_F(HttpProxy, AProxyThatLetsEverybodyPassIsNotTold) {
  TestProxy proxy({});
  go_through(proxy);
  EXPECT_EQ(body(), "through");
  EXPECT_THAT(proxy.heads().at(0), Not(HasSubstr("Proxy-Authorization")));
  EXPECT_EQ(proxy.heads().size(), 1U);
}

TEST_F(HttpProxy, AnHttpsProxyIsSpokenToInTls) {
  TestProxy proxy({});
  options_.proxy.url = "https" + proxy.url().substr(4);
  options_.connect_timeout = std::chrono::milliseconds(500);
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, HasSubstr("TLS with the proxy"));
  EXPECT_THAT(proxy.heads(), IsEmpty());
}

TEST_F(HttpProxy, AProxyThatGivesNoAnswerToConnectIsNamed) {
  for (const std::string said : {"", "\x01\x02\x03"}) {
    const test::LoopbackListener proxy([&said](int descriptor, int /*number*/) {
      std::array<char, 1024> head{};
      if (recv(descriptor, head.data(), head.size(), 0) > 0)
        send(descriptor, said.data(), said.size(), MSG_NOSIGNAL);
    });
    options_.proxy.url = "http://127.0.0.1:" + std::to_string(proxy.port());
    const auto failed = failure(get());
    EXPECT_EQ(failed.reason, Reason::proxy_failed) << failed.detail;
    EXPECT_THAT(failed.detail, HasSubstr("127.0.0.1"));
  }
}

TEST_F(HttpProxy, WhereAProxyPointsToIsShown) {
  const test::LoopbackListener proxy([](int descriptor, int /*number*/) {
    const std::string portal =
        "HTTP/1.1 302 Please Log In\r\nLocation: http://portal.test/\r\nContent-Length: 0\r\n\r\n";
    std::array<char, 1024> head{};
    if (recv(descriptor, head.data(), head.size(), 0) > 0)
      send(descriptor, portal.data(), portal.size(), MSG_NOSIGNAL);
  });
  options_.proxy.url = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, HasSubstr("Please Log In"));
  EXPECT_THAT(failed.detail, HasSubstr("http://portal.test/"));
}

TEST_F(HttpProxy, ARefusalOfTheTunnelIsTheProxysFailure) {
  TestProxy proxy({.http_status = 403});
  go_through(proxy);
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, HasSubstr("403"));
}

TEST_F(HttpProxy, WhatSocksSaysOfTheAuthorityIsTheAuthoritys) {
  TestProxy refused({.kind = TestProxy::Kind::socks5, .socks_reply = 5});
  go_through(refused);
  EXPECT_EQ(reason(get()), "authority_unreachable");
  TestProxy forbidden({.kind = TestProxy::Kind::socks5, .socks_reply = 2});
  go_through(forbidden);
  EXPECT_EQ(reason(get()), "proxy_unusable");
}

TEST_F(HttpProxy, NoProxyGoesDirectly) {
  TestProxy proxy({});
  go_through(proxy);
  options_.proxy.no_proxy = "bank.test, localhost";
  EXPECT_EQ(body(), "through");
  EXPECT_THAT(proxy.tunnels(), IsEmpty());
}

TEST_F(HttpProxy, TheEnvironmentIsObeyedWhenTheSettingsAreSilent) {
  TestProxy proxy({.user = "u", .password = "p"});
  options_.proxy.url.clear();
  setenv("https_proxy", ("http://u:p@" + proxy.url().substr(7)).c_str(), 1);
  EXPECT_EQ(body(), "through");
  EXPECT_THAT(proxy.tunnels(), ElementsAre(target()));
  setenv("no_proxy", "localhost", 1);
  EXPECT_EQ(body(), "through");
  EXPECT_EQ(proxy.tunnels().size(), 1U);
}

TEST_F(HttpProxy, WhomAPersonNamesComesBeforeTheUserOfTheEnvironment) {
  for (const auto kind : {TestProxy::Kind::http, TestProxy::Kind::socks5}) {
    TestProxy proxy({.kind = kind, .user = "tanaka", .password = "geheim"});
    const std::string url = proxy.url();
    const auto host = url.find("://") + 3;
    setenv("https_proxy", (url.substr(0, host) + "old:falsch@" + url.substr(host)).c_str(), 1);
    options_.proxy = {};
    options_.proxy_credential = nullptr;
    const Failure asked = failure(get());
    EXPECT_EQ(asked.reason, Reason::proxy_authentication_failed);
    EXPECT_EQ(asked.proxy, url) << "without the user";
    type("tanaka", "geheim", {asked.proxy});
    EXPECT_EQ(body(), "through") << url;
  }
}

TEST_P(EitherProxy, WhatAPersonHasSaidToOneProxyIsNotSaidToAnother) {
  TestProxy first({.kind = GetParam(), .user = "tanaka", .password = "geheim"}),
      other({.kind = GetParam(), .user = "tanaka", .password = "geheim"});
  type("tanaka", "geheim", {first.url()});
  go_through(first);
  EXPECT_EQ(body(), "through");
  go_through(other);
  const Failure asked = failure(get());
  EXPECT_EQ(asked.reason, Reason::proxy_authentication_failed);
  EXPECT_EQ(asked.proxy, other.url());
  for (const std::string& head : other.heads()) EXPECT_THAT(head, Not(HasSubstr("Proxy-Authorization")));
  type("tanaka", "geheim", {first.url(), other.url()});
  EXPECT_EQ(body(), "through") << "said to both";
}

TEST_F(HttpProxy, TheSettingsUserCountsWhereAPersonHasSaidNothing) {
  TestProxy asked({.user = "tanaka", .password = "geheim"}), other({.user = "desk", .password = "offen"});
  options_.proxy.user = "desk";
  options_.proxy.password_file = directory_.path() / "proxy-password";
  std::ofstream(options_.proxy.password_file) << "offen\n";
  std::filesystem::permissions(options_.proxy.password_file, std::filesystem::perms::owner_read);
  type("tanaka", "geheim", {asked.url()});
  for (const TestProxy* proxy : {&asked, &other}) {
    go_through(*proxy);
    EXPECT_EQ(body(), "through");
  }
}

TEST_F(HttpProxy, ASocksProxyThatAsksIsSaidToTakeThePasswordInClear) {
  TestProxy proxy({.kind = TestProxy::Kind::socks5, .user = "desk", .password = "geheim"});
  go_through(proxy);
  std::vector<std::string> notices;
  options_.notice = [&](const std::string& code, const std::string& text) {
    notices.push_back(code + ": " + text);
  };
  EXPECT_EQ(reason(get()), "proxy_authentication_failed");
  EXPECT_THAT(notices, ElementsAre(AllOf(HasSubstr("proxy_password_in_clear"), HasSubstr("(SOCKS)"))));
}

TEST_F(HttpProxy, E8_TheAuthoritysCredentialsDoNotReachTheProxy) {
  TestProxy proxy({.http_status = 502});
  go_through(proxy);
  const SecureBuffer password = SecureBuffer::copy_of(std::string_view("secret"));
  options_.authentication = {
      .scheme = HttpAuthentication::Scheme::basic, .user = "user", .password = &password};
  EXPECT_EQ(reason(get()), "proxy_failed");
  for (const auto& head : proxy.heads()) EXPECT_THAT(head, Not(HasSubstr("\r\nAuthorization:")));
  EXPECT_FALSE(proxy.heads().empty());
}

}  // namespace
}  // namespace koshin::enrollment
