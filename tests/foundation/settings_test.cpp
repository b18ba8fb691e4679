// SPDX-License-Identifier: MIT
#include "foundation/settings/settings.hpp"

#include <gmock/gmock.h>

#include "failure_of.hpp"
#include "files.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class SettingsTest : public testing::Test {
 protected:
  std::filesystem::path folder() const { return folder_.path(); }
  SettingsSources chain() const {
    return {.system_file = folder() / "etc/koshin.toml",
            .drop_in_directory = folder() / "etc/conf.d",
            .user_file = folder() / "home/koshin.toml",
            .only = {}};
  }
  void system(std::string_view text) const { test::write_file(chain().system_file, text); }
  void drop_in(const std::string& name, std::string_view text) const {
    test::write_file(chain().drop_in_directory / name, text);
  }
  void user(std::string_view text) const { test::write_file(chain().user_file, text); }

  /// Loads one file of this content with an administrator's rights.
  Settings only(std::string_view text) const {
    return load_settings({.system_file = {},
                          .drop_in_directory = {},
                          .user_file = {},
                          .only = test::write_file(folder() / "one.toml", text)});
  }
  /// The complaint about such a file, without the path in front.
  std::string complaint(std::string_view text) const {
    const Failure failure = failure_of([&] { (void)only(text); });
    EXPECT_EQ(failure.reason, Reason::settings_invalid) << failure.detail;
    const std::string path = (folder() / "one.toml").string() + ':';
    EXPECT_TRUE(failure.detail.starts_with(path)) << failure.detail;
    return failure.detail.substr(std::min(path.size(), failure.detail.size()));
  }

 private:
  test::TemporaryDirectory folder_;
};

TEST_F(SettingsTest, WithoutAnyFileAreTheDefaults) {
  const Settings settings = load_settings(chain());
  EXPECT_EQ(settings.renewal.window, CalendarDuration{.months = 1});
  EXPECT_EQ(settings.authority.protocol, AuthorityProtocol::est);
  EXPECT_TRUE(settings.token.modules.empty());
  EXPECT_THAT(
      settings.reminders.thresholds,
      ElementsAre(CalendarDuration{.days = 28}, CalendarDuration{.days = 7}, CalendarDuration{.days = 3},
                  CalendarDuration{.days = 2}, CalendarDuration{.days = 1}));
  EXPECT_TRUE(settings.origins.empty());
}

TEST_F(SettingsTest, ReadsEveryKindOfValue) {
  const Settings settings = only(R"(
[token]
modules = ["/usr/lib/softhsm/libsofthsm2.so", "p11-kit:opensc"]
rescan_interval = 30
[authority]
url = "https://ca.example.com:8443"
trust_anchors = "anchors/root.pem"
http_password_file = "/etc/koshin/password"
connect_timeout = "PT1M30S"
attempts = 5
[renewal]
window = "P1M15D"
[reminders]
thresholds = ["P1M", "P7D"]
daily = false
)");
  EXPECT_THAT(settings.token.modules, ElementsAre("/usr/lib/softhsm/libsofthsm2.so", "p11-kit:opensc"));
  EXPECT_EQ(settings.token.rescan_interval, std::chrono::seconds(30));
  EXPECT_EQ(settings.authority.url, "https://ca.example.com:8443");
  EXPECT_EQ(settings.authority.trust_anchors, folder() / "anchors/root.pem");
  EXPECT_EQ(settings.authority.http_password_file, "/etc/koshin/password");
  EXPECT_EQ(settings.authority.connect_timeout, std::chrono::seconds(90));
  EXPECT_EQ(settings.authority.attempts, 5);
  EXPECT_EQ(settings.renewal.window, (CalendarDuration{.months = 1, .days = 15}));
  EXPECT_THAT(settings.reminders.thresholds,
              ElementsAre(CalendarDuration{.months = 1}, CalendarDuration{.days = 7}));
  EXPECT_FALSE(settings.reminders.daily);
}

TEST_F(SettingsTest, DropInsFollowInTheOrderOfTheirNamesAndTheUserComesLast) {
  system("[log]\nlevel = \"error\"\n[branding]\nbank_name = \"A\"\nhelp_desk = \"1\"\n");
  drop_in("20-second.toml", "[branding]\nbank_name = \"C\"\n");
  drop_in("10-first.toml", "[branding]\nbank_name = \"B\"\nhelp_desk = \"2\"\n");
  drop_in("30-not-read.conf", "[branding]\nbank_name = \"D\"\n");
  drop_in(".hidden.toml", "[branding]\nbank_name = \"E\"\n");
  user("[log]\nlevel = \"debug\"\n");
  const Settings settings = load_settings(chain());
  EXPECT_EQ(settings.branding.bank_name.for_all, "C");
  EXPECT_EQ(settings.branding.help_desk.for_all, "2");
  EXPECT_EQ(settings.log.level, LogLevel::debug);
  EXPECT_THAT(
      settings.origins,
      ElementsAre(
          Pair("branding.bank_name", (chain().drop_in_directory / "20-second.toml").string() + ":2:13"),
          Pair("branding.help_desk", (chain().drop_in_directory / "10-first.toml").string() + ":3:13"),
          Pair("log.level", chain().user_file.string() + ":2:9")));
}

TEST_F(SettingsTest, RelativePathsAreRelativeToTheFileTheyStandIn) {
  system("[authority]\ntrust_anchors = \"root.pem\"\n");
  user("[branding]\nlogo = \"../logo.svg\"\n");
  const Settings settings = load_settings(chain());
  EXPECT_EQ(settings.authority.trust_anchors, folder() / "etc/root.pem");
  EXPECT_EQ(settings.branding.logo, folder() / "logo.svg");
}

TEST_F(SettingsTest, AUserCannotSetALockedKey) {
  system("locked = [\"authority.url\"]\n[authority]\nurl = \"https://a.example\"\n");
  user("[authority]\nurl = \"https://b.example\"\n");
  const Failure failure = failure_of([&] { load_settings(chain()); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_EQ(failure.detail, chain().user_file.string() +
                                ":2:1: authority.url is locked by the administrator (" +
                                chain().system_file.string() + ":1:11)");
}

TEST_F(SettingsTest, ADropInCanLockToo) {
  drop_in("lock.toml", "locked = [\"log.level\"]\n");
  user("[log]\nlevel = \"debug\"\n");
  EXPECT_THAT(failure_of([&] { load_settings(chain()); }).detail,
              HasSubstr(":2:1: log.level is locked by the administrator"));
}

TEST_F(SettingsTest, ModulesAndAnchorsAreTheAdministratorsAlone) {
  for (const char* const line :
       {"[token]\nmodules = [\"/tmp/evil.so\"]\n", "[authority]\ntrust_anchors = \"/tmp/root.pem\"\n",
        "[authority]\nissuer_anchors = \"/tmp/root.pem\"\n",
        "[proxy]\ntrust_anchors = \"/tmp/root.pem\"\n"}) {
    user(line);
    const Failure failure = failure_of([&] { load_settings(chain()); });
    EXPECT_EQ(failure.reason, Reason::settings_invalid);
    EXPECT_THAT(failure.detail, HasSubstr("can only be set by the administrator"));
  }
}

TEST_F(SettingsTest, AUserCannotLock) {
  user("locked = [\"log.level\"]\n");
  EXPECT_THAT(failure_of([&] { load_settings(chain()); }).detail,
              HasSubstr(":1:1: only an administrator's file can lock keys"));
}

TEST_F(SettingsTest, UnknownKeysAreErrorsWithASuggestion) {
  EXPECT_EQ(complaint("[renewal]\nwidnow = \"P1M\"\n"),
            "2:1: unknown key \"renewal.widnow\"; did you mean \"renewal.window\"?");
  EXPECT_EQ(complaint("[log]\nurl = \"https://x\"\n"),
            "2:1: unknown key \"log.url\"; did you mean \"authority.url\"?");
  EXPECT_EQ(complaint("[renewal]\ncompletely_different = 1\n"),
            "2:1: unknown key \"renewal.completely_different\"");
  EXPECT_EQ(complaint("[authorty]\nurl = \"https://x\"\n"),
            "1:2: unknown section \"authorty\"; did you mean \"authority\"?");
  EXPECT_EQ(complaint("proxy.password = \"x\"\n"),
            "1:7: unknown key \"proxy.password\"; did you mean \"proxy.password_file\"?");
  EXPECT_EQ(complaint("window = \"P1M\"\n"), "1:1: unknown key \"window\"; did you mean \"renewal.window\"?");
  EXPECT_EQ(complaint("locked = [\"authority.ulr\"]\n"),
            "1:11: locked names the unknown key \"authority.ulr\"; did you mean \"authority.url\"?");
  EXPECT_EQ(complaint("[log]\n\"level\\u001b\\u202e\" = 1\n").find('\x1b'), std::string::npos);
}

TEST_F(SettingsTest, WrongTypesAreErrorsThatSayWhatIsExpected) {
  EXPECT_EQ(complaint("[authority]\nattempts = \"3\"\n"), "2:12: authority.attempts must be a whole number");
  EXPECT_EQ(complaint("[authority]\nattempts = 3.5\n"), "2:12: authority.attempts must be a whole number");
  EXPECT_EQ(complaint("[authority]\nurl = 3\n"), "2:7: authority.url must be a text");
  EXPECT_EQ(complaint("[reminders]\ndaily = 1\n"), "2:9: reminders.daily must be true or false");
  EXPECT_EQ(complaint("[reminders]\nthresholds = \"P1D\"\n"),
            "2:14: reminders.thresholds must be a list of durations such as \"P28D\"");
  EXPECT_EQ(complaint("[renewal]\nwindow = \"1 month\"\n"),
            "2:10: renewal.window must be a duration such as \"P1M\"");
  EXPECT_EQ(complaint("[page]\nidle_timeout = \"PT1.5S\"\n"),
            "2:16: page.idle_timeout must be a whole number of seconds (or a text such as \"PT90S\")");
  EXPECT_EQ(complaint("[page]\nidle_timeout = \"P1M\"\n"),
            "2:16: page.idle_timeout must not be counted in months or years");
  EXPECT_EQ(complaint("token = 3\n"), "1:1: \"token\" must be a section: [token]");
  EXPECT_EQ(complaint("[[token]]\nuri = \"\"\n").substr(0, 5), "1:3: ");
  EXPECT_EQ(complaint("locked = \"log.level\"\n"),
            "1:10: locked must be a list of keys such as [\"authority.url\"]");
}

struct BadValue {
  const char* section;
  const char* line;
  const char* problem;
};

TEST_F(SettingsTest, ValuesThatMakeNoSenseAreErrors) {
  for (const BadValue& bad : std::initializer_list<BadValue>{
           {"token", "modules = [\"libsofthsm2.so\"]",
            "token.modules must hold absolute paths or \"p11-kit:NAME\""},
           {"token", "modules = [\"p11-kit:\"]", "token.modules must hold absolute paths"},
           {"token", "modules = [\"p11-kit:../x\"]", "token.modules must hold absolute paths"},
           {"token", "profile = \"card\"", "token.profile must be \"generic\" or \"piv\""},
           {"token", "uri = \"token=x\"", "token.uri must begin with \"pkcs11:\""},
           {"token", "uri = \"pkcs11:token=x?pin-value=1234\"", "token.uri must not hold a PIN"},
           {"token", "uri = \"pkcs11:token=x;pin-value=1234\"", "token.uri must not hold a PIN"},
           {"token", "uri = \"pkcs11:token=x?PIN-VALUE=1234\"", "token.uri must not hold a PIN"},
           {"token", "uri = \"pkcs11:token=x?pin=1234\"", "token.uri must not hold a PIN"},
           {"token", "rescan_interval = 1", "token.rescan_interval must be between 5 and 86400"},
           {"authority", "protocol = \"scep\"", "authority.protocol must be \"est\""},
           {"authority", "url = \"http://ca.example\"", "authority.url must begin with \"https://\""},
           {"authority", "url = \"https://\"", "authority.url must name a host"},
           {"authority", "url = \"https://user:pw@ca.example\"",
            "authority.url must not hold a user name or password"},
           {"authority", "url = \"https://ca.example/?x\"", "authority.url must be a plain URL"},
           {"authority", "url = \"https://銀行.example:8443\"", "in its \"xn--\" form"},
           {"authority", "url = \"https://ｃａ.example\"", "in its \"xn--\" form"},
           {"authority", "url = \"https://ca.example:70000\"", "a port from 1 to 65535"},
           {"authority", "url = \"https://ca.example:0\"", "a port from 1 to 65535"},
           {"authority", "url = \"https://ca.example:84a\"", "a port from 1 to 65535"},
           {"authority", "url = \"https://[::1:8443\"", "must close the address"},
           {"authority", "prove_url = \"https://[::1]8443/\"", "a port from 1 to 65535"},
           {"authority", "url = \"https://ca.example/.well-known/est\"",
            "authority.url must not hold \"/.well-known\""},
           {"authority", "label = \"a/b\"", "authority.label must be one part of a path"},
           {"authority", "http_authentication = \"ntlm\"", "must be \"none\", \"basic\" or \"digest\""},
           {"authority", "channel_binding = \"yes\"", "must be \"auto\", \"on\" or \"off\""},
           {"authority", "connect_timeout = 0", "authority.connect_timeout must be between 1 and 600"},
           {"authority", "request_timeout = -1", "makes sense"},
           {"authority", "attempts = 99999999999", "authority.attempts must be between 1 and 10"},
           {"proxy", "url = \"ftp://proxy\"", "proxy.url must begin with"},
           {"proxy", "url = \"pac+ftp://proxy/x.pac\"", "proxy.url must begin with"},
           {"proxy", "url = \"pac+http://:80/x.pac\"", "proxy.url must name a host"},
           {"proxy", "url = \"automatic\"",
            "(or be \"none\", \"system\", or \"pac+\" and the address of a proxy script)"},
           {"proxy", "url = \"http://user:pw@proxy:3128\"",
            "proxy.url must not hold a user name or password"},
           {"renewal", "window = \"P0D\"", "renewal.window must be longer than nothing"},
           {"renewal", "key = \"rsa-1024\"", "renewal.key must be \"same\""},
           {"renewal", "job_deadline = 100000", "renewal.job_deadline must be between 1 and 86400"},
           {"expect", "common_name_pattern = \"[0-9\"",
            "expect.common_name_pattern must be a regular expression"},
           {"expect", "common_name_pattern = '(?=a)b'", "as RE2 knows them: invalid perl operator: (?="},
           {"expect", "added_extended_usages = [\"emailProtection\"]",
            "expect.added_extended_usages must hold object identifiers"},
           {"expect", "longest_validity = \"P0D\"", "expect.longest_validity must be longer than nothing"},
           {"reminders", "thresholds = [\"P0D\"]", "reminders.thresholds must be longer than nothing"},
           {"log", "level = \"verbose\"", "log.level must be \"debug\", \"info\", \"warning\" or \"error\""},
           {"mail", "url = \"http://mail\"", "mail.url must begin with \"smtp://\" or \"smtps://\""},
           {"mail", "to = \"a@b.example, c@d.example\"", "mail.to must be one mail address"},
           {"mail", "from = \"a@b.example\\r\\nBcc: x@y.example\"",
            "mail.from must not hold control characters"},
           {"mail", "language = \"de\"", "mail.language must be \"en\" or \"ja\""},
           {"branding", "accent_color = \"blue\"", "branding.accent_color must be a colour"},
           {"branding", "login_url = \"javascript:alert(1)\"",
            "branding.login_url must begin with \"https://\""},
           {"page", "idle_timeout = 0", "page.idle_timeout must be between 1 and 86400"},
       }) {
    EXPECT_THAT(complaint(std::string("[") + bad.section + "]\n" + bad.line + "\n"), HasSubstr(bad.problem))
        << bad.line;
  }
}

TEST_F(SettingsTest, BrokenFilesAreErrorsWithTheirPlace) {
  EXPECT_THAT(complaint("[log]\nlevel = \n"), testing::StartsWith("2:"));
  EXPECT_THAT(complaint("[log]\nlevel = \"info\"\nlevel = \"debug\"\n"), testing::StartsWith("3:"));
  EXPECT_EQ(complaint("# ok\n# 日本\xff\n"), "2:5: this is not text in UTF-8: save the file as UTF-8");
  EXPECT_EQ(complaint(std::string_view("[log]\n\0", 7)), "2:1: this is not a text file");
  EXPECT_EQ(complaint("\x7f"
                      "ELF\x02\x01\x01\xf0 garbage"),
            "1:8: this is not text in UTF-8: save the file as UTF-8");
  EXPECT_THAT(complaint("[{"), testing::StartsWith("1:2: "));
}

TEST_F(SettingsTest, AnEnormousFileIsRefused) {
  const auto file = test::write_file(folder() / "big.toml", std::string(300 * 1024, '#'));
  const Failure failure = failure_of(
      [&] { load_settings({.system_file = {}, .drop_in_directory = {}, .user_file = {}, .only = file}); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("larger than 262144 bytes"));
}

TEST_F(SettingsTest, DeepNestingIsAnErrorAndNoCrash) {
  EXPECT_FALSE(complaint("[log]\nlevel = " + std::string(50000, '[')).empty());
}

TEST_F(SettingsTest, AFileNamedByHandMustExistAndReplacesTheChain) {
  system("[log]\nlevel = \"error\"\n");
  auto sources = chain();
  sources.only = folder() / "missing.toml";
  const Failure failure = failure_of([&] { load_settings(sources); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("there is no such file"));
  sources.only = test::write_file(folder() / "named.toml", "[token]\nmodules = [\"/usr/lib/x.so\"]\n");
  const Settings settings = load_settings(sources);
  EXPECT_EQ(settings.log.level, LogLevel::info);
  EXPECT_THAT(settings.token.modules, ElementsAre("/usr/lib/x.so"));
}

TEST_F(SettingsTest, PurposesAreWordsEachOnceAndLogInIsAmongThem) {
  EXPECT_THAT(only("").expect.purposes, ElementsAre("login"));
  EXPECT_THAT(only("renewal.purposes = [\"login\", \"signature\"]").expect.purposes,
              ElementsAre("login", "signature"));
  EXPECT_THAT(complaint("renewal.purposes = [\"login\", \"mail\"]"),
              HasSubstr("\"signature\" or \"encryption\""));
  EXPECT_THAT(complaint("renewal.purposes = [\"login\", \"login\"]"), HasSubstr("\"login\" twice"));
  EXPECT_THAT(complaint("renewal.purposes = [\"signature\"]"), HasSubstr("must name \"login\""));
  EXPECT_THAT(complaint("authority.signature_label = \"a/b\""), HasSubstr("authority.signature_label"));
}

}  // namespace
}  // namespace koshin
