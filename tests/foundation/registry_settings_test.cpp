// SPDX-License-Identifier: MIT
// Settings in the registry: what a tree of keys says, what is wrong in it, and where it stands among the
// files.
#include "foundation/settings/registry_settings.hpp"

#include <gmock/gmock.h>

#include "files.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/settings_table.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Texts = std::vector<std::string>;

const std::string place = "HKLM\\SOFTWARE\\Policies\\koshin";

RegistryKey key(std::string name, std::vector<RegistryValue> values, std::vector<RegistryKey> keys = {}) {
  return {.name = std::move(name), .values = std::move(values), .keys = std::move(keys)};
}
RegistryKey root(std::vector<RegistryKey> keys) {
  return key("", {}, std::move(keys));
}
SettingsLayer read(const RegistryKey& tree) {
  return read_registry_settings(place, tree, "/etc/koshin");
}
Texts mistakes(const SettingsLayer& layer) {
  Texts details;
  for (const Failure& mistake : layer.mistakes) details.push_back(mistake.detail);
  return details;
}
Texts mistakes(const RegistryKey& tree) {
  return mistakes(read(tree));
}
std::string origin_of(const Settings& settings, const std::string& name) {
  for (const auto& [key, origin] : settings.origins)
    if (key == name) return origin;
  return {};
}

TEST(RegistrySettings, EveryKindOfValueIsRead) {
  const SettingsLayer layer = read(root({
      key("Authority", {{"URL", "https://est.bank.example"},
                        {"attempts", 5U},
                        {"connect_timeout", 20U},
                        {"request_timeout", "PT90S"},
                        {"channel_binding", "on"},
                        {"trust_anchors", "anchors/root.pem"}}),
      key("token", {{"modules", Texts{"/usr/lib/b.so", "/usr/lib/a.so"}}}),
      key("reminders", {{"daily", 0U}}, {key("thresholds", {{"2", "P7D"}, {"10", "P1D"}, {"1", "P28D"}})}),
  }));
  EXPECT_THAT(mistakes(layer), IsEmpty());
  EXPECT_EQ(layer.author, Author::administrator);
  EXPECT_EQ(layer.base.authority.url, "https://est.bank.example");
  EXPECT_EQ(layer.base.authority.attempts, 5);
  EXPECT_EQ(layer.base.authority.connect_timeout, std::chrono::seconds(20));
  EXPECT_EQ(layer.base.authority.request_timeout, std::chrono::seconds(90));
  EXPECT_EQ(layer.base.authority.channel_binding, ChannelBinding::on);
  EXPECT_EQ(layer.base.authority.trust_anchors, "/etc/koshin/anchors/root.pem");
  EXPECT_THAT(layer.base.token.modules, ElementsAre("/usr/lib/b.so", "/usr/lib/a.so"));
  EXPECT_FALSE(layer.base.reminders.daily);
  EXPECT_EQ(setting_text(layer.base, *find_setting("reminders.thresholds")), R"(["P28D", "P7D", "P1D"])");
  EXPECT_EQ(origin_of(layer.base, "authority.url"), place + "\\Authority\\URL");
  EXPECT_EQ(origin_of(layer.base, "reminders.thresholds"), place + "\\reminders\\thresholds");
}

TEST(RegistrySettings, AWrongTypeIsToldWithItsPath) {
  EXPECT_THAT(
      mistakes(root({key("authority", {{"url", 1U}})})),
      ElementsAre(AllOf(StartsWith(place + "\\authority\\url: authority.url must be a text as REG_SZ"),
                        HasSubstr("is of the type REG_DWORD"))));
  EXPECT_THAT(mistakes(root({key("reminders", {{"daily", 2U}})})),
              ElementsAre(HasSubstr("must be 1 (true) or 0 (false) as REG_DWORD")));
  EXPECT_THAT(mistakes(root({key("reminders", {{"daily", "true"}})})), ElementsAre(HasSubstr("REG_SZ")));
  EXPECT_THAT(mistakes(root({key("token", {{"modules", "/usr/lib/a.so"}})})),
              ElementsAre(HasSubstr("REG_MULTI_SZ")));
  EXPECT_THAT(mistakes(root({key("authority", {{"url", Texts{"https://a.example"}}})})),
              ElementsAre(HasSubstr("is of the type REG_MULTI_SZ")));
  EXPECT_THAT(mistakes(root({key("log", {{"level", UnreadableData{"is of the type REG_BINARY"}}})})),
              ElementsAre(HasSubstr(
                  "\\log\\level: log.level must be a text as REG_SZ, and is of the type REG_BINARY")));
}

TEST(RegistrySettings, AWrongValueIsToldAsOneInAFile) {
  EXPECT_THAT(mistakes(root({key("authority", {{"url", "ftp://a.example"}, {"attempts", 11U}})})),
              ElementsAre(HasSubstr("\\authority\\url: authority.url must"),
                          HasSubstr("\\authority\\attempts: authority.attempts must be")));
  EXPECT_THAT(mistakes(root({key("branding", {{"help_desk", std::string(5000, 'a')}})})),
              ElementsAre(HasSubstr("must not be longer than 4096 bytes")));
}

TEST(RegistrySettings, UnknownNamesAreToldWithWhatIsSimilar) {
  EXPECT_THAT(
      mistakes(key("", {{"url", "x"}}, {key("autority", {{"url", "x"}}), key("authority", {{"ulr", "x"}})})),
      ElementsAre(
          HasSubstr(place + "\\url: unknown value \"url\""),
          HasSubstr("\\autority: unknown section \"autority\"; did you mean \"authority\"?"),
          HasSubstr("\\authority\\ulr: unknown key \"authority.ulr\"; did you mean \"authority.url\"?")));
}

TEST(RegistrySettings, AListOfValuesMustBeNumberedAndThereOnce) {
  EXPECT_THAT(
      mistakes(root({key("token", {}, {key("modules", {{"a", "/usr/lib/a.so"}})})})),
      ElementsAre(AllOf(HasSubstr("\\token\\modules: "), HasSubstr("called 1, 2, …, and \"a\" is not one"))));
  EXPECT_THAT(mistakes(root({key("token", {}, {key("modules", {{"1", 7U}})})})),
              ElementsAre(HasSubstr("\"1\" is not")));
  EXPECT_THAT(mistakes(root({key("token", {}, {key("modules", {{"1", "/a"}, {"01", "/b"}})})})),
              ElementsAre(HasSubstr("\"01\" is not one")));
  EXPECT_THAT(mistakes(root({key("token", {{"modules", Texts{"/usr/lib/a.so"}}}, {key("modules", {})})})),
              ElementsAre(HasSubstr("is there twice")));
  EXPECT_THAT(mistakes(root({key("authority", {}, {key("url", {})})})), ElementsAre(HasSubstr("is a key")));
  EXPECT_THAT(mistakes(root({key("token", {}, {key("modules", {}, {key("more", {})})})})),
              ElementsAre(HasSubstr("has the key \"more\"")));
}

TEST(RegistrySettings, BanksAreKeysOfTheirNames) {
  const SettingsLayer layer =
      read(root({key("bank", {},
                     {key("sakura", {}, {key("authority", {{"url", "https://s.example"}})}),
                      key("-bad", {}, {key("authority", {{"ulr", "x"}})}),
                      key("ume", {}, {key("log", {{"level", "debug"}})})})}));
  ASSERT_EQ(layer.banks.size(), 2U);
  EXPECT_EQ(layer.banks[0].bank(), "sakura");
  EXPECT_EQ(layer.banks[0].authority.url, "https://s.example");
  EXPECT_THAT(
      mistakes(layer),
      ElementsAre(HasSubstr("\\bank\\-bad: a bank must have a name"),
                  HasSubstr("\\bank\\-bad\\authority\\ulr: bank \"-bad\": unknown key"),
                  HasSubstr("\\bank\\ume\\log\\level: bank \"ume\": log.level is the same for all banks")));
  EXPECT_THAT(mistakes(root({key("bank", {{"sakura", "x"}})})),
              ElementsAre(HasSubstr("each bank is a key of its name")));
}

TEST(RegistrySettings, LocksAreAListInEitherForm) {
  EXPECT_TRUE(read(key("", {{"locked", Texts{"proxy.url"}}})).locks.contains("proxy.url"));
  EXPECT_TRUE(read(root({key("locked", {{"1", "proxy.url"}})})).locks.contains("proxy.url"));
  EXPECT_THAT(mistakes(root({key("locked", {{"1", "proxy.ulr"}})})),
              ElementsAre(HasSubstr("did you mean \"proxy.url\"?")));
}

class RegistryChain : public testing::Test {
 protected:
  static RegistrySource source(const std::string& where, RegistryKey tree) {
    return {.place = where, .read = [tree = std::move(tree)] { return tree; }};
  }
  SettingsSources chain() const {
    return {.system_file = folder_.path() / "etc/koshin.toml",
            .drop_in_directory = {},
            .user_file = folder_.path() / "home/koshin.toml",
            .only = {},
            .bank_directory = {},
            .installed = source("HKLM\\SOFTWARE\\koshin\\settings", installed_),
            .policies = source(place, policies_)};
  }
  void system(std::string_view text) const { test::write_file(chain().system_file, text); }
  void user(std::string_view text) const { test::write_file(chain().user_file, text); }

  test::TemporaryDirectory folder_;
  RegistryKey installed_, policies_;
};

TEST_F(RegistryChain, PoliciesAreOverTheFilesAndWhatWasInstalledBelowThem) {
  installed_ =
      root({key("proxy", {{"url", "http://installed.example:1"}, {"user", "installed"}, {"no_proxy", "a"}})});
  policies_ = root({key("proxy", {{"url", "http://policy.example:1"}})});
  system("[proxy]\nurl = \"http://file.example:1\"\nuser = \"file\"\n");
  user("[proxy]\nurl = \"http://user.example:1\"\n");
  const Settings settings = load_settings(chain());
  EXPECT_EQ(settings.proxy.url, "http://policy.example:1");
  EXPECT_EQ(settings.proxy.user, "file");
  EXPECT_EQ(settings.proxy.no_proxy, "a");
  EXPECT_EQ(origin_of(settings, "proxy.url"), place + "\\proxy\\url");
}

TEST_F(RegistryChain, AUsersFileChangesInNoBankWhatAPolicySets) {
  policies_ = key("", {{"locked", Texts{"renewal.key"}}},
                  {key("renewal", {{"window", "P2M"}}),
                   key("bank", {}, {key("ume", {}, {key("renewal", {{"grace", "P3D"}})})})});
  system("[[bank]]\nname = \"ume\"\n[bank.renewal]\nwindow = \"P3M\"\n");
  user(
      "[renewal]\nwindow = \"P4M\"\n[[bank]]\nname = \"ume\"\n[bank.renewal]\nwindow = \"P5M\"\ngrace = "
      "\"P9D\"\n"
      "[[bank]]\nname = \"sakura\"\n[bank.renewal]\nwindow = \"P6M\"\n");
  const Deployment all = load_deployment(chain());
  EXPECT_EQ(all.base.renewal.window.to_string(), "P2M");
  EXPECT_EQ(all.find("ume")->renewal.window.to_string(), "P3M") << "an administrator's own for this bank";
  EXPECT_EQ(all.find("ume")->renewal.grace.to_string(), "P3D");
  EXPECT_EQ(all.find("sakura")->renewal.window.to_string(), "P2M");
  user("[renewal]\nkey = \"ec-p256\"\n");
  const SettingsReading reading = read_settings(chain());
  ASSERT_EQ(reading.mistakes.size(), 1U);
  EXPECT_THAT(reading.mistakes[0].detail,
              HasSubstr("is locked by the administrator (" + place + "\\locked)"));
}

/// Names in the registry are of no case: a policy for "UME" is one for the bank of the file, and is kept from
/// the user's.
TEST_F(RegistryChain, ABankIsTheSameInAnotherSpelling) {
  const auto grace = [](const std::string& bank, const std::string& days) {
    return root({key("bank", {}, {key(bank, {}, {key("renewal", {{"grace", days}})})})});
  };
  installed_ = grace("UmE", "P1D");
  policies_ = grace("UME", "P3D");
  system("[[bank]]\nname = \"ume\"\n[bank.authority]\nurl = \"https://ume.example\"\n");
  user("[[bank]]\nname = \"ume\"\n[bank.renewal]\ngrace = \"P9D\"\n");
  const Deployment all = load_deployment(chain());
  EXPECT_THAT(all.names(), ElementsAre("UmE"));
  EXPECT_EQ(all.banks.front().renewal.grace.to_string(), "P3D");
  EXPECT_EQ(all.banks.front().authority.url, "https://ume.example");
  EXPECT_EQ(all.find("ume"), &all.banks.front()) << "whichever spelling somebody writes";
  EXPECT_EQ(all.find("um"), nullptr);
  EXPECT_EQ(settings_for(all, "ume").bank(), "UmE");
}

TEST_F(RegistryChain, SourcesAreShownWithWhatTheySetAndKeep) {
  installed_ = root({key("authority", {{"url", "https://a.example"}})});
  policies_ = root({key("proxy", {{"url", "none"}, {"user", "u"}})});
  const SettingsReading reading = read_settings(chain());
  ASSERT_EQ(reading.files.size(), 4U);
  EXPECT_EQ(reading.files[0].path.string(), "HKLM\\SOFTWARE\\koshin\\settings");
  EXPECT_EQ(reading.files[0].values, 1U);
  EXPECT_THAT(reading.files[0].locked, IsEmpty());
  EXPECT_EQ(reading.files[2].path.string(), place);
  EXPECT_THAT(reading.files[2].locked, ElementsAre("proxy.url", "proxy.user"));
}

TEST_F(RegistryChain, MistakesAndARegistryThatCannotBeReadStopTheProgram) {
  policies_ = root({key("log", {{"level", "loud"}})});
  EXPECT_THROW((void)load_deployment(chain()), FailureError);
  SettingsSources broken = chain();
  broken.policies =
      RegistrySource{place, []() -> RegistryKey {
                       throw std::system_error(std::make_error_code(std::errc::permission_denied), place);
                     }};
  const SettingsReading reading = read_settings(broken);
  ASSERT_EQ(reading.mistakes.size(), 1U);
  EXPECT_THAT(reading.mistakes[0].detail, StartsWith(place));
}

TEST_F(RegistryChain, AFileOfTheAdministratorsThatIsNamedIsReadAlone) {
  policies_ = root({key("proxy", {{"url", "none"}})});
  SettingsSources sources = chain();
  sources.only = test::write_file(folder_.path() / "only.toml", "[log]\nlevel = \"debug\"\n");
  const SettingsReading reading = read_settings(sources);
  const bool alone =
      reading.files.size() == 1;  // root's own tests; another user's file takes the user's place
  EXPECT_EQ(reading.deployment.base.proxy.url, alone ? "" : "none");
}

}  // namespace
}  // namespace koshin
