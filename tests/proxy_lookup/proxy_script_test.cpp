// SPDX-License-Identifier: MIT
// What scripts may say, and what becomes of scripts that are wrong or hostile.
#include "proxy_lookup/proxy_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "failure_matcher.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::proxy_lookup {
namespace {

using enrollment::test::failure_of;
using testing::HasSubstr;

constexpr const char* bank = "https://est.bank.example:8443/.well-known/est?user=secret";

/// What `expression` is, as text, where the script sees `url` and `host`.
std::string value_of(const std::string& expression, const std::string& url = bank) {
  return run_proxy_script("function FindProxyForURL(url, host) { return String(" + expression + "); }", url);
}

std::string detail_of(const std::string& script) {
  const Failure failure = failure_of([&] { run_proxy_script(script, bank); });
  EXPECT_EQ(failure.reason, Reason::proxy_failed);
  return failure.detail;
}

TEST(ProxyScript, AnswersForTheServerWithoutItsPath) {
  EXPECT_EQ(value_of("url"), "https://est.bank.example:8443/");
  EXPECT_EQ(value_of("host"), "est.bank.example");
  EXPECT_EQ(value_of("host", "https://[2001:db8::1]:8443/x"), "2001:db8::1");
}

TEST(ProxyScript, ACompanysScriptChoosesByName) {
  const std::string script =
      "// Proxy f\xfcr alle\n"  // Latin-1
      "function FindProxyForURL(url, host) {\n"
      "  if (isPlainHostName(host) || dnsDomainIs(host, '.corp.example')) return 'DIRECT';\n"
      "  if (shExpMatch(host, '*.bank.example')) return 'PROXY bank-proxy.corp.example:3128; DIRECT';\n"
      "  return 'PROXY proxy.corp.example:8080';\n"
      "}\n";
  EXPECT_EQ(run_proxy_script(script, bank), "PROXY bank-proxy.corp.example:3128; DIRECT");
  EXPECT_EQ(run_proxy_script(script, "https://est.corp.example/"), "DIRECT");
  EXPECT_EQ(run_proxy_script(script, "https://est/"), "DIRECT");
  EXPECT_EQ(run_proxy_script(script, "https://other.example/"), "PROXY proxy.corp.example:8080");
}

TEST(ProxyScript, HasTheFunctionsOfHosts) {
  EXPECT_EQ(value_of("localHostOrDomainIs('www', 'www.corp.example')"), "true");
  EXPECT_EQ(value_of("localHostOrDomainIs('www.other.example', 'www.corp.example')"), "false");
  EXPECT_EQ(value_of("dnsDomainLevels(host)"), "2");
  EXPECT_EQ(value_of("isInNet('10.1.2.3', '10.1.0.0', '255.255.0.0')"), "true");
  EXPECT_EQ(value_of("isInNet('10.2.2.3', '10.1.0.0', '255.255.0.0')"), "false");
  EXPECT_EQ(value_of("isInNet('192.168.300.1', '0.0.0.0', '0.0.0.0')"), "false") << "no address, and no name";
  EXPECT_EQ(value_of("shExpMatch('a.b', 'a?b')"), "true");
  EXPECT_EQ(value_of("shExpMatch('axb', 'a.b')"), "false") << "a dot is a dot";
  EXPECT_EQ(value_of("shExpMatch('http://x/(1)', '*/(1)')"), "true");
  EXPECT_EQ(value_of("dnsResolve('localhost')"), "127.0.0.1");
  EXPECT_EQ(value_of("isResolvable('no-such-host.invalid')"), "false");
  EXPECT_EQ(value_of("convert_addr(myIpAddress()) !== null"), "true");
}

TEST(ProxyScript, HasTheFunctionsOfTimes) {
  // Whatever day it is: a range and what it leaves out make up the whole, and one of both holds.
  EXPECT_EQ(value_of("weekdayRange('SUN', 'SAT')"), "true");
  EXPECT_EQ(value_of("weekdayRange('MON', 'WED') !== weekdayRange('THU', 'SUN')"), "true");
  EXPECT_EQ(value_of("weekdayRange('FRI', 'TUE', 'GMT') !== weekdayRange('WED', 'THU', 'GMT')"), "true");
  EXPECT_EQ(value_of("weekdayRange('DAY')"), "false");
  EXPECT_EQ(value_of("timeRange(0, 23)"), "true");
  EXPECT_EQ(value_of("timeRange(0, 0, 11, 59) || timeRange(12, 0, 23, 59)"), "true");
  EXPECT_EQ(value_of("timeRange(0, 0, 0, 23, 59, 59, 'GMT')"), "true");
  EXPECT_EQ(value_of("dateRange('JAN', 'DEC')"), "true");
  EXPECT_EQ(value_of("dateRange('JAN', 'JUN') !== dateRange('JUL', 'DEC')"), "true");
  EXPECT_EQ(value_of("dateRange(1, 31)"), "true");
  EXPECT_EQ(value_of("dateRange(1999, 2020)"), "false");
  EXPECT_EQ(value_of("dateRange(1, 'JAN', 2020, 31, 'DEC', 2199, 'GMT')"), "true");
  EXPECT_EQ(value_of("dateRange(1, 'JAN', 1999, 31, 'DEC', 2001)"), "false");
  EXPECT_EQ(value_of("dateRange(new Date().getFullYear())"), "true");
}

TEST(ProxyScript, NothingIsTheDirectWay) {
  EXPECT_EQ(run_proxy_script("function FindProxyForURL() { return null; }", bank), "DIRECT");
  EXPECT_EQ(run_proxy_script("function FindProxyForURL() {}", bank), "DIRECT");
}

TEST(ProxyScript, OneThatIsWrongIsToldSo) {
  EXPECT_THAT(detail_of("<html>Log in, please</html>"), HasSubstr("the script: SyntaxError"));
  EXPECT_THAT(detail_of(""), HasSubstr("no function FindProxyForURL"));
  EXPECT_THAT(detail_of("var FindProxyForURL = 1;"), HasSubstr("no function FindProxyForURL"));
  EXPECT_THAT(detail_of("function FindProxyForURL() { return 1; }"), HasSubstr("returned no text"));
  EXPECT_THAT(detail_of("function FindProxyForURL() { throw new Error('not \\u001b[1m today'); }"),
              HasSubstr("FindProxyForURL: Error: not "));
}

TEST(ProxyScript, HasNothingToReachBeyondItsMemory) {
  for (const char* name : {"require", "process", "console", "print", "readFile", "XMLHttpRequest", "load"})
    EXPECT_EQ(value_of(std::string("typeof ") + name), "undefined") << name;
}

TEST(ProxyScript, MemoryAndDepthAreBounded) {
  EXPECT_THAT(detail_of("function FindProxyForURL() { var a = [], s = new Array(10000).join('x'); while "
                        "(true) a.push(s + a.length); }"),
              HasSubstr("FindProxyForURL"));
  EXPECT_THAT(detail_of("function FindProxyForURL(u, h) { return FindProxyForURL(u, h) + 1; }"),
              HasSubstr("FindProxyForURL"));
  EXPECT_THAT(detail_of("function FindProxyForURL() { var x = 'x'; while (true) x += x; }"),
              HasSubstr("FindProxyForURL"));
}

}  // namespace
}  // namespace koshin::proxy_lookup
