// SPDX-License-Identifier: MIT
// Sessions with a real SoftHSM: what is found is what was made.
#include <openssl/core_names.h>

#include "pkcs11/credentials.hpp"
#include "pkcs11/error.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

using testing::SizeIs;

const Bytes id{0xA1, 0x00, 0xFF, 0x10};
const Bytes message{'k', 'o', 's', 'h', 'i', 'n'};

class Sessions : public SoftHsmToken {};

TEST_F(Sessions, tell_the_token_by_manufacturer_model_and_serial) {
  const auto module = load();
  const auto token = token_named(*module, "desk");
  EXPECT_EQ(token.identity.manufacturer, "SoftHSM project");
  EXPECT_EQ(token.identity.model, "SoftHSM v2");
  EXPECT_THAT(token.identity.serial, SizeIs(16));
  EXPECT_TRUE(token.initialized);
  EXPECT_TRUE(token.login_required);
  EXPECT_TRUE(token.pin.initialized);
  EXPECT_FALSE(token.pin.locked);
  EXPECT_EQ(token.pin.min_length, 4U);
  EXPECT_EQ(token.pin.max_length, 255U);
  EXPECT_EQ(token.free_private_memory, std::nullopt);
}

class EveryAlgorithm : public SoftHsmToken, public testing::WithParamInterface<KeyAlgorithm> {};

TEST_P(EveryAlgorithm, a_pair_and_its_certificate_are_found_as_they_were_made) {
  const auto module = load();
  const auto session = logged_in(module);
  const auto pair = session->generate_key_pair(GetParam(), id, "new key");
  EXPECT_TRUE(pair.origin.trustworthy());
  EXPECT_TRUE(pair.private_key.can_sign);
  EXPECT_FALSE(pair.private_key.always_authenticate);
  ASSERT_FALSE(pair.public_key.public_key.empty());
  const Bytes der = certificate_for(pair.public_key.public_key, "12345678901234 user0001");
  const TokenObject written = session->write_certificate(der, id, "new certificate");

  const auto groups = match_credentials(session->objects_with_id(id));
  ASSERT_THAT(groups, SizeIs(1));
  ASSERT_TRUE(groups[0].certificate && groups[0].private_key && groups[0].public_key);
  EXPECT_EQ(groups[0].certificate->certificate, der);
  EXPECT_EQ(groups[0].certificate->handle, written.handle);
  EXPECT_EQ(groups[0].certificate->label, "new certificate");
  EXPECT_EQ(groups[0].certificate->public_key, pair.public_key.public_key);
  EXPECT_EQ(groups[0].certificate->public_key, written.public_key);
  EXPECT_EQ(groups[0].public_key->public_key, pair.public_key.public_key);
  EXPECT_EQ(groups[0].private_key->id, id);
  EXPECT_TRUE(groups[0].private_key->can_sign);
  EXPECT_FALSE(groups[0].id_mismatch);
  EXPECT_TRUE(session->key_origin(*groups[0].private_key).trustworthy());
}

INSTANTIATE_TEST_SUITE_P(All, EveryAlgorithm,
                         testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::rsa_2048,
                                         KeyAlgorithm::rsa_3072),
                         [](const auto& instance) {
                           std::string name(to_string(instance.param));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(Sessions, a_key_signs_through_openssl) {
  const auto module = load();
  const auto session = logged_in(module);
  const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, id, "key");
  const EvpPkey key = session->evp_private_key(pair.private_key, pair.public_key.public_key);
  const Bytes signature = digest_sign(key.get(), EVP_sha256(), message);
  EXPECT_TRUE(verifies(pair.public_key.public_key, EVP_sha256(), message, signature));
}

}  // namespace
}  // namespace koshin::pkcs11
