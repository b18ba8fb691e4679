// SPDX-License-Identifier: MIT
// Tokens whose objects, logins and mechanisms are not as the standard wants them, made by fake_module.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "fake_module.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/module.hpp"
#include "pkcs11/public_key.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/shared_object.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::SizeIs;

template <class Value>
Bytes value_of(Value value) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
  return {bytes, bytes + sizeof value};
}

/// A P-256 key as a token could store it.
struct EcKey {
  EvpPkey key = software_key();
  Bytes info() const { return public_key_info(key.get()); }
  Bytes point() const {
    const Bytes der = info();
    return {der.end() - 65, der.end()};
  }
  Bytes wrapped_point() const {
    Bytes wrapped{0x04, 65};
    const Bytes bare = point();
    wrapped.insert(wrapped.end(), bare.begin(), bare.end());
    return wrapped;
  }
  Bytes compressed_point() const {
    const Bytes bare = point();
    Bytes compressed{static_cast<std::uint8_t>(2 + bare[64] % 2)};
    compressed.insert(compressed.end(), bare.begin() + 1, bare.begin() + 33);
    return compressed;
  }
};

Bytes explicit_parameters(int curve) {
  const std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> group(EC_GROUP_new_by_curve_name(curve),
                                                                  EC_GROUP_free);
  EC_GROUP_set_asn1_flag(group.get(), OPENSSL_EC_EXPLICIT_CURVE);
  unsigned char* memory = nullptr;
  const int length = i2d_ECPKParameters(group.get(), &memory);
  Bytes der(memory, memory + length);
  OPENSSL_free(memory);
  return der;
}

class OddTokens : public testing::Test {
 protected:
  OddTokens()
      : object_(SharedObject::load(KOSHIN_FAKE_MODULE)),
        fake_(*reinterpret_cast<FakeModuleAccess>(object_->symbol("koshin_fake_module"))()) {
    fake_ = FakeModule{};
  }
  std::unique_ptr<Session> open() {
    const auto module = Module::load(KOSHIN_FAKE_MODULE);
    module->tokens();
    return Session::open(module, 0, Access::read_only);
  }
  void add_ec_public_key(const Bytes& parameters, const Bytes& point) {
    fake_.objects.push_back({{CKA_CLASS, value_of(CK_OBJECT_CLASS{CKO_PUBLIC_KEY})},
                             {CKA_KEY_TYPE, value_of(CK_KEY_TYPE{CKK_EC})},
                             {CKA_ID, {7}},
                             {CKA_LABEL, {'k', 'e', 'y'}},
                             {CKA_EC_PARAMS, parameters},
                             {CKA_EC_POINT, point}});
  }
  void add_certificate(const Bytes& der) {
    fake_.objects.push_back({{CKA_CLASS, value_of(CK_OBJECT_CLASS{CKO_CERTIFICATE})},
                             {CKA_CERTIFICATE_TYPE, value_of(CK_CERTIFICATE_TYPE{CKC_X_509})},
                             {CKA_ID, {7}},
                             {CKA_VALUE, der}});
  }

  std::unique_ptr<SharedObject> object_;
  FakeModule& fake_;
  EcKey key_;
};

TEST_F(OddTokens, ec_points_are_taken_bare_wrapped_and_compressed) {
  const Bytes named = curve_parameters(KeyAlgorithm::ec_p256);
  add_ec_public_key(named, key_.wrapped_point());
  add_ec_public_key(named, key_.point());
  add_ec_public_key(named, key_.compressed_point());
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(3));
  for (const TokenObject& object : objects) EXPECT_EQ(object.public_key, key_.info());
}

TEST_F(OddTokens, explicit_parameters_of_a_known_curve_come_out_named) {
  add_ec_public_key(explicit_parameters(NID_X9_62_prime256v1), key_.wrapped_point());
  add_ec_public_key(Bytes{0x13, 10, 'p', 'r', 'i', 'm', 'e', '2', '5', '6', 'v', '1'}, key_.wrapped_point());
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_EQ(objects[0].public_key, key_.info());
  EXPECT_EQ(objects[1].public_key, key_.info()) << "a curve by its name, as PKCS#11 3.0 has it";
}

TEST_F(OddTokens, points_off_the_curve_and_unknown_parameters_give_no_public_key) {
  Bytes off = key_.wrapped_point();
  off.back() ^= 1;
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), off);
  add_ec_public_key(Bytes{0x30, 0}, key_.wrapped_point());
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p384), key_.wrapped_point());
  add_ec_public_key({}, {});
  for (const TokenObject& object : open()->objects()) EXPECT_EQ(object.public_key, Bytes{});
}

TEST_F(OddTokens, a_module_that_stops_at_the_first_bad_attribute_is_asked_for_the_rest) {
  fake_.stops_at_bad_attribute = true;
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  const Bytes certificate = certificate_for(key_.info(), "odd");
  add_certificate(certificate);
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_EQ(objects[0].public_key, key_.info());
  EXPECT_EQ(objects[0].label, "key");
  EXPECT_EQ(objects[1].certificate, certificate);
  EXPECT_EQ(objects[1].public_key, key_.info());
}

TEST_F(OddTokens, a_module_that_takes_numbers_only_in_buffers_of_their_size_hides_nothing) {
  fake_.exact_sizes = true;
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  const Bytes certificate = certificate_for(key_.info(), "odd");
  add_certificate(certificate);
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_EQ(objects[0].public_key, key_.info());
  EXPECT_EQ(objects[1].certificate, certificate);
}

TEST_F(OddTokens, an_object_that_the_module_fails_to_read_is_counted) {
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  fake_.broken_attributes = {CKA_CLASS, CKA_ID};
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(1));
  EXPECT_TRUE(objects[0].read_failed);
  EXPECT_EQ(objects[0].object_class, ObjectClass::other);
}

/// Its searches still work: the list is in its memory, and the card is not.
TEST_F(OddTokens, a_module_that_stops_reading_ends_the_reading_however_many_objects_there_are) {
  for (const int objects : {3, 20}) {
    fake_ = FakeModule{};
    for (int i = 0; i < objects; ++i)
      add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
    const auto session = open();
    session->login(User::user, pin_of("1234"));
    ASSERT_THAT(session->objects(), SizeIs(objects));
    const auto listed = session->list().others;
    fake_.reads_until_trouble = 2;
    EXPECT_THROW(session->objects(), Error) << objects;
    EXPECT_THROW(session->objects_with_id(Bytes{7}), Error) << objects;
    EXPECT_THROW(session->read_listed({listed.back()}, false), Error) << "others were read before";
  }
}

TEST_F(OddTokens, a_certificate_without_identifier_is_read_and_a_key_may_be_any_key) {
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  const Bytes certificate = certificate_for(key_.info(), "odd");
  add_certificate(certificate);
  fake_.broken_attributes = {CKA_ID};
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_EQ(objects[0].public_key, key_.info());
  EXPECT_TRUE(objects[0].read_failed);
  EXPECT_EQ(objects[1].certificate, certificate);
  EXPECT_FALSE(objects[1].read_failed);
}

TEST_F(OddTokens, an_object_whose_content_cannot_be_read_is_not_blank) {
  add_ec_public_key({}, {});
  const auto session = open();
  auto object = session->objects().at(0);
  object.id.clear();
  fake_.objects.at(0).erase(CKA_ID);
  fake_.objects.at(0).erase(CKA_LABEL);
  EXPECT_TRUE(session->is_blank(object));
  fake_.broken_attributes = {CKA_EC_POINT};
  EXPECT_FALSE(session->is_blank(object)) << "nobody knows";
  fake_.broken_attributes.clear();
  fake_.objects.at(0)[CKA_VALUE] = {1, 2, 3};
  EXPECT_FALSE(session->is_blank(object)) << "a key of another kind has its content there";
}

TEST_F(OddTokens, a_well_behaved_module_is_asked_once_for_each_object) {
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  add_certificate(certificate_for(key_.info(), "odd"));
  EXPECT_THAT(open()->objects(), SizeIs(2));
  EXPECT_EQ(fake_.calls["C_GetAttributeValue"], 2);
  EXPECT_EQ(fake_.calls["C_FindObjectsFinal"], 1);
}

TEST_F(OddTokens, zeros_behind_a_certificate_are_no_part_of_it) {
  const Bytes der = certificate_for(key_.info(), "odd");
  Bytes padded = der;
  padded.resize(der.size() + 300);
  add_certificate(padded);
  const auto objects = open()->objects();
  ASSERT_THAT(objects, SizeIs(1));
  EXPECT_EQ(objects.front().certificate, der);
  EXPECT_EQ(objects.front().public_key, key_.info());
}

TEST_F(OddTokens, anything_else_behind_a_certificate_stays) {
  Bytes longer = certificate_for(key_.info(), "odd");
  longer.push_back(7);
  add_certificate(longer);
  EXPECT_EQ(open()->objects().front().certificate, longer);
}

TEST_F(OddTokens, where_private_keys_may_be_visible_no_value_is_asked_for_but_of_certificates) {
  fake_.token_flags &= ~CK_FLAGS{CKF_LOGIN_REQUIRED};
  add_ec_public_key(curve_parameters(KeyAlgorithm::ec_p256), key_.wrapped_point());
  EXPECT_THAT(open()->objects(), SizeIs(1));
  EXPECT_THAT(fake_.asked_for, Not(Contains(CKA_VALUE)));
}

TEST_F(OddTokens, P9_a_token_pulled_during_a_search_ends_the_search_and_says_so) {
  add_certificate(certificate_for(key_.info(), "odd"));
  const auto session = open();
  fake_.failures["C_GetAttributeValue"] = CKR_DEVICE_REMOVED;
  try {
    session->objects();
    ADD_FAILURE() << "the token is gone";
  } catch (const Error& error) {
    EXPECT_EQ(classify(error.code()), Trouble::token_gone);
    EXPECT_EQ(error.function(), "C_GetAttributeValue");
  }
  EXPECT_EQ(fake_.calls["C_FindObjectsFinal"], 1);
}

TEST_F(OddTokens, an_object_deleted_by_somebody_else_meanwhile_is_left_out) {
  add_certificate(certificate_for(key_.info(), "odd"));
  const auto session = open();
  fake_.failures["C_GetAttributeValue"] = CKR_OBJECT_HANDLE_INVALID;
  EXPECT_THAT(session->objects(), SizeIs(0));
}

TEST_F(OddTokens, P2_a_login_is_tried_exactly_once_whatever_it_answers) {
  for (const CK_RV rv : {CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_DEVICE_ERROR, CKR_GENERAL_ERROR}) {
    fake_ = FakeModule{};
    fake_.failures["C_Login"] = rv;
    {
      const auto session = open();
      EXPECT_THROW(session->login(User::user, pin_of("1234")), Error);
    }
    EXPECT_EQ(fake_.calls["C_Login"], 1);
    EXPECT_EQ(fake_.calls["C_Logout"], 0) << "a session logs out only what it logged in";
    EXPECT_EQ(fake_.calls["C_CloseSession"], 1);
  }
}

TEST_F(OddTokens, P2_a_protected_authentication_path_gets_a_null_pin) {
  open()->login(User::user, {});
  EXPECT_TRUE(fake_.null_pin_given);
}

TEST_F(OddTokens, somebody_elses_login_counts_and_is_left_alone) {
  fake_.failures["C_Login"] = CKR_USER_ALREADY_LOGGED_IN;
  open()->login(User::user, pin_of("1234"));
  EXPECT_EQ(fake_.calls["C_Logout"], 0);
}

TEST_F(OddTokens, leaving_a_session_survives_whatever_the_module_answers) {
  fake_.failures = {{"C_Logout", CKR_DEVICE_REMOVED},
                    {"C_CloseSession", CKR_SESSION_HANDLE_INVALID},
                    {"C_Finalize", CKR_GENERAL_ERROR}};
  open()->login(User::user, pin_of("1234"));
  EXPECT_EQ(fake_.calls["C_Logout"], 1);
  EXPECT_EQ(fake_.calls["C_CloseSession"], 1);
  EXPECT_EQ(fake_.calls["C_Finalize"], 1);
}

TEST_F(OddTokens, mechanisms_say_what_can_be_made_and_signed) {
  fake_.mechanisms = {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS};
  fake_.mechanism_info = {512, 3072, CKF_GENERATE_KEY_PAIR | CKF_HW};
  MechanismSupport support = open()->mechanisms();
  EXPECT_THAT(support.can_generate, ElementsAre(KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072));
  EXPECT_TRUE(support.rsa_pkcs);
  EXPECT_FALSE(support.rsa_pss) << "P6: neither PSS nor raw RSA";
  EXPECT_FALSE(support.ecdsa);
  fake_.mechanisms = {CKM_RSA_X_509, CKM_EC_KEY_PAIR_GEN, CKM_ECDSA};
  fake_.mechanism_info = {32, 48, CKF_GENERATE_KEY_PAIR};  // bytes
  support = open()->mechanisms();
  EXPECT_THAT(support.can_generate, ElementsAre(KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384));
  fake_.mechanism_info = {32, 66, CKF_GENERATE_KEY_PAIR};  // bytes: 521 bits take 66
  EXPECT_THAT(open()->mechanisms().can_generate,
              ElementsAre(KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ec_p521));
  EXPECT_TRUE(support.rsa_pss);
  fake_.failures["C_GetMechanismInfo"] = CKR_FUNCTION_NOT_SUPPORTED;
  EXPECT_THAT(open()->mechanisms().can_generate, SizeIs(3)) << "listed, and nothing more is known";
  fake_.failures.clear();
  fake_.mechanism_info.flags = 0;
  EXPECT_THAT(open()->mechanisms().can_generate, SizeIs(0)) << "ECDH only, say";
}

}  // namespace
}  // namespace koshin::pkcs11
