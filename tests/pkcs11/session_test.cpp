// SPDX-License-Identifier: MIT
// Sessions with a real SoftHSM: what is found is what was made.
#include <functional>

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
                         testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ec_p521,
                                         KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072,
                                         KeyAlgorithm::rsa_4096),
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

Trouble trouble_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return classify(error.code());
  }
  ADD_FAILURE() << "nothing went wrong";
  return Trouble::other;
}

TEST_F(Sessions, P2_a_wrong_pin_is_seen_in_the_tokens_flags) {
  const auto module = load();
  const auto slot = token_named(*module, "desk").slot;
  const auto session = Session::open(module, slot, Access::read_only);
  EXPECT_EQ(trouble_of([&] { session->login(User::user, pin_of("0000000000")); }), Trouble::pin_incorrect);
  EXPECT_TRUE(module->token(slot).pin.count_low);
  session->login(User::user, pin_of(user_pin));
  EXPECT_FALSE(module->token(slot).pin.count_low);
}

TEST_F(Sessions, private_keys_are_seen_only_while_logged_in) {
  const auto module = load();
  const auto session = logged_in(module);
  session->generate_key_pair(KeyAlgorithm::ec_p256, id, "key");
  EXPECT_THAT(session->objects(), SizeIs(2));
  session->logout();
  EXPECT_THAT(session->objects(), SizeIs(1));
  session->login(User::user, pin_of(user_pin));
  EXPECT_THAT(session->objects_with_id(Bytes{9}), SizeIs(0));
}

TEST_F(Sessions, a_second_session_neither_logs_in_again_nor_logs_the_first_out) {
  const auto module = load();
  const auto first = logged_in(module);
  first->generate_key_pair(KeyAlgorithm::ec_p256, id, "key");
  logged_in(module);
  EXPECT_THAT(first->objects(), SizeIs(2)) << "the private key is still visible";
}

TEST_F(Sessions, a_session_keeps_its_module) {
  const auto session = logged_in(load());
  EXPECT_THAT(session->objects(), SizeIs(0));
}

TEST_F(Sessions, destroying_takes_exactly_that_object) {
  const auto module = load();
  const auto session = logged_in(module);
  const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, id, "key");
  const auto certificate =
      session->write_certificate(certificate_for(pair.public_key.public_key, "a"), id, "a");
  session->destroy(certificate);
  const auto left = session->objects();
  ASSERT_THAT(left, SizeIs(2));
  for (const TokenObject& object : left) EXPECT_NE(object.object_class, ObjectClass::certificate);
}

TEST_F(Sessions, what_is_no_certificate_never_reaches_the_token) {
  const auto module = load();
  const auto session = logged_in(module);
  EXPECT_THROW(session->write_certificate(Bytes{0x30, 0x00}, id, "x"), std::invalid_argument);
  Bytes trailing =
      certificate_for(session->generate_key_pair(KeyAlgorithm::ec_p256, id, "").public_key.public_key, "a");
  trailing.push_back(0);
  EXPECT_THROW(session->write_certificate(trailing, id, "x"), std::invalid_argument);
  EXPECT_THAT(session->objects(), SizeIs(2));
}

TEST_F(Sessions, a_read_only_session_cannot_write) {
  const auto module = load();
  const auto writer = logged_in(module);
  const auto pair = writer->generate_key_pair(KeyAlgorithm::ec_p256, id, "key");
  const auto reader = Session::open(module, token_named(*module, "desk").slot, Access::read_only);
  const Bytes der = certificate_for(pair.public_key.public_key, "a");
  EXPECT_EQ(trouble_of([&] { reader->write_certificate(der, id, "a"); }), Trouble::write_protected);
}

TEST_F(Sessions, P10_the_security_officer_can_write_a_certificate) {
  const auto module = load();
  const auto session = Session::open(module, token_named(*module, "desk").slot, Access::read_write);
  session->login(User::security_officer, pin_of("so-12345678"));
  const Bytes der = certificate_for(public_key_info(software_key().get()), "piv");
  session->write_certificate(der, id, "piv");
  EXPECT_THAT(session->objects(), SizeIs(1));
}

TEST_F(Sessions, P9_a_token_that_was_taken_out_is_no_longer_listed) {
  hsm_.remove_token("desk");
  for (const TokenInfo& token : load()->tokens()) EXPECT_FALSE(token.initialized);
  hsm_.reinsert_token("desk");
  EXPECT_EQ(token_named(*load(), "desk").label, "desk");
}

TEST_F(Sessions, softhsm_offers_everything_koshin_makes) {
  const auto module = load();
  const auto support =
      Session::open(module, token_named(*module, "desk").slot, Access::read_only)->mechanisms();
  EXPECT_THAT(support.can_generate, SizeIs(6));
  EXPECT_TRUE(support.rsa_pkcs);
  EXPECT_TRUE(support.rsa_pss);
  EXPECT_TRUE(support.ecdsa);
}

}  // namespace
}  // namespace koshin::pkcs11
