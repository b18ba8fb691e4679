// SPDX-License-Identifier: MIT
// PINs, tokens, modules and certificates that are not as they should be: each has its own reason and costs
// nothing.
#include <gmock/gmock.h>

#include <fstream>

#include "foundation/system/atomic_file.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BadInput : public RenewalTest {};

TEST_F(BadInput, AWrongPinCostsOneTry) {
  provision_token();
  pin = "0000";
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "pin_incorrect");
  EXPECT_THAT(ending.failure->detail, HasSubstr("one try was spent"));
  EXPECT_EQ(unfinished(), std::nullopt);
  pin = SoftHsm::default_pin;
  EXPECT_EQ(renew().name(), "pin_count_low") << "P2: not tried unless somebody insists";
  const Ending right = run(JobKind::renew, [](auto& job) { job.insist_count_low = true; });
  EXPECT_EQ(right.name(), "completed");
  EXPECT_THAT(right.notices(), Contains("pin_count_low"));
}

TEST_F(BadInput, P2_PinsOfTheWrongLengthCostNone) {
  provision_token();
  pin = "123";
  EXPECT_EQ(renew().name(), "pin_length_invalid");
  pin = std::string(256, '1');
  EXPECT_EQ(renew().name(), "pin_length_invalid");
  pin.clear();
  EXPECT_EQ(renew().name(), "pin_required");
  pin = SoftHsm::default_pin;
  EXPECT_THAT(renew().notices(), IsEmpty()) << "the token has seen no wrong PIN";
}

TEST_F(BadInput, P2_PinsOfOtherCharactersThanTheSettingsAllowCostNone) {
  provision_token();
  settings.token.pin_characters = PinCharacters::digits;
  pin = "12a4";
  const Ending refused = renew();
  EXPECT_EQ(refused.name(), "pin_length_invalid");
  pin = SoftHsm::default_pin;
  EXPECT_THAT(renew().notices(), IsEmpty()) << "the token has seen no wrong PIN";
}

/// "file:/tmp/pin", and on Windows "file:///C:/pin".
std::string file_uri(const std::filesystem::path& file) {
  const std::string path = file.generic_string();
  return (path.starts_with('/') ? "file:" : "file:///") + path;
}

TEST_F(BadInput, AStoredPinThatWasWrongIsNotTriedAgain) {
  provision_token();
  const auto source = directory.path() / "pin";
  write_file_atomically(source, "0000\n");
  settings.token.uri = "pkcs11:token=demo?pin-source=" + file_uri(source);
  pin = "0000";
  const auto unattended = [](auto& job) { job.unattended = true; };
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "pin_incorrect");
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "pin_refused_before");

  // The person enters the right PIN, so the token no longer warns; the file is still the same.
  pin = SoftHsm::default_pin;
  EXPECT_EQ(run(JobKind::renew, [](auto& job) { job.dry_run = job.insist_count_low = true; }).name(),
            "dry_run");
  pin = "0000";
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "pin_refused_before");

  write_file_atomically(source, std::string(SoftHsm::default_pin) + "\n");
  pin = SoftHsm::default_pin;
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "completed");
}

TEST_F(BadInput, AStoredPinIsDoubtedBeforeItIsPresentedAndTrustedAgainAfterwards) {
  provision_token();
  settings.token.uri = "pkcs11:token=demo?pin-source=" + file_uri(directory.path() / "pin");
  const auto unattended = [](auto& job) {
    job.unattended = true;
    job.dry_run = true;
  };
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "dry_run");
  EXPECT_EQ(run(JobKind::renew, unattended).name(), "dry_run") << "nothing is held against it";
  const auto memories = journal()->memories();
  ASSERT_EQ(memories.size(), 1U) << "it was";
  EXPECT_FALSE(memories.front().pin_source_refused);
}

TEST_F(BadInput, TwoTokensWithOneLabelAreToldApartBySerial) {
  provision_token();
  hsm.init_token("demo");
  const Ending ending = run(JobKind::renew, [&](auto& job) { job.token_uri = "pkcs11:token=demo"; });
  EXPECT_EQ(ending.name(), "token_ambiguous");
  EXPECT_THAT(ending.failure->detail, HasSubstr("serial="));
}

TEST_F(BadInput, AUriIsKeptToWithAllItSaysOfModuleAndSlot) {
  provision_token();
  const auto ends = [&](const std::string& uri) {
    return run(JobKind::renew,
               [&](auto& job) {
                 job.dry_run = true;
                 job.token_uri = uri;
               })
        .name();
  };
  const std::string file = SoftHsm::module().string();
  const auto module = pkcs11::Module::load(file);
  const auto slot = module->slot(slot_of("demo"));
  pkcs11::Uri uri;
  uri.slot_description = slot.description;
  uri.slot_manufacturer = slot.manufacturer;
  uri.library_manufacturer = module->library().manufacturer;
  uri.library_description = module->library().description;
  uri.library_version =
      std::to_string(module->library().major) + "." + std::to_string(module->library().minor);
  uri.module_path = file;
  uri.module_name = "softhsm2";
  EXPECT_EQ(ends(uri.to_string()), "dry_run") << uri.to_string();
  for (const char* other :
       {"pkcs11:slot-description=Sun%20Metaslot", "pkcs11:slot-manufacturer=Sun",
        "pkcs11:library-manufacturer=Sun", "pkcs11:library-description=Soft", "pkcs11:library-version=1.0",
        "pkcs11:?module-name=opensc-pkcs11", "pkcs11:?module-path=/usr/lib/other.so"})
    EXPECT_EQ(ends(other), "token_not_found") << other;
}

TEST_F(BadInput, SaysWhichTokenOrModuleIsMissing) {
  provision_token();
  const Ending no_token = run(JobKind::renew, [&](auto& job) { job.token_uri = "pkcs11:token=other"; });
  EXPECT_EQ(no_token.name(), "token_not_found");
  EXPECT_THAT(no_token.failure->detail, HasSubstr("token=demo"));
  EXPECT_EQ(
      run(JobKind::renew, [&](auto& job) { job.token_uri = "pkcs11:token=demo?pin-value=1234"; }).name(),
      "usage_error");
  EXPECT_EQ(run(JobKind::renew, [&](auto& job) { job.token_uri = "no uri"; }).name(), "usage_error");
  EXPECT_EQ(run(JobKind::renew, [&](auto& job) { job.module = "/tmp/evil.so"; }).name(),
            "module_not_configured");
  settings.token.modules = {(directory.path() / "missing.so").string()};
  EXPECT_EQ(renew().name(), "module_not_found");
  settings.token.modules = {directory.path().string()};
  EXPECT_EQ(renew().name(), "module_incompatible") << "a folder is no file that others could write";
  const auto text = directory.path() / "text.so";
  std::ofstream(text) << "not a shared object";
  settings.token.modules = {text.string()};
  EXPECT_EQ(renew().name(), "module_not_loadable");
  settings.token.modules = {};
  EXPECT_EQ(renew().name(), "module_not_configured");
}

TEST_F(BadInput, AModuleThatDoesNotLoadIsPassedOver) {
  const Bytes old = provision_token();
  settings.token.modules.insert(settings.token.modules.begin(), (directory.path() / "missing.so").string());
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(BadInput, AnEmptyTokenHasNoCertificate) {
  EXPECT_EQ(renew().name(), "certificate_not_found");
}

TEST_F(BadInput, ACertificateWithoutKeyIsSaidToBeOne) {
  const auto module = pkcs11::Module::load(SoftHsm::module());
  {
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, Bytes{1}, "x");
    session->write_certificate(bank.issue(pair.public_key.public_key, default_user, 12), Bytes{1}, "x");
    session->destroy(pair.private_key);
  }
  EXPECT_EQ(renew().name(), "key_not_found");
}

TEST_F(BadInput, OfSeveralDueTheFirstToExpireIsRenewed) {
  provision_token(KeyAlgorithm::ec_p256, 20, "12345678901234 user0002");
  const Bytes first = provision_token(KeyAlgorithm::ec_p256, 10);
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed");
  EXPECT_EQ(ending.as<RenewResult>().old_certificate.sha256,
            enrollment::Certificate::from_der(first).sha256());
}

}  // namespace
}  // namespace koshin::test
