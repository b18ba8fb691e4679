// SPDX-License-Identifier: MIT
// The command line of koshin-module-check.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "foundation/settings/settings_checks.hpp"
#include "module_check/arguments.hpp"

namespace koshin::module_check {
namespace {

using testing::HasSubstr;

CheckArguments parsed(const std::vector<std::string>& words) {
  return std::get<CheckArguments>(parse_arguments(words, Language::en));
}

std::string refusal(const std::vector<std::string>& words) {
  try {
    (void)parse_arguments(words, Language::en);
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::usage_error);
    return error.failure().detail;
  }
  return "taken";
}

TEST(CheckArguments, names_a_module_and_a_token) {
  const auto arguments = parsed({"/m.so", "--token-uri", "pkcs11:token=Test", "--wrong-pin"});
  EXPECT_EQ(arguments.module, "/m.so");
  EXPECT_EQ(arguments.common.token_uri, "pkcs11:token=Test");
  EXPECT_TRUE(arguments.wrong_pin);
  EXPECT_FALSE(arguments.with_serial);
  EXPECT_EQ(parsed({"p11-kit:vendor", "--yes-use-token", "12"}).module, "p11-kit:vendor");
}

TEST(CheckArguments, relative_files_are_those_of_the_present_folder) {
  const auto here = std::filesystem::current_path();
  const auto arguments = parsed({"m.so", "--token", "pkcs11:", "--pin-file", "pin", "--json", "r"});
  EXPECT_EQ(arguments.module, (here / "m.so").string());
  EXPECT_EQ(arguments.pin_file, (here / "pin").string());
  EXPECT_EQ(arguments.report_file, (here / "r").string());
}

TEST(CheckArguments, what_is_missing_or_too_much_is_named) {
  EXPECT_THAT(refusal({}), HasSubstr("no module was named"));
  EXPECT_THAT(refusal({"/m.so"}), HasSubstr("no token was named"));
  EXPECT_THAT(refusal({"/m.so", "--token", "pkcs11:", "--pin-stdin", "--pinentry"}),
              HasSubstr("give one of"));
  EXPECT_THAT(refusal({"/m.so", "--token", "pkcs11:", "--profile", "other"}), HasSubstr("generic or piv"));
  EXPECT_THAT(refusal({"/m.so", "--token", "pkcs11:", "--tokn"}), HasSubstr("there is no option"));
  EXPECT_THAT(refusal({"/m.so", "--token", "pkcs11:?pin-source=file:/pin"}), HasSubstr("--pin-file"));
}

TEST(CheckArguments, a_pin_in_a_wrong_place_is_not_repeated) {
  EXPECT_THAT(refusal({"/m.so", "--token", "pkcs11:", "--pin", "123456"}), testing::Not(HasSubstr("123456")));
  EXPECT_THAT(refusal({"/m.so", "123456", "--token", "pkcs11:", "--pin-stdin"}),
              testing::Not(HasSubstr("123456")));
}

std::string contents(const std::string& file) {
  std::ifstream stream(KOSHIN_SOURCE_DIR "/" + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The man page writes a hyphen of an option as "\\-".
std::string in_man_page(const std::string& option) {
  return std::regex_replace(option, std::regex("-"), "\\-");
}

TEST(CheckArguments, man_page_and_completion_have_every_option) {
  const auto help = std::get<cli::Information>(parse_arguments({"--help"}, Language::en)).text;
  const std::string page = contents("packaging/man/koshin-module-check.1");
  const std::string completion = contents("packaging/completions/koshin-module-check.bash");
  const std::regex option("--[a-z][a-z-]+");
  std::size_t count = 0;
  for (std::sregex_iterator found(help.begin(), help.end(), option), end; found != end; ++found, ++count) {
    EXPECT_THAT(page, HasSubstr(in_man_page(found->str())));
    EXPECT_THAT(completion, HasSubstr(found->str()));
  }
  EXPECT_GT(count, 10U);
}

TEST(CheckArguments, the_completion_has_every_kind_of_key) {
  const std::string completion = contents("packaging/completions/koshin-module-check.bash");
  const std::string kinds = settings_checks::key_policy("?");
  const std::regex kind("\"([a-z0-9-]+)\"");
  std::size_t count = 0;
  for (std::sregex_iterator found(kinds.begin(), kinds.end(), kind), end; found != end; ++found, ++count)
    EXPECT_THAT(completion, testing::ContainsRegex("--key\\).*[\" ]" + found->str(1) + "[\" ]"));
  EXPECT_EQ(count, 8U) << kinds;
}

}  // namespace
}  // namespace koshin::module_check
