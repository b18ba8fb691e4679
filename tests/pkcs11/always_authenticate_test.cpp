// SPDX-License-Identifier: MIT
// Keys that want the PIN for each signature (CKA_ALWAYS_AUTHENTICATE), on SoftHSM, counted with pkcs11-spy.
#include <openssl/err.h>

#include "pkcs11/error.hpp"
#include "spy.hpp"
#include "support/always_authenticate.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

const Bytes message{'s', 'i', 'g', 'n'};

PinSource says(std::string_view pin, int* asked = nullptr) {
  return [pin, asked](const std::function<void(PinView)>& use) {
    if (asked != nullptr) ++*asked;
    use(pin_of(pin));
  };
}

class AlwaysAuthenticate : public SoftHsmToken, public testing::WithParamInterface<KeyAlgorithm> {
 protected:
  AlwaysAuthenticate() {
    const auto module = load();
    const auto slot = token_named(*module, "desk").slot;
    const auto session = logged_in(module);
    test::make_always_authenticate_pair(*module, slot, GetParam(), Bytes{1});
  }

  void SetUp() override {
    if (spy_module().empty()) GTEST_SKIP() << "no pkcs11-spy.so here (package opensc-pkcs11)";
    spy_ = std::make_unique<Spy>(test::SoftHsm::module(), directory_.path());
    session_ = logged_in(Spy::load());
    for (const TokenObject& object : session_->objects()) {
      (object.object_class == ObjectClass::private_key ? private_key_ : public_key_) = object;
    }
  }

  Bytes signature() {
    const EvpPkey key = session_->evp_private_key(private_key_, public_key_.public_key);
    Bytes made = digest_sign(key.get(), EVP_sha256(), message);
    ERR_clear_error();
    return made;
  }
  bool good(const Bytes& made) const { return verifies(public_key_.public_key, EVP_sha256(), message, made); }

  std::unique_ptr<Spy> spy_;
  std::unique_ptr<Session> session_;
  TokenObject private_key_;
  TokenObject public_key_;
};

INSTANTIATE_TEST_SUITE_P(Key, AlwaysAuthenticate,
                         testing::Values(KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048),
                         [](const auto& instance) {
                           return instance.param == KeyAlgorithm::ec_p256 ? "ec" : "rsa";
                         });

TEST_P(AlwaysAuthenticate, P3_the_pin_is_given_between_sign_init_and_sign_with_no_call_between) {
  ASSERT_TRUE(private_key_.always_authenticate);
  int asked = 0;
  session_->set_context_pin(says(user_pin, &asked));
  EXPECT_TRUE(good(signature()));
  EXPECT_TRUE(good(signature()));
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(spy_->calls()["C_Login"], 3);
  EXPECT_EQ(spy_->calls()["C_Sign"], 2);
  const std::string log = spy_->log();
  const auto init = log.find(": C_SignInit");
  const auto login = log.find(": C_Login", init);
  const auto sign = log.find(": C_Sign\n", init);
  ASSERT_NE(init, std::string::npos);
  ASSERT_LT(init, login);
  ASSERT_LT(login, sign);
  const std::string between = log.substr(init + 1, sign - init - 1);
  EXPECT_EQ(between.find(": C_", 0), between.find(": C_Login")) << between;
  EXPECT_EQ(between.find(": C_", between.find(": C_Login") + 1), std::string::npos) << between;
}

TEST_P(AlwaysAuthenticate, P3_a_wrong_pin_costs_one_try_and_the_next_signature_starts_afresh) {
  session_->set_context_pin(says("9999999999"));
  EXPECT_THAT(signature(), testing::IsEmpty());
  EXPECT_EQ(spy_->calls()["C_Login"], 2);  // the user's, and the one that failed
  const std::exception_ptr failure = session_->take_signing_failure();
  ASSERT_TRUE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    EXPECT_EQ(classify(error.code()), Trouble::pin_incorrect) << error.what();
    EXPECT_EQ(error.function(), "C_Login");
  }
  EXPECT_FALSE(session_->take_signing_failure());
  session_->set_context_pin(says(user_pin));
  EXPECT_TRUE(good(signature()));
}

TEST_P(AlwaysAuthenticate, a_person_who_gives_up_is_not_asked_again) {
  int asked = 0;
  session_->set_context_pin([&asked](const std::function<void(PinView)>&) {
    ++asked;
    throw std::runtime_error("cancelled");
  });
  EXPECT_THAT(signature(), testing::IsEmpty());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(spy_->calls()["C_Login"], 1);
  session_->set_context_pin(says(user_pin));
  EXPECT_TRUE(good(signature()));
}

}  // namespace
}  // namespace koshin::pkcs11
