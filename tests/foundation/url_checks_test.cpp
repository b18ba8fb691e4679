// SPDX-License-Identifier: MIT
// What settings may say of addresses, and what each mistake is told with.
#include "foundation/settings/url_checks.hpp"

#include <gmock/gmock.h>

#include "foundation/settings/settings_checks.hpp"

namespace koshin::settings_checks {
namespace {

using testing::HasSubstr;

TEST(UrlChecks, TakeWhatProgramsCanUse) {
  for (const char* good : {"",
                           "https://ca.example",
                           "https://ca.example:8443/",
                           "https://CA.example./x/%E9%8A%80%20",
                           "https://192.0.2.1",
                           "https://[::1]:8443",
                           "https://[2001:db8::192.0.2.1]/x",
                           "https://[1:2:3:4:5:6:7:8]",
                           "https://[2001:db8:1:2:3:4:5::]",
                           "https://[::2:3:4:5:6:7:8]",
                           "https://[1:2:3:4:5:6:192.0.2.1]",
                           "https://2130706433/",
                           "https://127.1",
                           "https://0.0.0.0",
                           "https://ca.example/銀行",
                           "https://ca.example/100%",
                           "https://[fe80::1%25eth0]",
                           "https://a_b.example:/",
                           "https://xn--x-6ga.example",
                           "https://1.example",
                           "https://ca.example/a@b:c,d;e"})
    EXPECT_EQ(authority_url(good), "") << good;
  EXPECT_EQ(page_url("https://銀行.example:8443/ログイン"), "");
  EXPECT_EQ(page_url("https://bank.example/100%"), "");
  EXPECT_EQ(mail_url("smtps://mail.example:465"), "");
  EXPECT_EQ(mail_url("smtp://[2001:db8:1:2:3:4:5::]:25"), "");
  for (const char* good :
       {"none", "system", "socks5h://proxy:1080", "pac+http://x/proxy.pac", "pac+file:///etc/a%20b.pac",
        "pac+file:///etc/プロキシ.pac", "pac+file:///etc/Proxy Settings.pac", "pac+http://x/プロキシ.pac",
        "http://[::2:3:4:5:6:7:8]:3128", "http://10.0.0.255:3128"})
    EXPECT_EQ(proxy_url(good), "") << good;
  EXPECT_EQ(token_uri("pkcs11:token=Sakura%20Corp;serial=1?pin-source=file:/a%20b"), "");
}

struct Mistake {
  const char* value;
  const char* told;
};

TEST(UrlChecks, TellOfAHostOrPortThatThereIsNot) {
  for (const auto& [value, told] : {
           Mistake{"https://ca.example:65536", "a port from 1 to 65535"},
           {"https://ca.example:0", "a port from 1 to 65535"},
           {"https://ca.example:+8443", "a port from 1 to 65535"},
           {"https:///x", "must name a host"},
           {"https://:8443", "must name a host"},
           {"https://[]", "must hold an IPv6 address"},
           {"https://[1:2]", "must hold an IPv6 address"},
           {"https://[ca.example]", "must hold an IPv6 address"},
           {"https://[::1", "must close the address"},
           {"https://192.0.2.256", "four numbers from 0 to 255"},
           {"https://192.0.2.1.1", "four numbers from 0 to 255"},
           {"https://256.1", "four numbers from 0 to 255"},
           {"https://4294967296", "four numbers from 0 to 255"},
           {"https://1.2.3.", "four numbers from 0 to 255"},
           {"https://010.0.0.1", "without leading zeros"},
           {"https://10.0.0.01", "without leading zeros"},
           {"https://ca..example", "parts between the dots"},
           {"https://.ca.example", "parts between the dots"},
           {"https://銀行.example", "in its \"xn--\" form"},
       })
    EXPECT_THAT(authority_url(value), HasSubstr(told)) << value;
  EXPECT_THAT(authority_url("https://" + std::string(64, 'a') + ".example"), HasSubstr("1 to 63 characters"));
  EXPECT_THAT(page_url("https://銀行.example:0/"), HasSubstr("a port from 1 to 65535"));
  EXPECT_THAT(mail_url("smtp://mail.example:0"), HasSubstr("a port from 1 to 65535"));
  EXPECT_THAT(proxy_url("socks5h://proxy.example:0"), HasSubstr("a port from 1 to 65535"));
}

TEST(UrlChecks, TellOfCharactersThatMustBeWrittenOtherwise) {
  for (const auto& [value, told] : {
           Mistake{"https://ca.example\\x", "must be a plain URL"},
           {"https://ca.example/?x", "must be a plain URL"},
           {"https://ca.example/#x", "must be a plain URL"},
           {"https://ca.example/x ", "must not hold blanks"},
           {"https://ca .example", "must not hold blanks"},
           {"https://ca.example/\t", "must not hold blanks"},
           {"https://ca.example/\x7f", "must not hold blanks"},
       })
    EXPECT_THAT(authority_url(value), HasSubstr(told)) << value;
  EXPECT_THAT(token_uri("pkcs11:token=Sakura Corp"), HasSubstr("a blank as %20"));
  EXPECT_THAT(token_uri("pkcs11:token=銀行"), HasSubstr("as escapes of its UTF-8 bytes"));
  EXPECT_THAT(token_uri("pkcs11:token=x%2"), HasSubstr("two hexadecimal digits"));
  EXPECT_THAT(token_uri("pkcs11:?pin-source=file:/x%zz"), HasSubstr("two hexadecimal digits"));
}

TEST(UrlChecks, TellOfAScriptsFileThatCannotBeOne) {
  for (const auto& [value, told] : {
           Mistake{"pac+file:///x%zz", "two hexadecimal digits"},
           {"pac+file:///x%00", "not %00"},
           {"pac+file:///x\ny", "must not hold control characters"},
           {"pac+file://server/x", "by its absolute path"},
           {"pac+file:x", "by its absolute path"},
           {"pac+ftp://x/proxy.pac", "must begin with"},
       })
    EXPECT_THAT(proxy_url(value), HasSubstr(told)) << value;
}

TEST(UrlChecks, TellWhereUserAndPasswordGo) {
  EXPECT_THAT(authority_url("https://u:p@ca.example"), HasSubstr("they go into authority.http_user"));
  EXPECT_THAT(mail_url("smtp://u:p@mail.example"), HasSubstr("they go into mail.user"));
  EXPECT_THAT(proxy_url("http://u:p@proxy.example"), HasSubstr("they go into proxy.user"));
  EXPECT_THAT(proxy_url("pac+https://u:p@s.example/x"), HasSubstr("they go into proxy.user"));
  EXPECT_THAT(url("https://u@ca.example", {"https://"}), HasSubstr("must not hold a user name"));
}

}  // namespace
}  // namespace koshin::settings_checks
