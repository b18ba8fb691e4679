// SPDX-License-Identifier: MIT
// koshin prune with several tokens in one module: what the settings of a bank, or of each of several, say of
// the token that is meant. Another one is neither offered nor touched.
#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

constexpr const char* other_label = "The other one";

class TokenToPrune : public CliFixture {
 protected:
  TokenToPrune() {
    provision_certificate(12);
    hsm_.init_token(other_label, right_pin);
    provision(hsm_, other_label, bank_, pkcs11::KeyAlgorithm::ec_p256, 12, "12345678901234 user0002");
  }
  /// Each token has a renewed certificate then, and an old one to delete.
  void renew_both(const std::vector<std::string>& more = {}) const {
    for (const std::string label : {"Sakura%20Corp", "The%20other%20one"}) {
      std::vector<std::string> command{"renew", "--pin-stdin", "--token", "pkcs11:token=" + label};
      command.insert(command.end(), more.begin(), more.end());
      const RunResult renewed = koshin(command, right_pin);
      ASSERT_EQ(renewed.exit_code, 0) << renewed.out << renewed.err;
    }
  }
  Json prune() const { return koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin); }
  std::size_t certificates_on(const std::string& label) const {
    const Json seen = koshin_json({"inspect"});
    for (const Json& token : seen["tokens"])
      if (token["label"] == label) return token["certificates"].size();
    return 0;
  }
  /// What a person at the terminal is asked about before anything is deleted.
  std::string offered() const { return koshin_on_terminal({"prune"}, {{"Go on?", "no\n"}}).out; }
};

TEST_F(TokenToPrune, IsTheOneThatTokenUriNames) {
  renew_both();
  EXPECT_EQ(prune()["failure"]["reason"], "token_ambiguous");
  write_settings_with("token.uri = \"pkcs11:token=The%20other%20one\"\n");
  EXPECT_THAT(offered(), HasSubstr(other_label));
  EXPECT_EQ(prune()["ok"], true);
  EXPECT_EQ(certificates_on(other_label), 1U);
  EXPECT_EQ(certificates_on(token_label), 2U);
  EXPECT_EQ(prune()["failure"]["reason"], "nothing_to_delete") << "nor is the other one then";
  EXPECT_EQ(certificates_on(token_label), 2U);
}

/// The bank's word for its tokens says which of several is meant, too.
TEST_F(TokenToPrune, IsTheOneThatTheBankExpects) {
  renew_both();
  write_settings_with("expect.token_uri = \"pkcs11:token=The%20other%20one\"\n");
  EXPECT_THAT(offered(), HasSubstr(other_label));
  EXPECT_EQ(prune()["ok"], true);
  EXPECT_EQ(certificates_on(other_label), 1U);
  EXPECT_EQ(certificates_on(token_label), 2U);
}

/// Two banks, each of which names its token; the third token in the module is nobody's.
TEST_F(TokenToPrune, IsOneThatSomeBankMeans) {
  const TestBank ume(directory_.path() / "ume", {.name = "Ume"});
  const auto naming = [](const std::string& label) {
    return "[bank.token]\nuri = \"pkcs11:token=" + label + "\"\n";
  };
  const auto banks = [&](const std::string& of_sakura, const std::string& of_ume) {
    settings_ = write_settings_of_banks(directory_.path(), "",
                                        bank_section("sakura", bank_, "CN=Sakura User CA,.*") + of_sakura +
                                            bank_section("ume", ume, "CN=Ume User CA,.*") + of_ume);
  };
  banks("", "");
  renew_both({"--bank", "sakura"});
  EXPECT_EQ(prune()["failure"]["reason"], "token_ambiguous") << "either may be meant";
  banks(naming("Sakura%20Corp"), naming("Ume%20Trading"));
  EXPECT_THAT(offered(), Not(HasSubstr(other_label)));
  EXPECT_EQ(prune()["ok"], true);
  EXPECT_EQ(certificates_on(token_label), 1U);
  EXPECT_EQ(certificates_on(other_label), 2U);
  EXPECT_EQ(prune()["failure"]["reason"], "nothing_to_delete");
  EXPECT_EQ(certificates_on(other_label), 2U);
}

}  // namespace
}  // namespace koshin::test
