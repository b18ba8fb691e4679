// SPDX-License-Identifier: MIT
// A certificate whose key wants the PIN for each signature.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"
#include "support/always_authenticate.hpp"

namespace koshin::test {
namespace {

class AlwaysAuthenticate : public RenewalTest, public ::testing::WithParamInterface<pkcs11::KeyAlgorithm> {
 protected:
  Bytes provision_strict_token() {
    const Bytes id{0x5A};
    Bytes certificate;
    {
      const auto module = pkcs11::Module::load(SoftHsm::module());
      const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
      session->login(pkcs11::User::user, hsm.pin("demo"));
      make_always_authenticate_pair(*module, slot_of("demo"), GetParam(), id);
      for (const auto& object : session->objects_with_id(id)) {
        if (object.object_class != pkcs11::ObjectClass::public_key) continue;
        certificate = bank.issue(object.public_key, default_user, 12);
      }
      session->write_certificate(certificate, id, "strict");
    }
    protect_objects();
    return certificate;
  }
};

INSTANTIATE_TEST_SUITE_P(Key, AlwaysAuthenticate,
                         ::testing::Values(pkcs11::KeyAlgorithm::ec_p256, pkcs11::KeyAlgorithm::rsa_2048),
                         [](const auto& item) {
                           return item.param == pkcs11::KeyAlgorithm::ec_p256 ? "ec" : "rsa";
                         });

TEST_P(AlwaysAuthenticate, P3_TheOldKeyAuthenticatesTlsWithThePinForEachSignature) {
  const Bytes old = provision_strict_token();
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  expect_renewed(old);
}

}  // namespace
}  // namespace koshin::test
