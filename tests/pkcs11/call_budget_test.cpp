// SPDX-License-Identifier: MIT
// The product promises how often it asks a token. These tests count, with pkcs11-spy, the calls of the
// sequences that a renewal and an inspection are made of.
#include "pkcs11/error.hpp"
#include "spy.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

const Bytes old_id{1};
const Bytes new_id{2};
const Bytes message{'r', 'e', 'q', 'u', 'e', 's', 't'};

class CallBudget : public SoftHsmToken {
 protected:
  CallBudget() {
    if (spy_module().empty()) return;
    const auto module = load();
    const auto session = logged_in(module);
    const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, old_id, "old");
    session->write_certificate(certificate_for(pair.public_key.public_key, "old"), old_id, "old");
  }
  void SetUp() override {
    if (spy_module().empty())
      GTEST_SKIP() << "no pkcs11-spy.so here (package opensc-pkcs11): no calls were counted";
  }
};

/// As `koshin inspect` does it: no login.
std::vector<TokenObject> inspect() {
  const auto module = Spy::load();
  std::vector<TokenObject> found;
  for (const TokenInfo& token : module->tokens()) {
    if (!token.initialized) continue;
    found = Session::open(module, token.slot, Access::read_only)->objects();
  }
  return found;
}

TEST_F(CallBudget, an_inspection_of_one_pair_takes_14_calls) {
  const Spy spy(test::SoftHsm::module(), directory_.path());
  const auto objects = inspect();
  ASSERT_THAT(objects, testing::SizeIs(2));  // certificate and public key: nobody is logged in
  EXPECT_LE(spy.total(), 14) << spy.table();
  EXPECT_EQ(spy.calls()["C_Login"], 0);
  EXPECT_EQ(spy.calls()["C_GetSlotInfo"], 0);
}

TEST_F(CallBudget, eleven_more_objects_take_one_more_search_and_one_read_each) {
  {
    const auto module = load();
    const auto session = logged_in(module);
    const Bytes der = certificate_for(
        session->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "").public_key.public_key, "one of many");
    for (std::uint8_t i = 0; i < 10; ++i) session->write_certificate(der, Bytes{7, i}, "many");
  }
  const Spy spy(test::SoftHsm::module(), directory_.path());
  ASSERT_THAT(inspect(), testing::SizeIs(13));
  EXPECT_LE(spy.total(), 14 + 1 + 11) << spy.table();
}

TEST_F(CallBudget, a_whole_renewal_stays_within_45_calls) {
  const Spy spy(test::SoftHsm::module(), directory_.path());
  {
    const auto module = Spy::load();
    const TokenInfo token = module->token(token_named(*module, "desk").slot);
    const auto session = Session::open(module, token.slot, Access::read_write);
    session->login(User::user, pin_of(user_pin));
    session->mechanisms();
    const auto before = session->objects();
    ASSERT_THAT(before, testing::SizeIs(3));
    const auto pair = session->generate_key_pair(KeyAlgorithm::ec_p256, new_id, "new");
    const EvpPkey new_key = session->evp_private_key(pair.private_key, pair.public_key.public_key);
    ASSERT_FALSE(digest_sign(new_key.get(), EVP_sha256(), message).empty());  // the request
    for (const TokenObject& object : before) {
      if (object.object_class != ObjectClass::private_key) continue;
      const auto certificate = std::find_if(before.begin(), before.end(), [](const TokenObject& candidate) {
        return candidate.object_class == ObjectClass::certificate;
      });
      const EvpPkey old_key = session->evp_private_key(object, certificate->public_key);
      ASSERT_FALSE(digest_sign(old_key.get(), EVP_sha256(), message).empty());  // TLS
    }
    session->write_certificate(certificate_for(pair.public_key.public_key, "new"), new_id, "new");
    ASSERT_THAT(session->objects_with_id(new_id), testing::SizeIs(3));
    ASSERT_FALSE(digest_sign(new_key.get(), EVP_sha256(), message).empty());  // prove
  }
  auto calls = spy.calls();
  EXPECT_LE(spy.total(), 45) << spy.table();
  EXPECT_EQ(calls["C_Initialize"], 1);
  EXPECT_EQ(calls["C_Login"], 1);
  EXPECT_EQ(calls["C_GenerateKeyPair"], 1);
  EXPECT_EQ(calls["C_SignInit"], 3);
  EXPECT_EQ(calls["C_Sign"], 3);
  EXPECT_EQ(calls["C_DestroyObject"], 0);
  EXPECT_EQ(calls["C_Finalize"], 1);
  RecordProperty("token_calls", spy.total());
  std::printf("token calls of a whole renewal: %d\n%s", spy.total(), spy.table().c_str());
}

TEST_F(CallBudget, nothing_that_may_be_a_private_key_is_asked_for_its_value) {
  const Spy spy(test::SoftHsm::module(), directory_.path());
  {
    const auto module = Spy::load();
    const auto session = logged_in(module);
    session->objects();
  }
  // One read of each of the three objects, and one of the certificate's value.
  EXPECT_EQ(spy.calls()["C_GetAttributeValue"], 4);
  EXPECT_EQ(spy.log().find("CKR_ATTRIBUTE_SENSITIVE"), std::string::npos);
}

}  // namespace
}  // namespace koshin::pkcs11
