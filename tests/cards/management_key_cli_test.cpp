// SPDX-License-Identifier: MIT
// The command line with cards whose management key is to be had with the PIN: nobody is asked for that key.
#include <fstream>

#include "cli/program_run.hpp"
#include "management_key_fixture.hpp"
#include "support/soft_hsm.hpp"

namespace koshin::cards {
namespace {

using testing::HasSubstr;
using testing::Not;

class ManagementKeysAtTheTerminal : public ManagementKeyTest {
 protected:
  test::RunResult koshin(std::vector<std::string> arguments, const std::string& input) {
    arguments.insert(arguments.end(), {"--settings", stage->settings().string()});
    return test::run_koshin(arguments, input);
  }
  test::RunResult on_terminal(std::vector<std::string> arguments, const std::vector<test::Answer>& answers) {
    arguments.insert(arguments.end(), {"--settings", stage->settings().string()});
    return test::run_koshin_on_terminal(arguments, answers);
  }
  void store_pin() {
    const auto file = stage->settings().parent_path() / "pin";
    std::ofstream(file) << card_pin << '\n';
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    stage->use_settings("token.uri = \"pkcs11:?pin-source=file:" + file.string() + "\"\n");
  }
  const std::string pin_line = std::string(card_pin) + "\n";
};

TEST_F(ManagementKeysAtTheTerminal, behind_the_pin_are_not_asked_for) {
  plug_protected();
  const auto result = on_terminal({"renew"}, {{"PIN of token", pin_line}});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("The certificate was renewed."));
  EXPECT_THAT(result.out, Not(HasSubstr("security officer")));
}

TEST_F(ManagementKeysAtTheTerminal, derived_renew_with_the_pin_on_standard_input) {
  plug_derived();
  const auto result = koshin({"renew", "--pin-stdin"}, pin_line);
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(ManagementKeysAtTheTerminal, behind_the_pin_renew_unattended_with_a_stored_pin) {
  plug_protected();
  store_pin();
  const auto result = koshin({"renew", "--if-due"}, "");
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

/// ykcs11 answers CKR_PIN_INCORRECT for a wrong key as well. The stored PIN is right, and stays in use once
/// the key has been put in order.
TEST_F(ManagementKeysAtTheTerminal, behind_the_pin_and_out_of_date_do_not_condemn_a_stored_pin) {
  Bytes kept;
  plug_one_with([&](CardState& state) {
    protect_management_key(state);
    kept = state.management_key;
    state.management_key.back() ^= 0x0EU;
  });
  store_pin();
  for (int run = 0; run < 2; ++run) {
    const auto refused = koshin({"renew", "--if-due"}, "");
    EXPECT_EQ(refused.exit_code, info(Reason::so_pin_incorrect).exit_code) << refused.err;
    EXPECT_EQ(stage->card().state().pin.tries_left, 3U);
  }
  stage->pull();
  stage->change([&](CardState& state) { state.management_key = kept; });
  stage->plug();
  const auto renewed = koshin({"renew", "--if-due"}, "");
  EXPECT_EQ(renewed.exit_code, 0) << renewed.err;
}

/// The PIN on standard input is one token's, and the management key would be asked for another's.
TEST_F(ManagementKeysAtTheTerminal, of_one_of_two_tokens_are_not_asked_for_beside_a_given_pin) {
  plug_ordinary();
  const test::TemporaryDirectory directory;
  test::SoftHsm other(directory.path());
  other.init_token("Another token");
  stage->use_settings("token.modules = [\"" + test::SoftHsm::module().string() + "\", \"" +
                      ykcs11_module().string() + "\"]\n");
  const auto result = on_terminal({"renew", "--pin-stdin"}, {{"PIN: ", pin_line}});
  EXPECT_EQ(result.exit_code, info(Reason::token_ambiguous).exit_code) << result.out;
  EXPECT_THAT(result.out, Not(HasSubstr("Management key")));
  expect_untouched();
}

/// The proof takes the user's PIN alone.
TEST_F(ManagementKeysAtTheTerminal, in_aes_do_not_keep_a_written_certificate_from_its_proof) {
  plug_protected();
  stage->use_settings("renewal.home_slot = \"never\"\n");
  stage->bank().set("login.status", "503:not now");
  const auto cut_off = koshin({"renew", "--pin-stdin"}, pin_line);
  EXPECT_NE(cut_off.exit_code, 0) << cut_off.out;
  stage->bank().set("login.status", "0");
  stage->pull();
  stage->change([](CardState& state) { protect_management_key(state, Algorithm::aes_192); });
  stage->plug();
  const auto proved = on_terminal({"renew"}, {{"PIN of token", pin_line}});
  EXPECT_EQ(proved.exit_code, 0) << proved.out;
  EXPECT_EQ(stage->issued(), 1U);
}

TEST_F(ManagementKeysAtTheTerminal, that_are_an_administrators_are_announced_before_the_pin) {
  plug_ordinary();
  const auto asked = on_terminal({"renew"}, {{"PIN of token", "\x03"}});
  EXPECT_EQ(asked.exit_code, 5) << asked.out;
  EXPECT_LT(asked.out.find("which its PIN does not give out"), asked.out.find("PIN of token")) << asked.out;
  const auto piped = koshin({"renew", "--pin-stdin"}, "654321\n");
  EXPECT_EQ(piped.exit_code, info(Reason::so_pin_required).exit_code) << piped.err;
  EXPECT_THAT(piped.err, HasSubstr("ykman piv access change-management-key --generate --protect"));
  expect_untouched();
}

TEST_F(ManagementKeysAtTheTerminal, in_aes_end_before_the_pin) {
  plug_protected(Algorithm::aes_192);
  const auto result = on_terminal({"renew"}, {});
  EXPECT_EQ(result.exit_code, info(Reason::management_key_unsupported).exit_code) << result.out;
  EXPECT_THAT(result.out, HasSubstr("ykcs11 before version 2.3.0"));
  EXPECT_THAT(result.out, Not(HasSubstr("PIN of token")));
  expect_untouched();
}

}  // namespace
}  // namespace koshin::cards
