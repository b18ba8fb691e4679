// SPDX-License-Identifier: MIT
// koshin-module-check on modules that nobody here wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cards/card_stage.hpp"
#include "cards/module_services.hpp"
#include "cards/module_stage.hpp"
#include "check_run.hpp"
#include "foundation/system/child_process.hpp"
#include "pkcs11/module.hpp"
#include "support/soft_hsm.hpp"

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

/// Behind the proxy of p11-kit, which shows the tokens of all registered modules.
TEST_F(CheckOfModules, p11_kits_proxy_passes_with_softhsm_behind_it) {
  const auto proxy = first_there(
      {"/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so", "/usr/lib/aarch64-linux-gnu/p11-kit-proxy.so"});
  if (proxy.empty()) GTEST_SKIP() << "SKIPPED: p11-kit-proxy.so is not installed (package p11-kit-modules)";
  test::SoftHsm hsm(path_ / "hsm");
  hsm.init_token("work", service_pin);
  std::string serial;
  for (const auto& token : pkcs11::Module::load(test::SoftHsm::module())->tokens())
    if (token.label == "work") serial = token.identity.serial;
  const auto run = check(proxy, serial, service_pin, {"--token-uri", "pkcs11:token=work", "--wrong-pin"});
  expect_passed(run);
  EXPECT_THAT(run.report["left"], testing::IsEmpty()) << run.in_words();
}

/// It says of all its keys that they were not made there: the first certificate is not asked for, and what
/// was made for it does not stay.
TEST_F(CheckOfModules, nss_makes_no_key_that_can_be_used_and_keeps_nothing) {
  const auto module =
      first_there({"/usr/lib/x86_64-linux-gnu/libsoftokn3.so", "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so",
                   "/usr/lib/aarch64-linux-gnu/libsoftokn3.so"});
  if (module.empty() || !std::filesystem::exists("/usr/bin/certutil"))
    GTEST_SKIP() << "SKIPPED: NSS is not installed (packages libnss3, libnss3-tools)";
  const auto database = path_ / "nss", registered = path_ / "registered";
  for (const auto& folder : {database, registered}) std::filesystem::create_directories(folder);
  std::ofstream(registered / "nss.module")
      << "module: " << module.string() << "\nx-init-reserved: configdir='sql:" << database.string()
      << "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=\n";
  if (!register_modules_in(registered)) GTEST_SKIP() << "SKIPPED: no mount namespace can be made here";
  const auto password = test::write_secret(path_ / "password", service_pin);
  const auto made = ChildProcess::start("/usr/bin/certutil",
                                        {"-N", "-d", "sql:" + database.string(), "-f", password.string()});
  const auto ended = made->wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{30});
  ASSERT_TRUE(ended && ended->code == 0) << "certutil made no database";
  const auto run = check("p11-kit:nss", "0000000000000000", service_pin,
                         {"--token-uri", "pkcs11:token=NSS%20Certificate%20DB", "--wrong-pin"});
  std::puts(run.result.out.c_str());
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.outcome("inspect"), "passed");
  EXPECT_EQ(run.outcome("enroll"), "failed");
  EXPECT_EQ(run.reason("enroll"), "key_not_made_on_token");
  EXPECT_EQ(run.outcome("renew"), "skipped");
  EXPECT_EQ(run.outcome("untouched"), "passed") << run.in_words();
  EXPECT_THAT(run.report["left"], testing::IsEmpty()) << run.in_words();
}

/// OpenSC reads PIV cards and writes none: that is known of it, and said before a PIN is presented.
TEST_F(CheckOfModules, opensc_is_refused_before_it_writes_and_the_card_is_as_it_was) {
  if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
  if (opensc_module().empty()) GTEST_SKIP() << "SKIPPED: opensc-pkcs11 is not installed";
  CardStage stage;
  stage.plug();
  std::string serial;
  for (const auto& token : pkcs11::Module::load(opensc_module())->tokens()) serial = token.identity.serial;
  const auto run = check(opensc_module(), serial, card_pin, {"--wrong-pin"});
  std::puts(run.result.out.c_str());
  EXPECT_EQ(run.result.exit_code, 1) << run.in_words();
  EXPECT_EQ(run.outcome("inspect"), "passed");
  EXPECT_EQ(run.outcome("dry_run"), "failed");
  EXPECT_EQ(run.reason("dry_run"), "token_write_refused");
  EXPECT_EQ(run.outcome("untouched"), "passed") << run.in_words();
  EXPECT_THAT(run.report["left"], testing::IsEmpty()) << run.in_words();
  EXPECT_EQ(stage.card().state(), stage.first_state());
}

}  // namespace
}  // namespace koshin::cards
