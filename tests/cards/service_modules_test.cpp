// SPDX-License-Identifier: MIT
// Modules that nobody here wrote and that talk to a service: a TPM, opencryptoki's slot manager. Each renews
// a certificate at the stand-in bank.
#include "module_services.hpp"
#include "other_modules.hpp"

namespace koshin::cards {
namespace {

using pkcs11::KeyAlgorithm;

/// Not 12345678, which opencryptoki refuses: it is every token's PIN at first.
constexpr const char* service_pin = "73519264";

class Tpm : public OtherModules, public testing::WithParamInterface<KeyAlgorithm> {};

TEST_P(Tpm, renews) {
  const auto module = SoftwareTpm::module();
  if (module.empty())
    GTEST_SKIP()
        << "SKIPPED: no TPM (packages libtpm2-pkcs11-1, libtss2-tcti-swtpm0, libtss2-tcti-tabrmd0, swtpm, "
           "tpm2-abrmd, dbus, libglib2.0-bin, opensc)";
  const SoftwareTpm tpm(stage.path() / "tpm", token_label, service_pin);
  stage.provision(module, "", token_label, service_pin, GetParam());
  stage.use_module(module.string());
  expect_certificates(service_pin, 1);
  expect_wrong_pin("0000");
  expect_whole_life(service_pin);
}

/// Its token in software makes RSA keys only.
TEST_F(OtherModules, opencryptoki_renews) {
  const auto module = OpenCryptoki::module();
  if (module.empty()) GTEST_SKIP() << "SKIPPED: no opencryptoki (packages opencryptoki, opensc)";
  if (!OpenCryptoki::separate()) GTEST_SKIP() << "SKIPPED: no mount and IPC namespaces can be made here";
  const OpenCryptoki service(stage.path() / "opencryptoki", token_label, service_pin);
  stage.provision(module, "", token_label, service_pin, KeyAlgorithm::rsa_2048);
  stage.use_module(module.string());
  expect_certificates(service_pin, 1);
  expect_wrong_pin("0000");
  expect_whole_life(service_pin);
}

std::string name_of(const testing::TestParamInfo<KeyAlgorithm>& about) {
  return about.param == KeyAlgorithm::ec_p256 ? "ec" : "rsa";
}
const auto both_keys = testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048);
INSTANTIATE_TEST_SUITE_P(Key, Tpm, both_keys, name_of);

}  // namespace
}  // namespace koshin::cards
