// SPDX-License-Identifier: MIT
// Modules that nobody here wrote and that need no service of their own: each renews a certificate at the
// stand-in bank.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "foundation/system/child_process.hpp"
#include "other_modules.hpp"
#include "support/environment.hpp"
#include "support/soft_hsm.hpp"

namespace koshin::cards {
namespace {

using pkcs11::KeyAlgorithm;

class OverSoftHsm : public OtherModules {
 protected:
  OverSoftHsm() : hsm(stage.path() / "hsm") {
    hsm.init_token(token_label);
    test::provision(hsm, token_label, stage.bank(), KeyAlgorithm::ec_p256, 12);
  }
  test::SoftHsm hsm;
};

TEST_F(OverSoftHsm, p11_kits_proxy_renews) {
  const auto proxy = first_there(
      {"/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so", "/usr/lib/aarch64-linux-gnu/p11-kit-proxy.so"});
  if (proxy.empty()) GTEST_SKIP() << "SKIPPED: p11-kit-proxy.so is not installed (package p11-kit-modules)";
  stage.use_module(proxy.string(), "token.uri = \"pkcs11:token=work\"\n");
  expect_wrong_pin("0000");
  expect_whole_life(test::SoftHsm::default_pin);
}

TEST_F(OverSoftHsm, a_token_of_another_machine_through_p11_kit_renews) {
  const auto client = first_there({"/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so",
                                   "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"});
  if (client.empty() || !fs::exists("/usr/libexec/p11-kit/p11-kit-server"))
    GTEST_SKIP()
        << "SKIPPED: p11-kit's server or client is not installed (packages p11-kit, p11-kit-modules)";
  const auto socket = stage.path() / "p11-kit";
  const auto server = ChildProcess::start(
      "/usr/libexec/p11-kit/p11-kit-server",
      {"--foreground", "--name", socket.string(), "--provider", test::SoftHsm::module().string(), "pkcs11:"});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!fs::exists(socket)) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "the server does not start";
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  const test::ScopedEnvironment address({{"P11_KIT_SERVER_ADDRESS", "unix:path=" + socket.string()}});
  stage.use_module(client.string());
  expect_wrong_pin("0000");
  expect_whole_life(test::SoftHsm::default_pin);
}

/// A database as Firefox and Thunderbird have one. Its module is told at its start where that is, which
/// p11-kit knows of it (x-init-reserved).
class NssSoftokn : public OtherModules, public testing::WithParamInterface<KeyAlgorithm> {
 protected:
  static constexpr const char* label = "NSS Certificate DB";
  static constexpr const char* password = "1234567890";

  void SetUp() override {
    module = first_there({"/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
                          "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so",
                          "/usr/lib/aarch64-linux-gnu/libsoftokn3.so"});
    if (module.empty() || !fs::exists("/usr/bin/certutil"))
      GTEST_SKIP() << "SKIPPED: NSS is not installed (packages libnss3, libnss3-tools)";
    const auto registered = stage.path() / "registered";
    fs::create_directories(registered);
    fs::create_directories(database());
    std::ofstream(stage.path() / "password") << password;
    std::ofstream(registered / "nss.module")
        << "module: " << module.string() << "\nx-init-reserved: " << reserved() << "\n";
    if (!register_modules_in(registered)) GTEST_SKIP() << "SKIPPED: no mount namespace can be made here";
    const auto made = ChildProcess::start("/usr/bin/certutil", {"-N", "-d", "sql:" + database().string(),
                                                                "-f", (stage.path() / "password").string()});
    const auto ended = made->wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{30});
    ASSERT_TRUE(ended && ended->code == 0) << "certutil made no database";
    stage.provision(module, reserved(), label, password, GetParam());
    stage.use_module("p11-kit:nss", "token.uri = \"pkcs11:token=NSS%20Certificate%20DB\"\n");
  }
  fs::path database() const { return stage.path() / "nss"; }
  std::string reserved() const {
    return "configdir='sql:" + database().string() + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=";
  }
  fs::path module;
};

/// Of all its keys it says that they were not made there. A key of which nobody can say that it cannot be had
/// elsewhere is not certified, and does not stay.
TEST_P(NssSoftokn, shows_what_is_there_and_makes_no_key_that_can_be_used) {
  expect_certificates(password, 1);
  const auto run = stage.run(messages::JobKind::renew, {password, {}, {}});
  EXPECT_EQ(run.failure(), Reason::key_not_made_on_token) << run.in_words();
  EXPECT_EQ(stage.bank().issued(), 0U);
  expect_certificates(password, 1);
}

TEST_P(NssSoftokn, a_wrong_password_is_told) {
  expect_wrong_pin("0987654321");
}

INSTANTIATE_TEST_SUITE_P(Key, NssSoftokn, testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048),
                         [](const auto& about) {
                           return about.param == KeyAlgorithm::ec_p256 ? std::string("ec")
                                                                       : std::string("rsa");
                         });

}  // namespace
}  // namespace koshin::cards
