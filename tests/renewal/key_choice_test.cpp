// SPDX-License-Identifier: MIT
// Which key: settings, authority and token, and whether there is room for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/failures/failure.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/uri.hpp"
#include "renewal/steps/key_choice.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::KeyAlgorithm;

struct KeyCase {
  const char* name;
  const char* policy;
  const char* old_algorithm;
  std::vector<KeyAlgorithm> authority;
  std::vector<KeyAlgorithm> token;
  const char* expected;  ///< algorithm, "same" for the same key, or a reason
};

const std::vector<KeyAlgorithm> everything{KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072,
                                           KeyAlgorithm::rsa_4096, KeyAlgorithm::ec_p256,
                                           KeyAlgorithm::ec_p384,  KeyAlgorithm::ec_p521};
const std::vector<KeyAlgorithm> rsa_only{KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072};

const std::vector<KeyAlgorithm> rsa_or_p256{KeyAlgorithm::rsa_2048, KeyAlgorithm::ec_p256};

class ChoosingAKey : public ::testing::TestWithParam<KeyCase> {};

TEST_P(ChoosingAKey, FollowsSettingsAuthorityAndToken) {
  const auto& wanted = GetParam();
  pkcs11::MechanismSupport support;
  support.can_generate = wanted.token;
  std::string result;
  try {
    const auto choice = choose_key({wanted.policy, wanted.old_algorithm, wanted.authority, true}, support);
    result = choice.same_key ? "same" : choice.algorithm;
  } catch (const FailureError& error) {
    result = info(error.failure().reason).id;
  }
  EXPECT_EQ(result, wanted.expected);
}

INSTANTIATE_TEST_SUITE_P(
    E10, ChoosingAKey,
    ::testing::Values(
        KeyCase{"as_the_old_one", "same", "rsa-3072", {}, everything, "rsa-3072"},
        KeyCase{"as_the_old_p521", "same", "ec-p521", {}, everything, "ec-p521"},
        KeyCase{
            "p521_is_not_made_here", "ec-p521", "ec-p256", {}, rsa_or_p256, "token_mechanism_unsupported"},
        KeyCase{"ed25519_is_made_nowhere", "same", "ED25519", {}, everything, "key_algorithm_not_allowed"},
        KeyCase{"instead_of_ed25519", "ec-p256", "ED25519", {}, everything, "ec-p256"},
        KeyCase{"authority_asks", "same", "rsa-2048", {KeyAlgorithm::ec_p384}, everything, "ec-p384"},
        KeyCase{"authority_asks_too_much",
                "same",
                "rsa-2048",
                {KeyAlgorithm::ec_p384},
                rsa_only,
                "token_mechanism_unsupported"},
        KeyCase{"explicit_setting", "ec-p256", "rsa-2048", {}, everything, "ec-p256"},
        KeyCase{
            "explicit_setting_agrees", "ec-p256", "rsa-2048", {KeyAlgorithm::ec_p256}, everything, "ec-p256"},
        KeyCase{"explicit_setting_disagrees",
                "ec-p256",
                "rsa-2048",
                {KeyAlgorithm::rsa_3072},
                everything,
                "key_algorithm_not_allowed"},
        KeyCase{"token_cannot", "same", "ec-p256", {}, rsa_only, "token_mechanism_unsupported"},
        KeyCase{"token_makes_nothing", "same", "ec-p256", {}, {}, "token_mechanism_unsupported"},
        KeyCase{"keeps_the_key", "renew", "ec-p256", {}, {}, "same"},
        KeyCase{"keeps_a_key_of_an_old_kind", "renew", "rsa-1024", {}, everything, "same"},
        KeyCase{"keeps_against_the_authority",
                "renew",
                "rsa-2048",
                {KeyAlgorithm::rsa_3072},
                everything,
                "key_algorithm_not_allowed"},
        KeyCase{
            "old_kind_not_made_any_more", "same", "rsa-1024", {}, everything, "key_algorithm_not_allowed"},
        KeyCase{"one_of_several_by_setting", "ec-p256", "rsa-2048", rsa_or_p256, everything, "ec-p256"},
        KeyCase{"none_of_several_by_setting", "ec-p384", "rsa-2048", rsa_or_p256, everything,
                "key_algorithm_not_allowed"},
        KeyCase{"one_of_several_kept", "renew", "ec-p256", rsa_or_p256, everything, "same"},
        KeyCase{"one_of_several_as_the_old_one", "same", "ec-p256", rsa_or_p256, everything, "ec-p256"},
        KeyCase{"one_of_several_that_the_token_makes",
                "same",
                "ec-p384",
                {KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048},
                rsa_only,
                "rsa-2048"},
        KeyCase{"empty_token", "same", "", {}, everything, "ec-p256"},
        KeyCase{"empty_rsa_token", "same", "", {}, rsa_only, "rsa-2048"}),
    [](const auto& test) { return test.param.name; });

TEST(ChoosingAKey, AnEnrolmentNeverKeepsTheKey) {
  pkcs11::MechanismSupport support;
  support.can_generate = everything;
  const auto choice = choose_key({"renew", "rsa-2048", {}, false}, support);
  EXPECT_FALSE(choice.same_key);
  EXPECT_EQ(choice.algorithm, "rsa-2048");
}

TEST(ChoosingAKey, ATokenThatMakesNoKeysIsToldOfRenew) {
  try {
    choose_key({"same", "ec-p256", {}, true}, {});
    FAIL() << "no exception";
  } catch (const FailureError& error) {
    EXPECT_THAT(error.failure().detail, ::testing::HasSubstr("renewal.key = \"renew\""));
  }
}

TEST(Memory, IsComparedWhereTheTokenTells) {
  const MemoryNeed need = memory_need({false, "rsa-2048"}, 1500);
  pkcs11::TokenInfo token;
  EXPECT_FALSE(tells_of_too_little(token, need));
  token.free_private_memory = 100'000;
  token.free_public_memory = 100'000;
  EXPECT_FALSE(tells_of_too_little(token, need));
  token.free_private_memory = 500;
  EXPECT_TRUE(tells_of_too_little(token, need));
  const MemoryNeed certificate_only = memory_need({true, "rsa-2048"}, 1500);
  EXPECT_FALSE(tells_of_too_little(token, certificate_only));
}

struct CodeCase {
  unsigned long rv;
  const char* function;
  Reason reason;
};

class Translation : public ::testing::TestWithParam<CodeCase> {};

TEST_P(Translation, P9_GivesTheReason) {
  const auto failure = as_failure(pkcs11::Error(GetParam().rv, GetParam().function));
  EXPECT_EQ(info(failure.reason).id, info(GetParam().reason).id);
  EXPECT_THAT(failure.detail, ::testing::HasSubstr(GetParam().function));
}

/// The card is reset by a program that opens it exclusively: nothing else of a job logs out in the middle.
TEST(TranslationOfALogInThatEnded, NamesTheOtherProgram) {
  constexpr unsigned long not_logged_in = 0x101;  // CKR_USER_NOT_LOGGED_IN
  const auto failure = as_failure(pkcs11::Error(not_logged_in, "C_SignInit"));
  EXPECT_EQ(failure.reason, Reason::token_error);
  EXPECT_EQ(info(failure.reason).retry, Retry::later);
  EXPECT_THAT(failure.detail, ::testing::HasSubstr("another program may have reset the card"));
}

INSTANTIATE_TEST_SUITE_P(
    Codes, Translation,
    ::testing::Values(
        CodeCase{0xB3, "C_Sign", Reason::token_removed},             // CKR_SESSION_HANDLE_INVALID
        CodeCase{0x32, "C_FindObjects", Reason::token_removed},      // CKR_DEVICE_REMOVED
        CodeCase{0xE0, "C_OpenSession", Reason::token_removed},      // CKR_TOKEN_NOT_PRESENT
        CodeCase{0xE1, "C_OpenSession", Reason::token_removed},      // CKR_TOKEN_NOT_RECOGNIZED
        CodeCase{0x30, "C_GenerateKeyPair", Reason::token_removed},  // CKR_DEVICE_ERROR
        CodeCase{0xA0, "C_Login", Reason::pin_incorrect},            // CKR_PIN_INCORRECT
        CodeCase{0xA2, "C_Login", Reason::pin_incorrect},            // CKR_PIN_LEN_RANGE: a try may be spent
        CodeCase{0xA0, "C_GetSlotList", Reason::token_error},        // no PIN was presented there
        CodeCase{0xA2, "C_Sign", Reason::token_error}, CodeCase{0xA4, "C_GetTokenInfo", Reason::token_error},
        CodeCase{0xA3, "C_OpenSession", Reason::token_error},
        CodeCase{0x102, "C_FindObjects", Reason::token_error},
        CodeCase{0xA0, "C_Initialize", Reason::module_not_loadable},
        CodeCase{0xA4, "C_Login", Reason::pin_locked},     // CKR_PIN_LOCKED
        CodeCase{0xA3, "C_Login", Reason::pin_expired},    // CKR_PIN_EXPIRED
        CodeCase{0x102, "C_Login", Reason::pin_not_set},   // CKR_USER_PIN_NOT_INITIALIZED
        CodeCase{0x50, "C_Login", Reason::pin_cancelled},  // CKR_FUNCTION_CANCELED
        CodeCase{0x50, "C_Sign", Reason::token_error},
        CodeCase{0x31, "C_CreateObject", Reason::token_full},               // CKR_DEVICE_MEMORY
        CodeCase{0xE2, "C_CreateObject", Reason::token_write_protected},    // CKR_TOKEN_WRITE_PROTECTED
        CodeCase{0x70, "C_SignInit", Reason::token_mechanism_unsupported},  // CKR_MECHANISM_INVALID
        CodeCase{0x05, "C_CreateObject", Reason::token_error},              // CKR_GENERAL_ERROR
        CodeCase{0x05, "C_Initialize", Reason::module_not_loadable}));

TEST(Translation, KnowsModulesUrisAndTheRest) {
  using Kind = pkcs11::ModuleError::Kind;
  EXPECT_EQ(as_failure(pkcs11::ModuleError(Kind::not_found, "x")).reason, Reason::module_not_found);
  EXPECT_EQ(as_failure(pkcs11::ModuleError(Kind::not_loadable, "x")).reason, Reason::module_not_loadable);
  EXPECT_EQ(as_failure(pkcs11::ModuleError(Kind::incompatible, "x")).reason, Reason::module_incompatible);
  EXPECT_EQ(as_failure(pkcs11::UriError("x")).reason, Reason::usage_error);
  EXPECT_EQ(as_failure(std::runtime_error("x")).reason, Reason::internal_error);
  EXPECT_EQ(as_failure(FailureError({Reason::not_due, "d", {}})).reason, Reason::not_due);
}

}  // namespace
}  // namespace koshin::renewal
