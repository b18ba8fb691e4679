// SPDX-License-Identifier: MIT
// One C_GenerateKeyPair with a template of its own.
#include "support/always_authenticate.hpp"

#include <array>

#include "pkcs11/function_table.hpp"
#include "pkcs11/public_key.hpp"

namespace koshin::test {

using namespace pkcs11;

void make_always_authenticate_pair(Module& module, std::uint64_t slot, KeyAlgorithm algorithm,
                                   const Bytes& id) {
  const FunctionTable& functions = module.functions();
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  functions.call(KOSHIN_CK(C_OpenSession), slot, CK_FLAGS{CKF_SERIAL_SESSION | CKF_RW_SESSION}, nullptr,
                 nullptr, &session);
  constexpr CK_BBOOL yes = CK_TRUE;
  constexpr CK_BBOOL no = CK_FALSE;
  constexpr CK_ULONG bits = 2048;
  const bool rsa = algorithm == KeyAlgorithm::rsa_2048;
  const Bytes curve = curve_parameters(KeyAlgorithm::ec_p256);
  std::array public_key{attribute_of_value(CKA_TOKEN, yes), attribute_of(CKA_ID, id.data(), id.size()),
                        rsa ? attribute_of_value(CKA_MODULUS_BITS, bits)
                            : attribute_of(CKA_EC_PARAMS, curve.data(), curve.size())};
  std::array private_key{attribute_of_value(CKA_TOKEN, yes),
                         attribute_of(CKA_ID, id.data(), id.size()),
                         attribute_of_value(CKA_PRIVATE, yes),
                         attribute_of_value(CKA_SENSITIVE, yes),
                         attribute_of_value(CKA_EXTRACTABLE, no),
                         attribute_of_value(CKA_SIGN, yes),
                         attribute_of_value(CKA_ALWAYS_AUTHENTICATE, yes)};
  CK_MECHANISM mechanism{rsa ? CK_MECHANISM_TYPE{CKM_RSA_PKCS_KEY_PAIR_GEN} : CKM_EC_KEY_PAIR_GEN, nullptr,
                         0};
  CK_OBJECT_HANDLE made_public = 0;
  CK_OBJECT_HANDLE made_private = 0;
  functions.call(KOSHIN_CK(C_GenerateKeyPair), session, &mechanism, public_key.data(), public_key.size(),
                 private_key.data(), private_key.size(), &made_public, &made_private);
  functions.call(KOSHIN_CK(C_CloseSession), session);
}

}  // namespace koshin::test
