// SPDX-License-Identifier: MIT
// Modules that object to attributes which others want: what koshin asks for then, and what it leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_module.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/module.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/shared_object.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const Bytes new_id{1, 2, 3, 4};

class StrictModules : public testing::Test {
 protected:
  StrictModules()
      : object_(SharedObject::load(KOSHIN_FAKE_MODULE)),
        fake_(*reinterpret_cast<FakeModuleAccess>(object_->symbol("koshin_fake_module"))()) {
    fake_ = FakeModule{};
  }
  std::unique_ptr<Session> open() {
    const auto module = Module::load(KOSHIN_FAKE_MODULE);
    return Session::open(module, 0, Access::read_write);
  }
  /// Once the module has said whose token it is.
  static std::unique_ptr<Session> open_known() {
    const auto module = Module::load(KOSHIN_FAKE_MODULE);
    static_cast<void>(module->tokens());
    return Session::open(module, 0, Access::read_write);
  }
  GeneratedKeyPair generate() { return open()->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new"); }
  /// Objects that were not destroyed.
  std::size_t objects() const {
    return static_cast<std::size_t>(std::count_if(fake_.objects.begin(), fake_.objects.end(),
                                                  [](const auto& object) { return !object.empty(); }));
  }
  void expect_refusal(CK_RV rv, const char* function, const std::function<void()>& act) {
    try {
      act();
      ADD_FAILURE() << "it was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.rv(), rv);
      EXPECT_EQ(error.function(), function);
    }
  }

  std::unique_ptr<SharedObject> object_;
  FakeModule& fake_;
  EvpPkey key_ = software_key();
  /// As CKA_EC_POINT has it: the last 65 bytes of a P-256 SubjectPublicKeyInfo in an OCTET STRING.
  Bytes point_ = [this] {
    const Bytes info = public_key_info(key_.get());
    Bytes wrapped{0x04, 65};
    wrapped.insert(wrapped.end(), info.end() - 65, info.end());
    return wrapped;
  }();
};

TEST_F(StrictModules, one_that_takes_everything_is_asked_once_for_everything) {
  EXPECT_TRUE(generate().origin.trustworthy());
  ASSERT_THAT(fake_.templates, SizeIs(1));
  EXPECT_THAT(fake_.templates[0], UnorderedElementsAre(CKA_TOKEN, CKA_ID, CKA_LABEL, CKA_SIGN, CKA_PRIVATE,
                                                       CKA_SENSITIVE, CKA_EXTRACTABLE));
}

/// ykcs11 2.2.0.
TEST_F(StrictModules, one_that_does_not_know_extractable_is_asked_for_all_the_rest) {
  fake_.refused_attributes = {CKA_EXTRACTABLE};
  EXPECT_TRUE(generate().origin.trustworthy());
  ASSERT_THAT(fake_.templates, SizeIs(2));
  EXPECT_THAT(fake_.templates[1],
              UnorderedElementsAre(CKA_TOKEN, CKA_ID, CKA_LABEL, CKA_SIGN, CKA_PRIVATE, CKA_SENSITIVE));
}

/// ykcs11 from 2.3.0 on, by its own header (ykcs11/pkcs11y.h).
constexpr unsigned long touch_policy = CKA_VENDOR_DEFINED + 0x59554201, pin_policy = touch_policy + 1;
const KeyUsePolicies once_and_always{.pin = 2, .touch = 2};

TEST_F(StrictModules, yubicos_is_asked_for_the_policies_of_the_new_key) {
  fake_.manufacturer = "Yubico (www.yubico.com)";
  open_known()->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new", Place::free,
                                  {.policies = once_and_always});
  ASSERT_THAT(fake_.templates, SizeIs(1));
  EXPECT_THAT(fake_.templates[0], IsSupersetOf({touch_policy, pin_policy}));
  const auto made = std::find_if(fake_.objects.begin(), fake_.objects.end(),
                                 [](const auto& object) { return object.contains(touch_policy); });
  ASSERT_NE(made, fake_.objects.end());
  EXPECT_EQ(made->at(touch_policy), (std::vector<unsigned char>{2}));
  EXPECT_EQ(made->at(pin_policy), (std::vector<unsigned char>{2}));
}

/// ykcs11 2.2.0 knows neither these attributes nor CKA_EXTRACTABLE.
TEST_F(StrictModules, one_that_does_not_know_policies_makes_the_key_without_them) {
  fake_.manufacturer = "Yubico (www.yubico.com)";
  fake_.refused_attributes = {CKA_EXTRACTABLE, touch_policy, pin_policy};
  const auto pair = open_known()->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new", Place::free,
                                                    {.policies = once_and_always});
  EXPECT_TRUE(pair.origin.trustworthy());
  EXPECT_THAT(fake_.templates.back(),
              UnorderedElementsAre(CKA_TOKEN, CKA_ID, CKA_LABEL, CKA_SIGN, CKA_PRIVATE, CKA_SENSITIVE));
  EXPECT_THAT(fake_.templates.front(), testing::Contains(touch_policy)) << "it was asked";
}

TEST_F(StrictModules, other_vendors_are_not_asked_for_policies) {
  open_known()->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new", Place::free,
                                  {.policies = once_and_always});
  ASSERT_THAT(fake_.templates, SizeIs(1));
  EXPECT_THAT(fake_.templates[0], Not(testing::Contains(touch_policy)));
}

TEST_F(StrictModules, the_strictest_is_told_what_cannot_be_left_out_and_nothing_else) {
  fake_.refused_attributes = {CKA_EXTRACTABLE, CKA_LABEL, CKA_SENSITIVE, CKA_PRIVATE, CKA_VERIFY, CKA_SIGN};
  for (const CK_RV refusal : {CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,
                              CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT, CKR_ARGUMENTS_BAD}) {
    fake_.refusal = refusal;
    fake_.templates.clear();
    generate();
    EXPECT_THAT(fake_.templates.back(), UnorderedElementsAre(CKA_TOKEN, CKA_ID));
  }
}

TEST_F(StrictModules, one_that_wants_to_hear_what_the_mechanism_says_anyway_hears_it) {
  fake_.wanted_attributes = {CKA_CLASS, CKA_KEY_TYPE};
  generate();
  EXPECT_THAT(fake_.templates.back(),
              IsSupersetOf<unsigned long>({CKA_CLASS, CKA_KEY_TYPE, CKA_SENSITIVE, CKA_EXTRACTABLE}));
}

TEST_F(StrictModules, a_refused_call_leaves_no_half_of_a_pair) {
  fake_.refused_attributes = {CKA_EXTRACTABLE};
  fake_.refused_call_leaves_objects = true;
  generate();
  EXPECT_EQ(objects(), 2U) << "the pair";
  EXPECT_EQ(fake_.calls["C_DestroyObject"], 1);
}

TEST_F(StrictModules, one_that_takes_no_template_leaves_nothing_and_the_first_answer_counts) {
  fake_.refused_attributes = {CKA_TOKEN};
  fake_.refusal = CKR_TEMPLATE_INCONSISTENT;
  fake_.refused_call_leaves_objects = true;
  expect_refusal(CKR_TEMPLATE_INCONSISTENT, "C_GenerateKeyPair", [this] { generate(); });
  EXPECT_EQ(objects(), 0U);
}

TEST_F(StrictModules, what_is_not_about_the_template_is_not_tried_again) {
  for (const CK_RV rv : {CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED,
                         CKR_MECHANISM_INVALID, CKR_USER_NOT_LOGGED_IN}) {
    fake_.calls.clear();
    fake_.failures["C_GenerateKeyPair"] = rv;
    expect_refusal(rv, "C_GenerateKeyPair", [this] { generate(); });
    EXPECT_EQ(fake_.calls["C_GenerateKeyPair"], 1);
  }
}

TEST_F(StrictModules, one_that_tells_nothing_of_a_keys_origin_is_taken_at_its_word) {
  fake_.silent_attributes = {CKA_LOCAL, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE, CKA_SIGN};
  const auto pair = generate();
  EXPECT_FALSE(pair.origin.local);
  EXPECT_TRUE(pair.origin.trustworthy());
  EXPECT_TRUE(pair.private_key.can_sign) << "it has not said no";
}

TEST_F(StrictModules, one_that_says_a_new_key_can_leave_it_is_not_trusted) {
  const auto session = open();
  const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new");
  fake_.objects.at(pair.private_key.handle - 1)[CKA_NEVER_EXTRACTABLE] = {CK_FALSE};
  EXPECT_FALSE(session->key_origin(pair.private_key).trustworthy());
}

/// A module that knows neither CKA_NEVER_EXTRACTABLE nor CKA_ALWAYS_SENSITIVE, and makes keys that can leave
/// it.
TEST_F(StrictModules, one_that_says_a_key_can_be_read_is_not_trusted_though_it_is_silent_of_the_past) {
  fake_.silent_attributes = {CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE};
  const auto session = open();
  const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new");
  auto& made = fake_.objects.at(pair.private_key.handle - 1);
  EXPECT_TRUE(session->key_origin(pair.private_key).trustworthy());
  made[CKA_EXTRACTABLE] = {CK_TRUE};
  EXPECT_FALSE(session->key_origin(pair.private_key).trustworthy());
  made[CKA_EXTRACTABLE] = {CK_FALSE};
  made[CKA_SENSITIVE] = {CK_FALSE};
  EXPECT_FALSE(session->key_origin(pair.private_key).trustworthy());
}

TEST_F(StrictModules, what_is_refused_of_the_public_key_costs_the_private_key_nothing) {
  fake_.refused_attributes = {CKA_VERIFY};
  EXPECT_EQ(generate().origin.is_private, true);
  EXPECT_THAT(fake_.templates.back(), UnorderedElementsAre(CKA_TOKEN, CKA_ID, CKA_LABEL, CKA_SIGN,
                                                           CKA_PRIVATE, CKA_SENSITIVE, CKA_EXTRACTABLE));
}

/// NSS softokn with nothing in its database yet.
TEST_F(StrictModules, the_first_key_of_a_module_that_takes_only_buffers_of_the_very_size_is_read) {
  fake_.exact_sizes = true;
  fake_.made_point = point_;
  const auto pair = generate();
  EXPECT_EQ(pair.public_key.public_key, public_key_info(key_.get()));
  EXPECT_EQ(pair.origin.local, true);
  EXPECT_TRUE(pair.private_key.can_sign);
}

TEST_F(StrictModules, a_certificate_is_written_with_what_the_module_takes) {
  const Bytes der = certificate_for(public_key_info(software_key().get()), "strict");
  fake_.refused_attributes = {CKA_PRIVATE};
  open()->write_certificate(der, new_id, "certificate");
  EXPECT_THAT(fake_.templates.back(), IsSupersetOf<unsigned long>({CKA_LABEL, CKA_ISSUER}));
  fake_.refused_attributes = {CKA_LABEL};
  open()->write_certificate(der, new_id, "certificate");
  EXPECT_THAT(fake_.templates.back(), UnorderedElementsAre(CKA_CLASS, CKA_CERTIFICATE_TYPE, CKA_TOKEN, CKA_ID,
                                                           CKA_SUBJECT, CKA_VALUE));
}

TEST_F(StrictModules, a_refused_certificate_leaves_no_copy_and_takes_no_other_with_it) {
  const Bytes der = certificate_for(public_key_info(software_key().get()), "strict");
  const Bytes other = certificate_for(public_key_info(software_key().get()), "somebody else");
  open()->write_certificate(other, new_id, "under the same CKA_ID");
  fake_.refused_attributes = {CKA_PRIVATE};
  fake_.refused_call_leaves_objects = true;
  const auto session = open();
  session->write_certificate(der, new_id, "certificate");
  const auto left = session->objects();
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_EQ(left[0].certificate, other);
  EXPECT_EQ(left[1].certificate, der);
}

TEST_F(StrictModules, one_that_does_not_search_by_id_is_asked_for_all) {
  const auto session = open();
  session->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new");
  session->generate_key_pair(KeyAlgorithm::ec_p256, Bytes{9}, "other");
  fake_.refused_attributes = {CKA_ID};
  const auto found = session->objects_with_id(new_id);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].id, new_id);
}

}  // namespace
}  // namespace koshin::pkcs11
