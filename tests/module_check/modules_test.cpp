// SPDX-License-Identifier: MIT
// koshin-module-check on modules that nobody here wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/card_stage.hpp"
#include "cards/module_services.hpp"
#include "cards/module_stage.hpp"
#include "check_run.hpp"

namespace koshin::cards {
namespace {

constexpr const char* service_pin = "73519264";

class CheckOfModules : public testing::Test {
 protected:
  CheckOfModules() {
    std::filesystem::create_directories(path_ / "user");
    test::isolate_user(path_ / "user");
  }
  test::CheckRun check(const std::string& module, const std::string& serial, const std::string& pin,
                       std::vector<std::string> more = {}) const {
    std::vector<std::string> words{module, "--yes-use-token", serial, "--pin-file",
                                   test::write_secret(path_ / "pin", pin).string()};
    words.insert(words.end(), more.begin(), more.end());
    return test::run_check(path_, words);
  }
  static void expect_passed(const test::CheckRun& run) {
    EXPECT_EQ(run.result.exit_code, 0) << run.in_words();
    for (const char* id : {"enroll", "renew", "wrong_pin", "right_pin", "resume", "prune", "untouched"})
      EXPECT_EQ(run.outcome(id), "passed") << id;
    std::puts(run.result.out.c_str());  // docs/tokens.md is written from it
  }

  test::TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path();
};

TEST_F(CheckOfModules, a_tpm_passes) {
  if (SoftwareTpm::module().empty()) GTEST_SKIP() << "SKIPPED: no TPM in software is installed";
  const SoftwareTpm tpm(path_ / "tpm", "work", service_pin);
  expect_passed(check(SoftwareTpm::module(), "0000000000000000", service_pin,
                      {"--token-uri", "pkcs11:token=work", "--wrong-pin"}));
}

TEST_F(CheckOfModules, opencryptoki_passes_with_rsa) {
  if (OpenCryptoki::module().empty()) GTEST_SKIP() << "SKIPPED: opencryptoki is not installed";
  if (!OpenCryptoki::separate()) GTEST_SKIP() << "SKIPPED: no mount and IPC namespaces can be made here";
  const OpenCryptoki service(path_ / "opencryptoki", "work", service_pin);
  expect_passed(check(OpenCryptoki::module(), "123", service_pin,
                      {"--token-uri", "pkcs11:token=work", "--wrong-pin", "--key", "rsa-2048"}));
}

/// ykcs11 keeps the keys that it says it has deleted: they are named, and the card is otherwise as it was.
TEST_F(CheckOfModules, a_piv_card_passes_and_keeps_its_keys) {
  if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
  CardStage stage;
  stage.plug();
  const auto so_pin = test::write_secret(path_ / "so-pin", management_key_in_hexadecimal());
  const auto run = check(ykcs11_module(), "12345678", card_pin,
                         {"--profile", "piv", "--so-pin-file", so_pin.string(), "--wrong-pin"});
  expect_passed(run);
  EXPECT_FALSE(run.report["left"].empty()) << run.in_words();
  for (const auto& damage : stage.damage()) ADD_FAILURE() << damage;
}

/// Programs look at 9a: a test key there would be in the way of the card's owner, and could not be deleted.
TEST_F(CheckOfModules, a_piv_card_whose_first_slot_is_empty_keeps_it_empty) {
  if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
  CardStage stage;
  stage.change([](CardState& state) {
    state.keys.erase(authentication_slot);
    state.objects.erase(certificate_object_of(authentication_slot));
  });
  stage.plug();
  const auto so_pin = test::write_secret(path_ / "so-pin", management_key_in_hexadecimal());
  expect_passed(check(ykcs11_module(), "12345678", card_pin,
                      {"--profile", "piv", "--so-pin-file", so_pin.string(), "--wrong-pin"}));
  const CardState now = stage.card().state();
  EXPECT_FALSE(now.keys.contains(authentication_slot));
  EXPECT_TRUE(certificate_in(now, authentication_slot).empty());
  EXPECT_EQ(now.keys.size(), 3U) << "up to three key pairs";
}

}  // namespace
}  // namespace koshin::cards
