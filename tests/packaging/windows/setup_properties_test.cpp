// SPDX-License-Identifier: MIT
// The installer's properties are held to the rules of the settings that they become.
#include "setup_properties.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "foundation/settings/settings_table.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::setup {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> wrong(const std::map<std::string, std::string, std::less<>>& given) {
  return wrong_properties([&](std::string_view name) {
    const auto found = given.find(name);
    return found == given.end() ? std::string() : found->second;
  });
}

TEST(SetupProperties, AreSettingsOfTheirKinds) {
  EXPECT_GE(setup_properties().size(), 10U);
  for (const SetupProperty& property : setup_properties()) {
    const SettingKey* const key = find_setting(property.key);
    ASSERT_NE(key, nullptr) << property.name;
    EXPECT_EQ(key->type() == SettingType::text_list, property.is_list) << property.name;
    // The registry has them as REG_SZ.
    EXPECT_NE(key->type(), SettingType::number) << property.name;
    EXPECT_NE(key->type(), SettingType::boolean) << property.name;
  }
}

TEST(SetupProperties, RightValuesAndNoneAreRight) {
  EXPECT_THAT(wrong({}), IsEmpty());
  EXPECT_THAT(wrong({{"AUTHORITY_URL", "https://est.bank.example"},
                     {"TOKEN_PROFILE", "piv"},
                     {"RENEWAL_WINDOW", "P1M"},
                     {"HELP_DESK", "0120-000-000"}}),
              IsEmpty());
}

TEST(SetupProperties, EachWrongValueIsToldByItsProperty) {
  EXPECT_THAT(wrong({{"AUTHORITY_URL", "http://est.bank.example"},
                     {"TOKEN_PROFILE", "usb"},
                     {"MODULE_PATH", "vendor.dll"},
                     {"BANK_NAME", "a\nb"}}),
              ElementsAre(AllOf(StartsWith("AUTHORITY_URL: authority.url must"), HasSubstr("https://")),
                          StartsWith("MODULE_PATH: token.modules must"),
                          AllOf(StartsWith("TOKEN_PROFILE: token.profile must"), HasSubstr("piv")),
                          StartsWith("BANK_NAME: branding.bank_name must not hold control characters")));
}

class BankFile : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    const auto path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }
  test::TemporaryDirectory folder_;
};

TEST_F(BankFile, ARightOneIsABank) {
  EXPECT_THAT(wrong_bank_file(file("sakura.toml", "[authority]\nurl = \"https://s.example\"\n")), IsEmpty());
}

TEST_F(BankFile, EveryMistakeIsToldWithItsLine) {
  EXPECT_THAT(
      wrong_bank_file(file("sakura.toml", "[authority]\nurl = 1\nulr = \"x\"\n[log]\nlevel = \"info\"\n")),
      ElementsAre(
          AllOf(StartsWith("BANK_FILE: "), HasSubstr("sakura.toml:2:7: bank \"sakura\": authority.url")),
          HasSubstr("sakura.toml:3:1: bank \"sakura\": unknown key \"authority.ulr\""),
          HasSubstr("log.level is the same for all banks")));
}

TEST_F(BankFile, ANameThatIsNoneAFileThatIsMissingAndOneThatIsTooLargeAreTold) {
  EXPECT_THAT(wrong_bank_file(file("-.toml", "")), ElementsAre(HasSubstr("must be called as its bank")));
  EXPECT_THAT(wrong_bank_file(file("sakura.txt", "")), ElementsAre(HasSubstr("must be called as its bank")));
  EXPECT_THAT(wrong_bank_file(folder_.path() / "ume.toml"), ElementsAre(HasSubstr("cannot be read")));
  EXPECT_THAT(wrong_bank_file("ume.toml"), ElementsAre(HasSubstr("must be an absolute path")));
  EXPECT_THAT(wrong_bank_file(file("big.toml", std::string(300UL * 1024, '#'))),
              ElementsAre(HasSubstr("larger than 256 KiB")));
}

}  // namespace
}  // namespace koshin::setup
