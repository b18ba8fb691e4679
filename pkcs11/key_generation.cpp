// SPDX-License-Identifier: MIT
// Mechanisms and key-pair templates.
#include "pkcs11/key_generation.hpp"

#include <algorithm>
#include <array>

#include "pkcs11/public_key.hpp"

namespace koshin::pkcs11 {
namespace {

constexpr CK_BBOOL yes = CK_TRUE;
constexpr CK_BBOOL no = CK_FALSE;

constexpr std::array all_algorithms{KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072, KeyAlgorithm::rsa_4096,
                                    KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384};

bool is_rsa(KeyAlgorithm algorithm) {
  return algorithm != KeyAlgorithm::ec_p256 && algorithm != KeyAlgorithm::ec_p384;
}

CK_ULONG bits_of(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::rsa_2048:
      return 2048;
    case KeyAlgorithm::rsa_3072:
      return 3072;
    case KeyAlgorithm::rsa_4096:
      return 4096;
    case KeyAlgorithm::ec_p256:
      return 256;
    case KeyAlgorithm::ec_p384:
      return 384;
  }
  return 0;
}

std::vector<CK_MECHANISM_TYPE> mechanism_list(const FunctionTable& functions, CK_SLOT_ID slot) {
  std::vector<CK_MECHANISM_TYPE> list(512);
  CK_ULONG count = list.size();
  CK_RV rv = functions.attempt(KOSHIN_CK(C_GetMechanismList), slot, list.data(), &count);
  if (rv == CKR_BUFFER_TOO_SMALL && count > list.size() && count < 65536) {
    list.resize(count);
    rv = functions.attempt(KOSHIN_CK(C_GetMechanismList), slot, list.data(), &count);
  }
  if (rv == CKR_OK && count > list.size()) rv = CKR_BUFFER_TOO_SMALL;
  if (rv != CKR_OK) throw Error(rv, "C_GetMechanismList");
  list.resize(count);
  return list;
}

struct KeySizes {
  CK_ULONG smallest = 0;
  CK_ULONG largest = ~CK_ULONG{0};
};

/// Empty when the mechanism does not make keys. A module that lists a mechanism and tells nothing of it is
/// believed.
std::optional<KeySizes> key_sizes(const FunctionTable& functions, CK_SLOT_ID slot,
                                  CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  if (functions.attempt(KOSHIN_CK(C_GetMechanismInfo), slot, mechanism, &info) != CKR_OK) return KeySizes{};
  if ((info.flags & CKF_GENERATE_KEY_PAIR) == 0) return std::nullopt;
  KeySizes sizes{info.ulMinKeySize, info.ulMaxKeySize == 0 ? ~CK_ULONG{0} : info.ulMaxKeySize};
  // Bytes where the standard wants bits: no token of today ends at RSA-512 or at a 66-bit curve.
  if (sizes.largest <= (mechanism == CKM_EC_KEY_PAIR_GEN ? 66 : 512)) {
    sizes.smallest *= 8;
    sizes.largest *= 8;
  }
  return sizes;
}

}  // namespace

KeyPairHandles generate_pair(const FunctionTable& functions, CK_SESSION_HANDLE session,
                             KeyAlgorithm algorithm, ByteView id, const std::string& label) {
  const CK_ULONG bits = bits_of(algorithm);
  const std::array<CK_BYTE, 3> exponent{1, 0, 1};
  const Bytes curve = is_rsa(algorithm) ? Bytes{} : curve_parameters(algorithm);
  std::vector<CK_ATTRIBUTE> public_key{
      attribute_of_value(CKA_TOKEN, yes), attribute_of_value(CKA_VERIFY, yes),
      attribute_of(CKA_ID, id.data(), id.size()), attribute_of(CKA_LABEL, label.data(), label.size())};
  if (is_rsa(algorithm)) {
    public_key.push_back(attribute_of_value(CKA_MODULUS_BITS, bits));
    public_key.push_back(attribute_of(CKA_PUBLIC_EXPONENT, exponent.data(), exponent.size()));
  } else {
    public_key.push_back(attribute_of(CKA_EC_PARAMS, curve.data(), curve.size()));
  }
  std::vector<CK_ATTRIBUTE> private_key{attribute_of_value(CKA_TOKEN, yes),
                                        attribute_of_value(CKA_PRIVATE, yes),
                                        attribute_of_value(CKA_SENSITIVE, yes),
                                        attribute_of_value(CKA_EXTRACTABLE, no),
                                        attribute_of_value(CKA_SIGN, yes),
                                        attribute_of(CKA_ID, id.data(), id.size()),
                                        attribute_of(CKA_LABEL, label.data(), label.size())};
  CK_MECHANISM mechanism{
      is_rsa(algorithm) ? CK_MECHANISM_TYPE{CKM_RSA_PKCS_KEY_PAIR_GEN} : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  KeyPairHandles pair;
  functions.call(KOSHIN_CK(C_GenerateKeyPair), session, &mechanism, public_key.data(), public_key.size(),
                 private_key.data(), private_key.size(), &pair.public_key, &pair.private_key);
  return pair;
}

MechanismSupport mechanism_support(const FunctionTable& functions, CK_SLOT_ID slot) {
  const std::vector<CK_MECHANISM_TYPE> list = mechanism_list(functions, slot);
  const auto has = [&list](CK_MECHANISM_TYPE type) {
    return std::find(list.begin(), list.end(), type) != list.end();
  };
  MechanismSupport support;
  support.rsa_pkcs = has(CKM_RSA_PKCS);
  support.rsa_pss = has(CKM_RSA_PKCS_PSS) || has(CKM_RSA_X_509);
  support.ecdsa = has(CKM_ECDSA);
  const auto sizes_if_listed = [&](CK_MECHANISM_TYPE type) {
    return has(type) ? key_sizes(functions, slot, type) : std::nullopt;
  };
  const std::optional<KeySizes> rsa = sizes_if_listed(CKM_RSA_PKCS_KEY_PAIR_GEN);
  const std::optional<KeySizes> ec = sizes_if_listed(CKM_EC_KEY_PAIR_GEN);
  for (const KeyAlgorithm algorithm : all_algorithms) {
    const auto& sizes = is_rsa(algorithm) ? rsa : ec;
    const CK_ULONG bits = bits_of(algorithm);
    if (sizes && sizes->smallest <= bits && bits <= sizes->largest) support.can_generate.push_back(algorithm);
  }
  return support;
}

}  // namespace koshin::pkcs11
