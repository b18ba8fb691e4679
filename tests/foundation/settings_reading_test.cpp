// SPDX-License-Identifier: MIT
// What is told of settings to who mends them: all mistakes, all files, and keys that belong together.
#include "foundation/settings/settings_reading.hpp"

#include "foundation/settings/proxy_naming.hpp"

#include <gmock/gmock.h>

#include "failure_of.hpp"
#include "files.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::ElementsAre;

class SettingsReadingTest : public testing::Test {
 protected:
  void system(const std::string& text) const { test::write_file(chain().system_file, text); }
  void user(const std::string& text) const { test::write_file(chain().user_file, text); }
  SettingsSources chain() const {
    return {.system_file = folder_.path() / "koshin.toml",
            .drop_in_directory = {},
            .user_file = folder_.path() / "user.toml",
            .only = {}};
  }
  test::TemporaryDirectory folder_;
};

TEST_F(SettingsReadingTest, EveryMistakeIsFoundInTheOrderOfFilesAndLines) {
  system("log.level = \"bogus\"\nlocked = [\"authority.urll\"]\n");
  user("token.modules = [\"/m.so\"]\nlog.levle = \"info\"\nauthority.trust_anchors = \"a.pem\"\n");
  const SettingsReading reading = read_settings(chain());
  std::string places;
  for (const Failure& mistake : reading.mistakes) {
    const auto& file =
        mistake.detail.starts_with(chain().system_file.string()) ? chain().system_file : chain().user_file;
    places += mistake.detail.substr(file.string().size(), 3);
  }
  EXPECT_EQ(places, ":1::2::1::2::3:");
  EXPECT_EQ(failure_of([&] { load_settings(chain()); }).detail, reading.mistakes.front().detail);
  ASSERT_EQ(reading.files.size(), 2U);
  EXPECT_TRUE(reading.files[0].found && reading.files[1].found);
}

TEST_F(SettingsReadingTest, FilesThatNobodyReadsBecauseOfTheirNamesAreNamed) {
  SettingsSources sources = chain();
  sources.drop_in_directory = folder_.path() / "conf.d";
  for (const char* name : {"10-a.toml", "20-b.conf", "30-c.TOML", "README", "40-d.toml~", ".50-e.toml.swp"})
    test::write_file(sources.drop_in_directory / name, "");
  const auto there = sources.drop_in_directory;
  EXPECT_THAT(read_settings(sources).passed_over, ElementsAre(there / "20-b.conf", there / "30-c.TOML"));
}

TEST_F(SettingsReadingTest, AFolderThatCannotBeListedIsAMistakeAmongTheOthers) {
  SettingsSources sources = chain();
  sources.drop_in_directory = folder_.path() / "conf.d";
  test::write_file(sources.drop_in_directory, "");
  system("log.level = \"bogus\"\n");
  const SettingsReading reading = read_settings(sources);
  ASSERT_EQ(reading.mistakes.size(), 2U);
  EXPECT_THAT(reading.mistakes[1].detail, testing::HasSubstr("conf.d: "));
}

TEST_F(SettingsReadingTest, KeysThatComeToNothingAloneAreNamed) {
  Settings settings;
  EXPECT_TRUE(loose_ends(settings).empty());
  settings.mail.url = "smtp://mail.example";
  settings.unattended.enabled = true;
  settings.mail.from = "a@example.com";
  const auto ends = loose_ends(settings);
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].key, "mail.url");
  EXPECT_THAT(ends[0].missing, ElementsAre("mail.to"));
  EXPECT_EQ(ends[1].key, "unattended.enabled");
  settings.mail.to = "b@example.com";
  settings.token.uri = "pkcs11:serial=1?pin-source=file:/run/pin";
  EXPECT_TRUE(loose_ends(settings).empty());
}

TEST_F(SettingsReadingTest, AMailAddressOfAnotherScriptIsNoReasonToRefuseTheSettings) {
  system(
      "[mail]\nurl = \"smtp://mail.example\"\nfrom = \"銀行@銀行.example\"\ncc = \"管理@管理.example\"\nto = "
      "\"%u@銀行.example\"\n");
  Settings settings = load_settings(chain());
  EXPECT_EQ(settings.mail.cc, "管理@管理.example");
  EXPECT_TRUE(loose_ends(settings).empty());
  settings.mail.to = "田中@corp.example";
  const auto ends = loose_ends(settings);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].key, "mail.to");
  EXPECT_THAT(ends[0].missing, ElementsAre("a name in ASCII before the \"@\""));
}

TEST_F(SettingsReadingTest, APasswordWithoutItsUserComesToNothing) {
  Settings settings;
  settings.proxy.password_file = settings.mail.password_file = "/etc/koshin/password";
  const auto ends = loose_ends(settings);
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].key, "proxy.password_file");
  EXPECT_THAT(ends[0].missing, ElementsAre("proxy.user"));
  EXPECT_EQ(ends[1].key, "mail.password_file");
  settings.proxy.user = settings.mail.user = "koshin";
  EXPECT_TRUE(loose_ends(settings).empty());
}

TEST_F(SettingsReadingTest, AUserForProxiesThatAnybodyOnTheWayCanNameIsNoted) {
  Settings settings;
  settings.proxy.user = "tanaka";
  settings.proxy.url = "pac+https://pac.corp.example/proxy.pac";
  EXPECT_FALSE(tells_any_proxy_its_user(settings));
  settings.proxy.url = "pac+http://pac.corp.example/proxy.pac";
  EXPECT_TRUE(tells_any_proxy_its_user(settings));
  settings.proxy.user.clear();
  EXPECT_FALSE(tells_any_proxy_its_user(settings));
}

TEST(ProxyNamingTest, AProxyIsShownWithoutUserPasswordAndPath) {
  EXPECT_EQ(shown_proxy("http://u:p@proxy.example:3128/x"), "http://proxy.example:3128");
  EXPECT_EQ(shown_proxy("proxy.example:3128"), "http://proxy.example:3128");
  EXPECT_EQ(shown_proxy("u:p@q@[2001:db8::1]:3128?x"), "http://[2001:db8::1]:3128");
  EXPECT_EQ(shown_proxy("socks5h://proxy.example"), "socks5h://proxy.example");
  EXPECT_EQ(shown_proxy("http://tanaka:ge/heim@p:3128"), "http://…") << "no part of a password";
}

TEST_F(SettingsReadingTest, KeysThatTheTokensProfileHasNoUseForAreNamed) {
  Settings settings;
  settings.token.factory_management_key = true;
  settings.renewal.home_slot = HomeSlot::never;
  auto ends = loose_ends(settings);
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].key, "token.factory_management_key");
  EXPECT_THAT(ends[0].missing, ElementsAre("token.profile = \"piv\""));
  EXPECT_EQ(ends[1].key, "renewal.home_slot");
  settings.token.profile = TokenProfileName::piv;
  EXPECT_TRUE(loose_ends(settings).empty());
  settings.renewal.key = "renew";
  settings.token.trial_object = TrialObject::never;
  ends = loose_ends(settings);
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].key, "token.trial_object");
  EXPECT_THAT(ends[1].missing, ElementsAre("another renewal.key than \"renew\""));
}

TEST_F(SettingsReadingTest, PurposesThatAreRenewedWithoutALabelAreNamed) {
  Settings settings;
  EXPECT_TRUE(purposes_without_label(settings).empty());
  settings.expect.purposes = {"login", "signature", "encryption"};
  settings.authority.encryption_label = "encryption";
  const auto found = purposes_without_label(settings);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "authority.signature_label");
  EXPECT_EQ(found[0].purpose, "signature");
}

}  // namespace
}  // namespace koshin
