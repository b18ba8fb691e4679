// SPDX-License-Identifier: MIT
// Several banks in the settings: what each has, from where, and what keeps them apart.
#include <gmock/gmock.h>

#include "failure_of.hpp"
#include "files.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/token_attributes.hpp"
#include "foundation/system/user.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class BanksTest : public testing::Test {
 protected:
  SettingsSources chain() const {
    return {.system_file = folder_.path() / "etc/koshin.toml",
            .drop_in_directory = folder_.path() / "etc/conf.d",
            .user_file = folder_.path() / "home/koshin.toml",
            .only = {},
            .bank_directory = folder_.path() / "etc/banks.d"};
  }
  void system(std::string_view text) const { test::write_file(chain().system_file, text); }
  void user(std::string_view text) const { test::write_file(chain().user_file, text); }
  void bank_file(const std::string& name, std::string_view text) const {
    test::write_file(chain().bank_directory / name, text);
  }
  Deployment load() const { return load_deployment(chain()); }
  std::string complaint() const {
    return failure_of([&] { (void)load(); }).detail;
  }

  test::TemporaryDirectory folder_;
};

std::vector<std::string> names_of(const Deployment& deployment) {
  std::vector<std::string> names;
  for (const Settings& bank : deployment.banks) names.push_back(bank.bank());
  return names;
}

std::string origin_of(const Settings& settings, const std::string& key) {
  for (const auto& [name, origin] : settings.origins)
    if (name == key) return origin;
  return {};
}

TEST_F(BanksTest, AFileOfOneBankIsABankWithoutAName) {
  system("[authority]\nurl = \"https://one.example\"\n");
  const Deployment all = load();
  ASSERT_THAT(names_of(all), ElementsAre(""));
  EXPECT_EQ(all.banks[0].authority.url, "https://one.example");
  EXPECT_EQ(load_settings(chain()).authority.url, "https://one.example");
}

TEST_F(BanksTest, EachHasItsOwnOverWhatItMayHaveFromTheBase) {
  system(R"(
[token]
modules = ["/usr/lib/vendor.so"]
[proxy]
url = "http://proxy.example:3128"
[renewal]
window = "P2M"
[[bank]]
name = "sakura"
[bank.authority]
url = "https://sakura.example"
[bank.expect]
organization = "Sakura"
[bank.renewal]
window = "P1M"
[[bank]]
name = "ume"
[bank.authority]
url = "https://ume.example"
[bank.proxy]
url = "none"
)");
  const Deployment all = load();
  ASSERT_THAT(names_of(all), ElementsAre("sakura", "ume"));
  const Settings &sakura = all.banks[0], &ume = all.banks[1];
  EXPECT_EQ(sakura.authority.url, "https://sakura.example");
  EXPECT_EQ(sakura.proxy.url, "http://proxy.example:3128");
  EXPECT_EQ(sakura.renewal.window, CalendarDuration{.months = 1});
  EXPECT_EQ(sakura.expect.organization, "Sakura");
  EXPECT_EQ(ume.authority.url, "https://ume.example");
  EXPECT_EQ(ume.proxy.url, "none");
  EXPECT_EQ(ume.renewal.window, CalendarDuration{.months = 2});
  EXPECT_EQ(ume.expect.organization, "");
  EXPECT_THAT(ume.token.modules, ElementsAre("/usr/lib/vendor.so"));
  EXPECT_THAT(ume.reminders.thresholds, testing::SizeIs(5)) << "defaults as without any file";
  EXPECT_THAT(origin_of(sakura, "renewal.window"), EndsWith("koshin.toml:15:10"));
  EXPECT_THAT(origin_of(ume, "renewal.window"), EndsWith("koshin.toml:7:10"));
  ASSERT_EQ(sakura.claims.size(), 2U);
  EXPECT_EQ(sakura.claims[1].bank, "ume");
}

TEST_F(BanksTest, ABankWithAServerOfItsOwnHasNoPasswordOfTheBases) {
  system(R"(
[proxy]
url = "http://proxy.example:3128"
user = "corp"
password_file = "/etc/koshin/proxy-password"
[mail]
url = "smtps://mail.example"
from = "koshin@company.example"
user = "corp"
password_file = "/etc/koshin/mail-password"
[[bank]]
name = "sakura"
[[bank]]
name = "ume"
[bank.proxy]
url = "http://ume-proxy.example:3128"
[bank.mail]
url = "smtps://ume-mail.example"
user = "ume"
)");
  const Deployment all = load();
  const Settings &sakura = all.banks[0], &ume = all.banks[1];
  EXPECT_EQ(sakura.proxy.user, "corp");
  EXPECT_EQ(sakura.mail.password_file, "/etc/koshin/mail-password");
  EXPECT_EQ(ume.proxy.user, "");
  EXPECT_EQ(ume.proxy.password_file, "");
  EXPECT_EQ(origin_of(ume, "proxy.user"), "");
  EXPECT_EQ(ume.mail.user, "ume");
  EXPECT_EQ(ume.mail.password_file, "");
  EXPECT_EQ(ume.mail.from, "koshin@company.example");
}

TEST_F(BanksTest, ABankThatTheBaseIsStaysOneBesideThoseWithNames) {
  system(R"(
[authority]
url = "https://first.example"
prove_url = "https://first.example/login"
connect_timeout = 7
[branding]
bank_name = "First"
)");
  bank_file("second.toml", "[authority]\nurl = \"https://second.example\"\n");
  const Deployment all = load();
  ASSERT_THAT(names_of(all), ElementsAre("-", "second"));
  EXPECT_EQ(all.banks[0].authority.prove_url, "https://first.example/login");
  const Settings& second = all.banks[1];
  EXPECT_EQ(second.authority.prove_url, "") << "nothing of the first bank's service is the second one's";
  EXPECT_EQ(second.branding.bank_name.for_all, "second") << "people are told of it by its own name";
  EXPECT_EQ(second.authority.connect_timeout, std::chrono::seconds{7});
  EXPECT_EQ(load_settings(chain(), "-").authority.url, "https://first.example");
  EXPECT_EQ(load_settings(chain(), "second").authority.url, "https://second.example");
}

TEST_F(BanksTest, FilesOfABankAreNamedAfterItAndUsersAddTheirOwn) {
  bank_file("ume.toml", "[authority]\nurl = \"https://ume.example\"\n[mail]\nto = \"all@ume.example\"\n");
  bank_file("sakura.toml", "[authority]\nurl = \"https://sakura.example\"\n");
  user("[[bank]]\nname = \"ume\"\n[bank.mail]\nto = \"me@ume.example\"\n[mail]\nto = \"me@example.com\"\n");
  const Deployment all = load();
  ASSERT_THAT(names_of(all), ElementsAre("sakura", "ume"));
  EXPECT_EQ(all.banks[0].mail.to, "me@example.com");
  EXPECT_EQ(all.banks[1].mail.to, "me@ume.example");
}

TEST_F(BanksTest, WhatIsSetForABankStaysItsWhateverALaterFileSaysOutsideOfBanks) {
  bank_file("ume.toml", "[authority]\nurl = \"https://ume.example\"\n[proxy]\nurl = \"none\"\n");
  user("[proxy]\nurl = \"http://mine.example:3128\"\n");
  EXPECT_EQ(load().banks[0].proxy.url, "none");
}

TEST_F(BanksTest, TwoSpellingsOfOneNameAreAMistake) {
  system("[[bank]]\nname = \"sakura\"\n[bank.authority]\nurl = \"https://s.example\"\n");
  bank_file("Sakura.toml", "[authority]\nlabel = \"users\"\n");
  EXPECT_THAT(complaint(),
              HasSubstr("Sakura.toml: the bank \"Sakura\" is \"sakura\" elsewhere: spell it alike"));
  system("[[bank]]\nname = \"ume\"\n[[bank]]\nname = \"UME\"\n");
  EXPECT_THAT(complaint(), HasSubstr(":4:8: the bank \"UME\" is there twice in this file, once as \"ume\""));
}

TEST_F(BanksTest, WhatStandsAroundABankElsewhereIsToldFromAMisspelledKey) {
  bank_file("ume.toml", "name = \"ume\"\n[authority]\nurl = \"https://ume.example\"\n");
  EXPECT_THAT(complaint(),
              HasSubstr("ume.toml:1:1: bank \"ume\": a bank has its name from that of its file"));
  bank_file("ume.toml", "[[bank]]\nname = \"ume\"\n");
  EXPECT_THAT(complaint(), HasSubstr("bank \"ume\": its file holds one bank"));
}

TEST_F(BanksTest, MistakesNameTheBankAndThePlace) {
  const std::string head = "[[bank]]\nname = \"ume\"\n";
  const std::pair<const char*, const char*> cases[] = {
      {"[bank.authority]\nurl = \"http://x\"\n", ":4:7: bank \"ume\": authority.url must begin"},
      {"[bank.authority]\nulr = \"x\"\n",
       ":4:1: bank \"ume\": unknown key \"authority.ulr\"; did you mean \"authority.url\"?"},
      {"[bank.authorty]\nurl = \"x\"\n",
       ":3:7: bank \"ume\": unknown section \"authorty\"; did you mean \"authority\"?"},
      {"[bank.log]\nlevel = \"debug\"\n",
       ":4:1: bank \"ume\": log.level is the same for all banks: it must be set outside of them"},
      {"[bank.expect]\ntoken_uri = \"pkcs11:id=%01\"\n",
       ":4:13: bank \"ume\": expect.token_uri must be \"pkcs11:\""},
      {"[bank.expect]\nissuer_pattern = \"(\"\n",
       ":4:18: bank \"ume\": expect.issuer_pattern must be a regular expression"},
      {"[[bank]]\nname = \"ume\"\n",
       ":4:8: the bank \"ume\" is there twice in this file: put the two "
       "together, or give one another name"},
      {"[[bank]]\nname = \"-\"\n", ":4:8: a bank must have a name such as"},
      {"[[bank]]\n[bank.expect]\n", ": a bank must have a name such as"},
  };
  for (const auto& [text, words] : cases) {
    system(head + text);
    EXPECT_THAT(complaint(), HasSubstr(words)) << text;
  }
  system("[bank]\nname = \"ume\"\n");
  EXPECT_THAT(complaint(), HasSubstr(":1:2: each bank must be a section of its own: [[bank]]"));
  system("");
  bank_file("two words.toml", "");
  EXPECT_THAT(complaint(), HasSubstr("a file of this folder is called as its bank"));
}

TEST_F(BanksTest, WhatIsWrongInABankOfAWrongNameIsToldToo) {
  system(
      "[[bank]]\nname = \"Sakura Bank\"\n[bank.authority]\nurl = \"http://x\"\n[bank.expect]\norganisation = "
      "\"S\"\n"
      "[[bank]]\n[bank.log]\nlevel = \"debug\"\n");
  std::vector<std::string> mistakes;
  for (const Failure& mistake : read_settings(chain()).mistakes) mistakes.push_back(mistake.detail);
  EXPECT_THAT(mistakes,
              testing::ElementsAre(
                  HasSubstr(":2:8: a bank must have a name such as"),
                  HasSubstr(":4:7: bank \"Sakura Bank\": authority.url must begin with \"https://\""),
                  HasSubstr(":6:1: bank \"Sakura Bank\": unknown key \"expect.organisation\"; did you mean"),
                  HasSubstr(":7:1: a bank must have a name such as"),
                  HasSubstr(":9:1: bank \"?\": log.level is the same for all banks")));
}

TEST_F(BanksTest, LocksHoldInEveryBank) {
  system("locked = [\"authority.url\"]\n");
  user("[[bank]]\nname = \"mine\"\n[bank.authority]\nurl = \"https://x.example\"\n");
  EXPECT_THAT(complaint(), HasSubstr("bank \"mine\": authority.url is locked by the administrator ("));
  system("");
  user("[[bank]]\nname = \"mine\"\n[bank.authority]\ntrust_anchors = \"x.pem\"\n");
  EXPECT_THAT(complaint(),
              HasSubstr("bank \"mine\": authority.trust_anchors can only be set by the administrator"));
}

TEST_F(BanksTest, ANameThatNoBankHasIsRefusedWithThoseThereAre) {
  bank_file("ume.toml", "[authority]\nurl = \"https://ume.example\"\n");
  EXPECT_THAT(failure_of([&] { (void)load_settings(chain(), "ume2"); }).detail,
              testing::AllOf(HasSubstr("\"ume2\""), HasSubstr("there: ume")));
  EXPECT_EQ(load_settings(chain()).bank(), "ume") << "the only one is meant without a name";
}

TEST_F(BanksTest, BanksThatNothingKeepsApartAreTold) {
  const auto overlap = [&](const std::string& one, const std::string& other) {
    bank_file("a.toml", "[expect]\n" + one);
    bank_file("b.toml", "[expect]\n" + other);
    return !overlaps(load()).empty();
  };
  EXPECT_TRUE(overlap("", ""));
  EXPECT_TRUE(overlap("organization = \"A\"\n", ""));
  EXPECT_FALSE(overlap("organization = \"A\"\n", "organization = \"B\"\n"));
  EXPECT_TRUE(overlap("organization = \"A\"\n", "organizational_unit = \"B\"\n"));
  EXPECT_FALSE(overlap("issuer_pattern = \"CN=A.*\"\n", "issuer_pattern = \"CN=B.*\"\n"));
  EXPECT_TRUE(overlap("issuer_pattern = \"CN=A.*\"\n", "issuer_pattern = \"CN=A.*\"\n"));
  EXPECT_FALSE(overlap("token_uri = \"pkcs11:token=A\"\n", "token_uri = \"pkcs11:token=B;model=M\"\n"));
  EXPECT_TRUE(overlap("token_uri = \"pkcs11:token=A\"\n", "token_uri = \"pkcs11:model=M\"\n"));
}

TEST_F(BanksTest, WhatNoBankHasIsTold) {
  system("[expect]\norganization = \"A\"\n[proxy]\nurl = \"none\"\n");
  EXPECT_THAT(keys_of_no_bank(load()), IsEmpty());
  bank_file("ume.toml", "[authority]\nurl = \"https://ume.example\"\n");
  EXPECT_THAT(keys_of_no_bank(load()), ElementsAre("expect.organization"));
}

TEST(Expectation, LooksAtTheIssuerToo) {
  Settings::Expect expect;
  expect.issuer_pattern = "CN=Sakura .*,O=Sakura";
  const CertificateNames ours{
      .organization = "", .organizational_unit = "", .common_name = "", .issuer = "CN=Sakura CA 2,O=Sakura"};
  const CertificateNames theirs{
      .organization = "", .organizational_unit = "", .common_name = "", .issuer = "CN=Ume CA,O=Sakura"};
  EXPECT_EQ(why_unexpected(ours, expect), std::nullopt);
  EXPECT_THAT(why_unexpected(theirs, expect).value_or(""), HasSubstr("expect.issuer_pattern"));
}

TEST_F(BanksTest, PathsMayNameTheUserAndHisHome) {
  const auto user = current_user();
  ASSERT_TRUE(user.has_value());
  system("[metrics]\ntextfile = \"/var/lib/koshin-%u.prom\"\n[mail]\npassword_file = \"%h/50%/p\"\n");
  const Settings settings = load_settings(chain());
  EXPECT_EQ(settings.metrics.textfile, "/var/lib/koshin-" + user->name + ".prom");
  EXPECT_EQ(settings.mail.password_file, user->home / "50%/p");
}

TEST_F(BanksTest, ARecipientMayBeTheCertificatesOwn) {
  for (const char* good : {"%{email}", "%u@corp.example", "a@b.example", ""}) {
    system("[mail]\nto = \"" + std::string(good) + "\"\n");
    EXPECT_EQ(load_settings(chain()).mail.to, good);
  }
  for (const char* wrong : {"%u", "%{mail}", "%h"}) {
    system("[mail]\nto = \"" + std::string(wrong) + "\"\n");
    EXPECT_THAT(complaint(), HasSubstr("mail.to must be one mail address")) << wrong;
  }
  EXPECT_EQ(with_email("%{email}", "me@x.example"), "me@x.example");
  EXPECT_EQ(with_email("a@b.example", "me@x.example"), "a@b.example");
}

TEST(TokenAttributes, AreThoseOfATokenAndNothingElse) {
  const auto found = token_attributes_of("pkcs11:token=Sakura%20Corp;serial=01");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->label, "Sakura Corp");
  EXPECT_EQ(found->serial, "01");
  EXPECT_EQ(found->model, std::nullopt);
  EXPECT_TRUE(token_attributes_of("pkcs11:").has_value());
  for (const char* wrong : {"", "token=A", "pkcs11:object=A", "pkcs11:token=A?pin-source=file:/x",
                            "pkcs11:token", "pkcs11:token=A;token=B", "pkcs11:token=%zz"})
    EXPECT_FALSE(token_attributes_of(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace koshin
