// SPDX-License-Identifier: MIT
// The proxies that Windows' settings name for this user, by WinHTTP itself. The settings that a test makes
// are for names of its own, since other tests may run meanwhile.
#include "enrollment/http/system_proxy.hpp"

#include <winsock2.h>
// After winsock2.h, which includes it otherwise.
#include <windows.h>

#include <curl/curl.h>
#include <gmock/gmock.h>

#include <chrono>
#include <cstring>
#include <future>
#include <thread>

#include "enrollment/http/proxy_login.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* connections =
    R"(Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections)";

/// What Internet Options writes; as it was before, once the object is gone.
class InternetOptions {
 public:
  static constexpr DWORD by_name = 2, by_script = 4;

  InternetOptions(DWORD flags, const std::string& proxies, const std::string& exceptions,
                  const std::string& script) {
    std::string bytes;
    add(bytes, 0x46);  // the version of this layout
    add(bytes, 1);     // how many times it was changed
    add(bytes, 1 | flags);
    for (const std::string& text : {proxies, exceptions, script}) {
      add(bytes, static_cast<DWORD>(text.size()));
      bytes += text;
    }
    bytes += std::string(32, '\0');
    RegCreateKeyExA(HKEY_CURRENT_USER, connections, 0, nullptr, 0, KEY_ALL_ACCESS, nullptr, &key_, nullptr);
    DWORD size = static_cast<DWORD>(before_.size());
    had_ = RegQueryValueExA(key_, value, nullptr, nullptr, reinterpret_cast<BYTE*>(before_.data()), &size) ==
           ERROR_SUCCESS;
    before_.resize(had_ ? size : 0);
    set(bytes);
  }
  ~InternetOptions() {
    had_ ? set(before_) : static_cast<void>(RegDeleteValueA(key_, value));
    RegCloseKey(key_);
  }
  InternetOptions(const InternetOptions&) = delete;
  InternetOptions& operator=(const InternetOptions&) = delete;

 private:
  static constexpr const char* value = "DefaultConnectionSettings";

  static void add(std::string& bytes, DWORD number) {
    char four[sizeof number];
    std::memcpy(four, &number, sizeof number);
    bytes.append(four, sizeof number);
  }
  void set(const std::string& bytes) {
    EXPECT_EQ(RegSetValueExA(key_, value, 0, REG_BINARY, reinterpret_cast<const BYTE*>(bytes.data()),
                             static_cast<DWORD>(bytes.size())),
              ERROR_SUCCESS);
  }

  HKEY key_ = nullptr;
  bool had_ = false;
  std::string before_ = std::string(65536, '\0');
};

/// Gives a proxy script to whoever connects; with no script, says nothing.
class ScriptServer {
 public:
  explicit ScriptServer(std::string script) : script_(std::move(script)) {
    WSADATA data{};
    EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    listening_ = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const named = reinterpret_cast<sockaddr*>(&address);
    int size = sizeof address;
    EXPECT_EQ(bind(listening_, named, size), 0);
    EXPECT_EQ(listen(listening_, 4), 0);
    EXPECT_EQ(getsockname(listening_, named, &size), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/proxy.pac";
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptServer() {
    closesocket(listening_);
    thread_.join();
    WSACleanup();
  }
  ScriptServer(const ScriptServer&) = delete;
  ScriptServer& operator=(const ScriptServer&) = delete;

  const std::string& url() const { return url_; }

 private:
  void serve() {
    for (SOCKET taken = INVALID_SOCKET; (taken = accept(listening_, nullptr, nullptr)) != INVALID_SOCKET;) {
      const DWORD longest_wait = 1500;
      setsockopt(taken, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&longest_wait),
                 sizeof longest_wait);
      std::string request;
      char part[2048];
      for (int got = 0;
           request.find("\r\n\r\n") == std::string::npos && (got = recv(taken, part, sizeof part, 0)) > 0;)
        request.append(part, static_cast<std::size_t>(got));
      if (script_.empty()) {  // until the other end gives up
        while (recv(taken, part, sizeof part, 0) > 0) {
        }
      } else {
        const std::string answer =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig\r\nConnection: "
            "close\r\nContent-Length: " +
            std::to_string(script_.size()) + "\r\n\r\n" + script_;
        send(taken, answer.data(), static_cast<int>(answer.size()), 0);
      }
      closesocket(taken);
    }
  }

  std::string script_, url_;
  SOCKET listening_ = INVALID_SOCKET;
  std::thread thread_;
};

ProxyQuestion question(std::string url, std::string script = {}) {
  return {.url = std::move(url), .script = std::move(script), .limit = milliseconds(20'000), .stop = {}};
}

TEST(SystemProxyOnWindows, ANamedProxyIsForAllButTheExceptions) {
  const InternetOptions options(InternetOptions::by_name, "http=a.example:80;https=p.example:8443",
                                "*.inside.example;<local>", "");
  const auto answer = ask_system_for_proxies(question("https://est.bank.example/"));
  EXPECT_THAT(answer.in_order, ElementsAre("http://p.example:8443"));
  EXPECT_EQ(answer.source, "WinHTTP");
  EXPECT_THAT(ask_system_for_proxies(question("https://est.inside.example/")).in_order, ElementsAre(""));
  EXPECT_THAT(ask_system_for_proxies(question("https://intranet/")).in_order, ElementsAre(""));
  EXPECT_THAT(ask_system_for_proxies(question("https://127.0.0.1:8443/")).in_order, ElementsAre(""));
}

TEST(SystemProxyOnWindows, WithoutSettingsServersAreReachedDirectly) {
  const InternetOptions options(0, "", "", "");
  EXPECT_THAT(ask_system_for_proxies(question("https://est.bank.example/")).in_order, ElementsAre(""));
}

TEST(SystemProxyOnWindows, TheSettingsScriptSaysItForEachServer) {
  const ScriptServer server(
      "function FindProxyForURL(url, host) { return dnsDomainIs(host, '.bank.example') ? 'PROXY "
      "one.example:3128; PROXY "
      "two.example:8080' : 'DIRECT'; }");
  const InternetOptions options(InternetOptions::by_script, "", "", server.url());
  EXPECT_EQ(ask_system_for_proxies(question("https://est.bank.example/")).in_order.front(),
            "http://one.example:3128");
  EXPECT_THAT(ask_system_for_proxies(question("https://elsewhere.example/")).in_order, ElementsAre(""));
}

TEST(SystemProxyOnWindows, AScriptThatIsNamedInKoshinsSettingsIsAskedInPlaceOfWindows) {
  const ScriptServer server("function FindProxyForURL(url, host) { return 'PROXY one.example:3128'; }");
  EXPECT_EQ(ask_system_for_proxies(question("https://est.bank.example/", server.url())).in_order.front(),
            "http://one.example:3128");
}

Failure failure_of(const ProxyQuestion& asked) {
  try {
    const auto answer = ask_system_for_proxies(asked);
    ADD_FAILURE() << answer.in_order.front();
  } catch (const FailureError& error) {
    return error.failure();
  }
  return {};
}

TEST(SystemProxyOnWindows, AScriptThatCannotBeFetchedIsAFailureThatMayPass) {
  const auto failure = failure_of(question("https://est.bank.example/", "http://127.0.0.1:1/proxy.pac"));
  EXPECT_EQ(failure.reason, Reason::proxy_failed) << failure.detail;
  EXPECT_THAT(failure.detail, HasSubstr("127.0.0.1:1"));
}

TEST(SystemProxyOnWindows, AScriptThatIsNoneIsAFailure) {
  const ScriptServer server("this is no script at all {");
  const auto failure = failure_of(question("https://est.bank.example/", server.url()));
  EXPECT_EQ(failure.reason, Reason::proxy_failed) << failure.detail;
}

TEST(SystemProxyOnWindows, AServerThatSaysNothingIsNotWaitedForLongerThanTheLimit) {
  const ScriptServer server("");
  auto asked = question("https://est.bank.example/", server.url());
  asked.limit = milliseconds(700);
  const auto begun = std::chrono::steady_clock::now();
  const auto failure = failure_of(asked);
  EXPECT_EQ(failure.reason, Reason::proxy_failed) << failure.detail;
  EXPECT_THAT(failure.detail, HasSubstr("no answer within 1 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(10'000));
}

TEST(SystemProxyOnWindows, AStopRequestEndsTheWait) {
  const ScriptServer server("");
  std::stop_source stop;
  auto asked = question("https://est.bank.example/", server.url());
  asked.stop = stop.get_token();
  const auto later = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  EXPECT_EQ(failure_of(asked).reason, Reason::interrupted);
}

TEST(ProxyLoginOnWindows, TheUserOfTheSessionIsTriedByNegotiateThenByNtlm) {
  ProxyLogin login({}, false);
  const unsigned long offered = CURLAUTH_NEGOTIATE | CURLAUTH_NTLM | CURLAUTH_BASIC;
  EXPECT_TRUE(login.without_user());
  EXPECT_EQ(login.schemes() & offered, CURLAUTH_NEGOTIATE | CURLAUTH_NTLM);
  EXPECT_TRUE(login.give_up(offered));
  EXPECT_FALSE(login.give_up(offered)) << "for Basic there is no password";
  EXPECT_THAT(login.words({"Negotiate", "NTLM", "Basic"}), HasSubstr("NTLM (as the user of this session)"));
}

}  // namespace
}  // namespace koshin::enrollment
