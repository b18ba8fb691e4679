// SPDX-License-Identifier: MIT
// koshin itself through squid: a renewal on a real token whose proxy a script names, and a proxy that asks
// who is there while somebody sits at the terminal.
#include <sys/socket.h>

#include <atomic>
#include <fstream>

#include "cli/cli_fixture.hpp"
#include "kerberos.hpp"
#include "proxy_surroundings.hpp"
#include "sockets.hpp"
#include "squid.hpp"
#include "test_proxy.hpp"

namespace koshin::test {
namespace {

using Scheme = Squid::Scheme;
using testing::AllOf;

constexpr const char* right_password = "geheim";  // as squid.hpp has it

/// A web server whose proxy script names one proxy when it is fetched first, and another one from then on.
class ChangingScript {
 public:
  ChangingScript(std::string first, std::string then)
      : server_([this, first = std::move(first), then = std::move(then)](int connection, int) {
          read_request(connection);
          const std::string proxy = fetched_.exchange(true) ? then : first;
          const std::string script = "function FindProxyForURL() { return 'PROXY " + proxy + "'; }";
          const std::string answer =
              "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(script.size()) +
              "\r\n\r\n" + script;
          static_cast<void>(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL));
        }) {}
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/proxy.pac"; }

 private:
  static void read_request(int connection) {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(connection, &byte, 1, 0) == 1) head += byte;
  }
  std::atomic<bool> fetched_ = false;  // before server_, whose threads use it
  enrollment::test::LoopbackListener server_;
};

class RenewalThroughSquid : public CliFixture {
 protected:
  void SetUp() override {
    if (!is_installed(Squid::program)) GTEST_SKIP() << "squid is not installed";
    provision_certificate(12);
  }
  void go_through(const Squid::Options& options, const std::string& more = "") {
    squid_.reset();
    squid_ = std::make_unique<Squid>(options, directory_.path() / "squid");
    write_settings_with("proxy.url = \"" + squid_->url() + "\"\n" + more);
  }
  std::string squid() const { return squid_->url().substr(std::string("http://").size()); }
  RunResult renew() { return koshin({"renew", "--pin-stdin"}, std::string(right_pin) + "\n"); }
  RunResult renew_at_terminal(std::vector<Answer> more) {
    std::vector<Answer> answers{{"PIN of token \"Sakura Corp\"", std::string(right_pin) + "\n"}};
    answers.insert(answers.end(), more.begin(), more.end());
    return koshin_on_terminal({"renew"}, answers);
  }
  /// Another certificate that is due, for signatures, behind a proxy that takes Basic.
  void provision_second() {
    provision_as(hsm_, token_label, bank_,
                 {.usage = "critical,digitalSignature,nonRepudiation", .extended_usage = "emailProtection"});
    go_through({.schemes = {Scheme::basic}},
               "renewal.purposes = [\"login\", \"signature\"]\nauthority.signature_label = \"signature\"\n");
  }
  RunResult renew_all_at_terminal(std::vector<Answer> more) {
    more.insert(more.begin(), {"PIN of token \"Sakura Corp\"", std::string(right_pin) + "\n"});
    return koshin_on_terminal({"renew", "--all"}, more);
  }
  static int times(const std::string& text, const std::string& words) {
    int count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
    return count;
  }

  std::unique_ptr<Squid> squid_;
};

TEST_F(RenewalThroughSquid, TheProxyIsNamedByAScriptAndTheDoctorSaysSo) {
  go_through({});
  const ScriptServer script(
      directory_.path(),
      "function FindProxyForURL(url, host) { return 'PROXY 127.0.0.1:1; PROXY " + squid() + "'; }");
  write_settings_with("proxy.url = \"pac+" + script.url() + "\"\n");
  const RunResult doctor = koshin({"doctor"});
  EXPECT_THAT(doctor.out, HasSubstr(squid() + " can be reached (" + script.url() +
                                    " names it), but not 127.0.0.1:1, which come first"));
  const RunResult result = renew();
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(RenewalThroughSquid, TheProxyIsNamedByTheDesktop) {
  go_through({});
  const PortalDesktop desktop(directory_.path(), {squid_->url()});
  write_settings_with("proxy.url = \"system\"\n");
  EXPECT_THAT(koshin({"doctor"}).out, HasSubstr(squid() + " can be reached (xdg-desktop-portal names it)"));
  const RunResult result = renew();
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(RenewalThroughSquid, APersonAtTheTerminalIsAskedForTheProxysPassword) {
  go_through({.schemes = {Scheme::digest}});
  const RunResult result =
      renew_at_terminal({{"User ID for the proxy", "tanaka\n"},
                         {"Password of tanaka for the proxy", std::string(right_password) + "\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("it offers Digest"), HasSubstr("The certificate was renewed."),
                                Not(HasSubstr(right_password)), Not(HasSubstr("in clear only"))));
}

TEST_F(RenewalThroughSquid, AWrongPasswordIsAskedForOnceMoreAndBasicIsToldOf) {
  go_through({.schemes = {Scheme::basic}});
  const RunResult result =
      renew_at_terminal({{"User ID for the proxy", "tanaka\n"},
                         {"Password of tanaka for the proxy", "falsch\n"},
                         {"User ID for the proxy", "tanaka\n"},
                         {"Password of tanaka for the proxy", std::string(right_password) + "\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("takes a password in clear only (Basic"), Not(HasSubstr("falsch")),
                                Not(HasSubstr(right_password))));
}

TEST_F(RenewalThroughSquid, ASittingTriesAWrongPasswordTwiceAndNotForEachCertificate) {
  provision_second();
  const RunResult result = renew_all_at_terminal({{"User ID for the proxy", "tanaka\n"},
                                                  {"Password of tanaka for the proxy", "falsch\n"},
                                                  {"User ID for the proxy", "tanaka\n"},
                                                  {"Password of tanaka for the proxy", "falsch\n"}});
  EXPECT_EQ(result.exit_code, 74) << result.out;
  EXPECT_EQ(times(result.out, "User ID for the proxy"), 2) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("What became of each:"), HasSubstr("not renewed: log-in"),
                                HasSubstr("not tried: signatures")));
}

TEST_F(RenewalThroughSquid, AQuestionThatIsBrokenOffIsTheFailureOfItsCertificate) {
  provision_second();
  const RunResult result = renew_all_at_terminal(
      {{"User ID for the proxy", "tanaka\n"}, {"Password of tanaka for the proxy", "\n"}});
  EXPECT_EQ(result.exit_code, 74) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("What became of each:"), HasSubstr("not renewed: log-in"),
                                HasSubstr("not tried: signatures")));
}

TEST_F(RenewalThroughSquid, OneAnswerCountsForAllCertificatesOfASitting) {
  provision_second();
  const RunResult result =
      renew_all_at_terminal({{"User ID for the proxy", "tanaka\n"},
                             {"Password of tanaka for the proxy", std::string(right_password) + "\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(times(result.out, "User ID for the proxy"), 1) << result.out;
}

TEST_F(RenewalThroughSquid, WhoEntersNobodyIsToldTheReasonAndNothingHasChanged) {
  go_through({.schemes = {Scheme::basic}});
  const RunResult result = renew_at_terminal({{"User ID for the proxy", "\n"}});
  EXPECT_EQ(result.exit_code, 74) << result.out;
  go_through({});
  EXPECT_EQ(renew().exit_code, 0);
}

TEST_F(RenewalThroughSquid, AProxyThatAScriptNamesLaterIsNotToldThePassword) {
  go_through({.schemes = {Scheme::basic}});
  const enrollment::test::TestProxy stranger({.user = "suzuki", .password = "anders"});
  const ChangingScript script(squid(), stranger.url().substr(sizeof "http:/"));
  write_settings_with("proxy.url = \"pac+" + script.url() + "\"\n");
  const RunResult result =
      renew_at_terminal({{"User ID for the proxy", "tanaka\n"},
                         {"Password of tanaka for the proxy", std::string(right_password) + "\n"},
                         {"User ID for the proxy", "suzuki\n"},
                         {"Password of suzuki for the proxy", "anders\n"}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_FALSE(stranger.tunnels().empty());
  const std::string tanaka_and_password =
      "dGFuYWthOmdlaGVpbQ==";  // base64 of "tanaka:geheim", as Basic has it
  for (const std::string& head : stranger.heads()) EXPECT_THAT(head, Not(HasSubstr(tanaka_and_password)));
  EXPECT_THAT(stranger.heads().front(), Not(HasSubstr("Proxy-Authorization"))) << "asked first";
}

TEST_F(RenewalThroughSquid, OneAccountMayBeSaidToBothProxiesThatAScriptNames) {
  go_through({.schemes = {Scheme::digest}});
  const Squid second({.schemes = {Scheme::digest}}, directory_.path() / "second");
  const ChangingScript script(squid(), second.url().substr(sizeof "http:/"));
  write_settings_with("proxy.url = \"pac+" + script.url() + "\"\n");
  const Answer user{"User ID for the proxy", "tanaka\n"},
      password{"Password of tanaka for the proxy", std::string(right_password) + "\n"};
  const RunResult result = renew_at_terminal({user, password, user, password});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(times(result.out, "User ID for the proxy"), 2) << result.out;
}

TEST_F(RenewalThroughSquid, NobodyIsAskedWithoutATerminal) {
  go_through({.schemes = {Scheme::basic}});
  const RunResult result = renew();
  EXPECT_EQ(result.exit_code, 74) << result.err;
  EXPECT_THAT(result.err, HasSubstr("it offers Basic"));
}

TEST_F(RenewalThroughSquid, ATicketComesBeforeAnyQuestion) {
  if (!KerberosRealm::is_installed()) GTEST_SKIP() << "MIT's KDC is not installed";
  const KerberosRealm realm(directory_.path() / "realm");
  const ScopedEnvironment joined(realm.environment());
  go_through({.schemes = {Scheme::negotiate, Scheme::basic},
              .keytab = realm.keytab(),
              .environment = realm.environment()});
  realm.log_on();
  const RunResult result = renew_at_terminal({});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("User ID for the proxy")));
}

TEST_F(RenewalThroughSquid, ThePasswordIsInNoFile) {
  go_through({.schemes = {Scheme::digest}});
  ASSERT_EQ(renew_at_terminal({{"User ID for the proxy", "tanaka\n"},
                               {"Password of tanaka for the proxy", std::string(right_password) + "\n"}})
                .exit_code,
            0);
  squid_.reset();
  std::filesystem::remove_all(directory_.path() / "squid");  // which has it, being the proxy
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find(right_password), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace koshin::test
