// SPDX-License-Identifier: MIT
// Through squid, which a proxy script or the desktop's settings name: koshin-proxy-lookup is the real one,
// the script comes from a real web server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <fstream>

#include "enrollment/http/proxy_check.hpp"
#include "enrollment/http/system_proxy.hpp"
#include "http_fixture.hpp"
#include "proxy_surroundings.hpp"
#include "sockets.hpp"
#include "squid.hpp"
#include "test_proxy.hpp"

namespace koshin::enrollment {
namespace {

using koshin::test::PortalDesktop;
using koshin::test::ScopedEnvironment;
using koshin::test::ScriptServer;
using koshin::test::Squid;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FoundProxy : public test::HttpFixture {
 protected:
  void SetUp() override {
    if (!koshin::test::is_installed(Squid::program)) GTEST_SKIP() << "squid is not installed";
    serve(test::always(test::answer(200, "through")));
    squid_ = std::make_unique<Squid>(Squid::Options{}, directory_.path() / "squid");
  }
  std::string squid() const { return squid_->url().substr(std::string("http://").size()); }
  static std::string nobody() { return "127.0.0.1:" + std::to_string(test::closed_port()); }
  void follow(const std::string& answer) {
    follow_script(
        "function FindProxyForURL(url, host) {\n"
        "  if (host !== 'localhost') throw new Error('not our server');\n  return \"" +
        answer + "\";\n}\n");
  }
  void follow_script(const std::string& script) {
    script_.reset();
    script_ = std::make_unique<ScriptServer>(directory_.path(), script);
    options_.proxy.url = "pac+" + script_->url();
  }
  std::string body() { return HttpClient(options_).exchange(get()).body; }
  std::vector<ProxyInUse> ways() const {
    return proxies_in_use(options_.proxy, options_.url, options_.connect_timeout, {});
  }

  std::unique_ptr<Squid> squid_;
  std::unique_ptr<ScriptServer> script_;
  ScopedEnvironment nothing_of_the_desktop_{{{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"},
                                             {"XDG_RUNTIME_DIR", directory_.path().string()},
                                             {"http_proxy", ""},
                                             {"https_proxy", ""},
                                             {"no_proxy", ""}}};
};

TEST_F(FoundProxy, AScriptNamesIt) {
  follow("PROXY " + squid());
  EXPECT_EQ(body(), "through");
  ASSERT_EQ(ways().size(), 1U);
  EXPECT_EQ(ways().front().endpoint(), squid());
  EXPECT_EQ(ways().front().answered_by, script_->url());
}

TEST_F(FoundProxy, TheScriptMayBeAFile) {
  const auto file = directory_.path() / "proxy.pac";
  std::ofstream(file) << "function FindProxyForURL() { return 'PROXY " + squid() + "'; }";
  options_.proxy.url = "pac+file://" + file.string();
  EXPECT_EQ(body(), "through");
}

/// Whoever can write the script chooses the proxy.
TEST_F(FoundProxy, AFileThatOthersCanWriteIsNoScript) {
  const auto folder = directory_.path() / "open", file = folder / "proxy script.pac";
  std::filesystem::create_directory(folder);
  std::ofstream(file) << "function FindProxyForURL() { return 'PROXY " + squid() + "'; }";
  options_.proxy.url = "pac+file://" + folder.string() + "/proxy%20script.pac";
  std::filesystem::permissions(file, std::filesystem::perms{0666});
  Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, HasSubstr("proxy script.pac"));
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  std::filesystem::permissions(folder, std::filesystem::perms{0777});
  failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_TRUE(server_->requests().empty());
  std::filesystem::permissions(folder, std::filesystem::perms{0755});
  EXPECT_EQ(body(), "through");
  std::filesystem::remove(file);
  failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, HasSubstr("no such file"));
}

TEST_F(FoundProxy, DeadProxiesOfAListAreLeftForTheNext) {
  const std::string first = nobody();
  follow("PROXY " + first + "; SOCKS " + nobody() + "; PROXY " + squid() + "; DIRECT");
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(get()).body, "through");
  EXPECT_EQ(client.exchange(get()).body, "through") << "with the one that works";
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(FoundProxy, OneThatIsNoProxysAddressIsLeftForTheNext) {
  follow("PROXY \\u9280\\u884c.example:3128; PROXY " + squid());
  EXPECT_EQ(body(), "through");
  ASSERT_EQ(ways().size(), 1U);
  EXPECT_EQ(ways().front().endpoint(), squid());
  follow("PROXY \\u9280\\u884c.example:3128; DIRECT");
  EXPECT_EQ(body(), "through");
  follow("PROXY \\u9280\\u884c.example:3128");
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::settings_invalid);
  EXPECT_THAT(failed.detail, AllOf(HasSubstr("the proxy script " + script_->url()), HasSubstr("xn--")));
}

TEST_F(FoundProxy, WhereNoneWorksTheOthersAreNamedToo) {
  const std::string first = nobody(), second = nobody();
  follow("PROXY " + first + "; PROXY " + second);
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail,
              AllOf(HasSubstr(second.substr(second.find(':') + 1)),
                    HasSubstr("tried before: 127.0.0.1 port " + first.substr(first.find(':') + 1)),
                    HasSubstr("the proxy script " + script_->url())));
}

TEST_F(FoundProxy, ARefusalIsAnAnswerAndNoReasonForTheNext) {
  squid_.reset();
  squid_ = std::make_unique<Squid>(Squid::Options{.known_ports_only = true}, directory_.path() / "squid");
  follow("PROXY " + squid() + "; DIRECT");
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, AllOf(HasSubstr("status 403"), HasSubstr("allow CONNECT to localhost:"),
                                   HasSubstr("many let 443 only")));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(FoundProxy, OneThatDoesNotProveItsNameIsNoReasonForTheNext) {
  follow("HTTPS localhost:" + std::to_string(server_->port()) + "; DIRECT");
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, HasSubstr("proxy.trust_anchors"));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(FoundProxy, MoreTimeForAConnectionThanALookUpMayTakeIsNoMistake) {
  options_.connect_timeout = std::chrono::seconds{600};
  follow("PROXY " + squid());
  EXPECT_EQ(body(), "through");
}

TEST_F(FoundProxy, TheDirectWayIsOneOfThem) {
  follow("PROXY " + nobody() + "; DIRECT");
  EXPECT_EQ(body(), "through");
  follow("DIRECT");
  EXPECT_EQ(body(), "through");
  EXPECT_TRUE(ways().front().is_direct());
}

TEST_F(FoundProxy, AServerWithoutProxyAsksNoScript) {
  options_.proxy.url = "pac+http://" + nobody() + "/proxy.pac";
  options_.proxy.no_proxy = "localhost";
  EXPECT_EQ(body(), "through");
}

TEST_F(FoundProxy, AScriptThatIsNotToBeHadIsToldSo) {
  options_.proxy.url = "pac+http://" + nobody() + "/proxy.pac";
  Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail,
              AllOf(HasSubstr("the proxy script http://127.0.0.1:"), HasSubstr("could not be fetched")));
  follow("DIRECT");
  options_.proxy.url += ".moved";
  EXPECT_THAT(failure(get()).detail, HasSubstr("404"));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(FoundProxy, AServerOfScriptsThatDoesNotAnswerIsWaitedForWithinTheLimit) {
  const test::LoopbackListener silent([](int descriptor, int) {
    char byte = 0;
    while (recv(descriptor, &byte, 1, 0) > 0) {
    }
  });
  options_.connect_timeout = std::chrono::seconds{1};
  options_.proxy.url = "pac+http://127.0.0.1:" + std::to_string(silent.port()) + "/proxy.pac";
  EXPECT_EQ(failure(get()).reason, Reason::proxy_failed);
}

TEST_F(FoundProxy, AScriptThatDoesNotEndIsEnded) {
  follow_script("function FindProxyForURL() { while (true) {} }");
  options_.connect_timeout = std::chrono::seconds{1};
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, HasSubstr("no answer within 1 s"));
}

TEST_F(FoundProxy, AStopEndsTheWait) {
  follow_script("function FindProxyForURL() { while (true) {} }");
  std::stop_source stop;
  stop.request_stop();
  options_.stop = stop.get_token();
  EXPECT_EQ(failure(get()).reason, Reason::interrupted);
}

TEST_F(FoundProxy, TheDesktopNamesItThroughItsPortal) {
  PortalDesktop desktop(directory_.path(), {"http://" + nobody(), squid_->url(), "direct://"});
  options_.proxy.url = "system";
  EXPECT_EQ(body(), "through");
  EXPECT_EQ(desktop.question(), options_.url);
  EXPECT_EQ(ways()[1].endpoint(), squid());
  EXPECT_EQ(ways()[1].answered_by, "xdg-desktop-portal");
}

TEST_F(FoundProxy, APortalThatCannotTellIsToldSo) {
  PortalDesktop desktop(directory_.path(), {"--error"});
  options_.proxy.url = "system";
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, HasSubstr("xdg-desktop-portal: Could not download proxy script"));
}

TEST_F(FoundProxy, APortalThatDoesNotAnswerIsWaitedForWithinTheLimit) {
  PortalDesktop desktop(directory_.path(), {"--silent"});
  options_.proxy.url = "system";
  options_.connect_timeout = std::chrono::seconds{1};
  EXPECT_EQ(failure(get()).reason, Reason::proxy_failed);
}

TEST_F(FoundProxy, WithoutAPortalLibproxyIsAsked) {
  const ScopedEnvironment environment({{"https_proxy", squid_->url()}});
  options_.proxy.url = "system";
  EXPECT_EQ(body(), "through");
  EXPECT_EQ(ways().front().answered_by, "libproxy");
  const PortalDesktop without_portal(directory_.path(), {});
  EXPECT_EQ(body(), "through");
  EXPECT_EQ(ways().front().answered_by, "libproxy");
}

TEST_F(FoundProxy, TheNextOfAListIsNotToldWhatAPersonHasSaidToTheFirst) {
  auto first =
      std::make_unique<test::TestProxy>(test::TestProxy::Options{.user = "tanaka", .password = "geheim"});
  test::TestProxy second({.user = "tanaka", .password = "geheim"});
  const auto at = [](const test::TestProxy& proxy) { return proxy.url().substr(sizeof "http:/"); };
  follow("PROXY " + at(*first) + "; PROXY " + at(second));
  const SecureBuffer password = SecureBuffer::copy_of(std::string_view("geheim"));
  const ProxyCredential typed{.user = "tanaka", .password = &password, .proxies = {first->url()}};
  options_.proxy_credential = &typed;
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(get()).body, "through");
  first.reset();
  try {
    client.exchange(get());
    ADD_FAILURE() << "the second has let somebody pass whom it does not know";
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::proxy_authentication_failed);
    EXPECT_EQ(error.failure().proxy, second.url());
  }
  EXPECT_FALSE(second.heads().empty());
  for (const std::string& head : second.heads()) EXPECT_THAT(head, Not(HasSubstr("Proxy-Authorization")));
}

TEST_F(FoundProxy, WhatTheDesktopSaysOfNoProxyIsSaidWithTheFailure) {
  const PortalDesktop desktop(directory_.path(), {"direct://"});
  options_.proxy.url = "system";
  options_.url = "https://" + nobody();
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_unreachable);
  EXPECT_THAT(failed.detail,
              HasSubstr("without a proxy, as the proxy settings of the desktop (xdg-desktop-portal)"));
}

TEST_F(FoundProxy, APasswordInTheAnswerIsNotShown) {
  const PortalDesktop desktop(directory_.path(), {"ftp://clerk:geheim@127.0.0.1:1"});
  options_.proxy.url = "system";
  const Failure failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_failed);
  EXPECT_THAT(failed.detail, AllOf(HasSubstr("names no proxy"), Not(HasSubstr("geheim"))));
}

}  // namespace
}  // namespace koshin::enrollment
