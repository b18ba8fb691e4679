// SPDX-License-Identifier: MIT
// How many commands (APDUs) a PIV card gets for a renewal, beside a script of pkcs11-tool, openssl and curl
// with the same module, card and bank: each command takes a real card about 20 ms.
#include <gtest/gtest.h>

#include <cstdio>

#include "card_stage.hpp"
#include "module_stage.hpp"
#include "program_run.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

class CardCommands : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    if (const auto why = missing_program({"pkcs11-tool", "openssl", "curl"}); !why.empty())
      GTEST_SKIP() << why;
    engine = first_there(
        {"/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so", "/usr/lib/aarch64-linux-gnu/engines-3/pkcs11.so"});
    if (engine.empty()) GTEST_SKIP() << "SKIPPED: libengine-pkcs11-openssl is not installed";
    // RSA: OpenSSL's engine writes the curve of a key of ykcs11's out in full, which no authority takes.
    stage.emplace(Algorithm::rsa_2048);
  }
  std::size_t of_script() {
    stage->plug();
    const test::TemporaryDirectory work;
    const test::ScopedEnvironment environment({{"MODULE", ykcs11_module().string()},
                                               {"LABEL", label()},
                                               {"URL", stage->bank().url()},
                                               {"ANCHORS", stage->bank().anchors().string()},
                                               {"PIN", card_pin},
                                               {"SO_PIN", management_key_in_hexadecimal()},
                                               {"KEY_TYPE", "rsa:2048"},
                                               {"NEW_ID", "05"},  // slot 82
                                               {"ENGINE", engine.string()}});
    const std::size_t before = stage->card().commands().size();
    const auto script = run_program({"sh", "-c", "cd \"$0\" && sh \"$1\" || { cat tools.log; exit 1; }",
                                     work.path().string(), KOSHIN_RENEW_WITH_TOOLS});
    EXPECT_EQ(script.code, 0) << script.output;
    EXPECT_EQ(stage->issued(), 1U);
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot));
    return stage->card().commands().size() - before;
  }
  std::size_t of_koshin(const std::string& settings) {
    stage->start_over();
    stage->use_settings(settings);
    stage->plug();
    const auto run = stage->renew();
    for (const auto& loss : stage->losses(run)) ADD_FAILURE() << loss;
    return stage->card().commands().size();
  }
  std::string label() {
    messages::Job job;
    job.kind = messages::JobKind::inspect;
    const auto run = stage->run(std::move(job), {});
    const auto* seen = std::get_if<messages::InspectResult>(&run.last);
    return seen != nullptr && !seen->tokens.empty() ? seen->tokens.front().label : "";
  }

  std::filesystem::path engine;
  std::optional<CardStage> stage;
};

TEST_F(CardCommands, of_a_renewal_are_a_quarter_of_a_scripts_and_half_of_them_with_both_legs) {
  const std::size_t script = of_script();
  const std::size_t one_leg = of_koshin("renewal.home_slot = \"never\"\n");
  const std::size_t both_legs = of_koshin("");
  std::printf("commands to the card: script %zu, koshin %zu with one leg, %zu with both\n", script, one_leg,
              both_legs);
  EXPECT_LE(one_leg * 4, script);
  EXPECT_LE(both_legs * 2, script);
}

}  // namespace
}  // namespace koshin::cards
