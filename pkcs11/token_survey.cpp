// SPDX-License-Identifier: MIT
// Reads a token in full.
#include "pkcs11/token_survey.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pkcs11/attributes.hpp"
#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {
namespace {

/// Above the contents of any token: stops at a module that never ends a search.
constexpr std::size_t most_objects = 10000;
constexpr CK_ULONG most_mechanisms = 4096;

constexpr std::array<std::pair<CK_FLAGS, const char*>, 19> flag_names{{
    {CKF_RNG, "RNG"},
    {CKF_WRITE_PROTECTED, "WRITE_PROTECTED"},
    {CKF_LOGIN_REQUIRED, "LOGIN_REQUIRED"},
    {CKF_USER_PIN_INITIALIZED, "USER_PIN_INITIALIZED"},
    {CKF_RESTORE_KEY_NOT_NEEDED, "RESTORE_KEY_NOT_NEEDED"},
    {CKF_CLOCK_ON_TOKEN, "CLOCK_ON_TOKEN"},
    {CKF_PROTECTED_AUTHENTICATION_PATH, "PROTECTED_AUTHENTICATION_PATH"},
    {CKF_DUAL_CRYPTO_OPERATIONS, "DUAL_CRYPTO_OPERATIONS"},
    {CKF_TOKEN_INITIALIZED, "TOKEN_INITIALIZED"},
    {CKF_SECONDARY_AUTHENTICATION, "SECONDARY_AUTHENTICATION"},
    {CKF_USER_PIN_COUNT_LOW, "USER_PIN_COUNT_LOW"},
    {CKF_USER_PIN_FINAL_TRY, "USER_PIN_FINAL_TRY"},
    {CKF_USER_PIN_LOCKED, "USER_PIN_LOCKED"},
    {CKF_USER_PIN_TO_BE_CHANGED, "USER_PIN_TO_BE_CHANGED"},
    {CKF_SO_PIN_COUNT_LOW, "SO_PIN_COUNT_LOW"},
    {CKF_SO_PIN_FINAL_TRY, "SO_PIN_FINAL_TRY"},
    {CKF_SO_PIN_LOCKED, "SO_PIN_LOCKED"},
    {CKF_SO_PIN_TO_BE_CHANGED, "SO_PIN_TO_BE_CHANGED"},
    {0x01000000UL, "ERROR_STATE"},
}};

constexpr std::array<std::pair<CK_MECHANISM_TYPE, const char*>, 22> mechanism_names{{
    {CKM_RSA_PKCS_KEY_PAIR_GEN, "CKM_RSA_PKCS_KEY_PAIR_GEN"},
    {CKM_RSA_X9_31_KEY_PAIR_GEN, "CKM_RSA_X9_31_KEY_PAIR_GEN"},
    {CKM_RSA_PKCS, "CKM_RSA_PKCS"},
    {CKM_RSA_X_509, "CKM_RSA_X_509"},
    {CKM_RSA_PKCS_PSS, "CKM_RSA_PKCS_PSS"},
    {CKM_RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP"},
    {CKM_SHA1_RSA_PKCS, "CKM_SHA1_RSA_PKCS"},
    {CKM_SHA256_RSA_PKCS, "CKM_SHA256_RSA_PKCS"},
    {CKM_SHA384_RSA_PKCS, "CKM_SHA384_RSA_PKCS"},
    {CKM_SHA512_RSA_PKCS, "CKM_SHA512_RSA_PKCS"},
    {CKM_SHA256_RSA_PKCS_PSS, "CKM_SHA256_RSA_PKCS_PSS"},
    {CKM_SHA384_RSA_PKCS_PSS, "CKM_SHA384_RSA_PKCS_PSS"},
    {CKM_SHA512_RSA_PKCS_PSS, "CKM_SHA512_RSA_PKCS_PSS"},
    {CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN"},
    {CKM_ECDSA, "CKM_ECDSA"},
    {CKM_ECDSA_SHA1, "CKM_ECDSA_SHA1"},
    {CKM_ECDSA_SHA256, "CKM_ECDSA_SHA256"},
    {CKM_ECDSA_SHA384, "CKM_ECDSA_SHA384"},
    {CKM_ECDSA_SHA512, "CKM_ECDSA_SHA512"},
    {CKM_ECDH1_DERIVE, "CKM_ECDH1_DERIVE"},
    {CKM_SHA256, "CKM_SHA256"},
    {CKM_SHA384, "CKM_SHA384"},
}};

std::string version(const CK_VERSION& told) {
  return std::to_string(told.major) + "." + std::to_string(told.minor);
}

const std::vector<CK_ATTRIBUTE_TYPE> attributes_of_all = {CKA_CLASS, CKA_ID, CKA_LABEL, CKA_PRIVATE};
const std::vector<CK_ATTRIBUTE_TYPE> attributes_of_contents = {
    CKA_CLASS,         CKA_CERTIFICATE_TYPE, CKA_SUBJECT,   CKA_ISSUER,
    CKA_SERIAL_NUMBER, CKA_APPLICATION,      CKA_OBJECT_ID, CKA_VALUE};
const std::vector<CK_ATTRIBUTE_TYPE> attributes_of_keys = {CKA_CLASS,
                                                           CKA_KEY_TYPE,
                                                           CKA_SUBJECT,
                                                           CKA_MODULUS,
                                                           CKA_PUBLIC_EXPONENT,
                                                           CKA_EC_PARAMS,
                                                           CKA_EC_POINT,
                                                           CKA_SIGN,
                                                           CKA_DECRYPT,
                                                           CKA_EXTRACTABLE,
                                                           CKA_SENSITIVE,
                                                           CKA_LOCAL,
                                                           CKA_ALWAYS_AUTHENTICATE};

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(ByteView bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  void add_number(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(number);
      number >>= 8U;
    }
    add(bytes);
  }
  Bytes finish() {
    Bytes result(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), result.data(), &length);
    result.resize(length);
    return result;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

Bytes digest_of(ByteView bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.finish();
}

/// A session of this survey's own; it shares the log-in of the process.
class SurveySession {
 public:
  SurveySession(FunctionTable& functions, CK_SLOT_ID slot) : functions_(functions) {
    functions_.call(KOSHIN_CK(C_OpenSession), slot, CK_FLAGS{CKF_SERIAL_SESSION}, nullptr, nullptr, &handle_);
  }
  ~SurveySession() { functions_.attempt(KOSHIN_CK(C_CloseSession), handle_); }
  SurveySession(const SurveySession&) = delete;
  SurveySession& operator=(const SurveySession&) = delete;

  std::vector<CK_OBJECT_HANDLE> objects() {
    CK_ATTRIBUTE nothing{};  // some modules require a non-null pointer to an empty template
    functions_.call(KOSHIN_CK(C_FindObjectsInit), handle_, &nothing, CK_ULONG{0});
    std::vector<CK_OBJECT_HANDLE> found;
    CK_RV rv = CKR_OK;
    while (found.size() < most_objects) {
      std::array<CK_OBJECT_HANDLE, 32> part{};
      CK_ULONG count = 0;
      rv = functions_.attempt(KOSHIN_CK(C_FindObjects), handle_, part.data(), part.size(), &count);
      if (rv != CKR_OK || count == 0 || count > part.size()) break;
      found.insert(found.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
    }
    functions_.attempt(KOSHIN_CK(C_FindObjectsFinal), handle_);
    if (rv != CKR_OK) throw Error(rv, "C_FindObjects");
    return found;
  }
  ObjectFingerprint fingerprint(CK_OBJECT_HANDLE object);

 private:
  void add(Digest& digest, const std::vector<CK_ATTRIBUTE_TYPE>& types, const AttributeReader& reader) const {
    for (const CK_ATTRIBUTE_TYPE type : types) {
      const ByteView value = reader.bytes(type);
      digest.add_number(type);
      digest.add_number(value.size());
      digest.add(value);
    }
  }

  FunctionTable& functions_;
  CK_SESSION_HANDLE handle_ = 0;
};

const char* kind_of(CK_ULONG object_class) {
  switch (object_class) {
    case CKO_CERTIFICATE:
      return "certificate";
    case CKO_PUBLIC_KEY:
      return "public key";
    case CKO_PRIVATE_KEY:
      return "private key";
    case CKO_SECRET_KEY:
      return "secret key";
    case CKO_DATA:
      return "data";
    default:
      return "other";
  }
}

ObjectFingerprint SurveySession::fingerprint(CK_OBJECT_HANDLE object) {
  AttributeReader all(functions_, attributes_of_all);
  all.read(handle_, object);
  const CK_ULONG object_class = all.number(CKA_CLASS, CK_UNAVAILABLE_INFORMATION);
  ObjectFingerprint result{kind_of(object_class), all.copy(CKA_ID), all.text(CKA_LABEL), {}, {}};
  Digest digest;
  add(digest, attributes_of_all, all);
  const bool has_contents = object_class == CKO_CERTIFICATE || object_class == CKO_DATA;
  const bool is_key = object_class == CKO_PUBLIC_KEY || object_class == CKO_PRIVATE_KEY;
  if (has_contents || is_key) {
    const auto& types = has_contents ? attributes_of_contents : attributes_of_keys;
    AttributeReader more(functions_, types);
    more.read(handle_, object);
    add(digest, types, more);
    if (object_class == CKO_CERTIFICATE) result.certificate_digest = digest_of(more.bytes(CKA_VALUE));
  }
  result.digest = digest.finish();
  return result;
}

}  // namespace

TokenDescription describe_token(Module& module, std::uint64_t slot) {
  CK_TOKEN_INFO info{};
  module.functions().call(KOSHIN_CK(C_GetTokenInfo), slot, &info);
  TokenDescription result{version(info.hardwareVersion), version(info.firmwareVersion), {}};
  for (const auto& [flag, name] : flag_names) {
    if ((info.flags & flag) != 0) result.flags.emplace_back(name);
  }
  return result;
}

std::vector<MechanismDescription> describe_mechanisms(Module& module, std::uint64_t slot) {
  FunctionTable& functions = module.functions();
  CK_ULONG count = 0;
  functions.call(KOSHIN_CK(C_GetMechanismList), slot, nullptr, &count);
  std::vector<CK_MECHANISM_TYPE> list(std::min(count, most_mechanisms));
  count = static_cast<CK_ULONG>(list.size());
  if (count > 0) functions.call(KOSHIN_CK(C_GetMechanismList), slot, list.data(), &count);
  list.resize(std::min<std::size_t>(count, list.size()));
  std::vector<MechanismDescription> result;
  for (const CK_MECHANISM_TYPE mechanism : list) {
    CK_MECHANISM_INFO info{};
    if (functions.attempt(KOSHIN_CK(C_GetMechanismInfo), slot, mechanism, &info) != CKR_OK) info = {};
    const auto* const named = std::find_if(mechanism_names.begin(), mechanism_names.end(),
                                           [&](const auto& row) { return row.first == mechanism; });
    result.push_back({mechanism, named == mechanism_names.end() ? "" : named->second, info.ulMinKeySize,
                      info.ulMaxKeySize, info.flags});
  }
  return result;
}

std::vector<ObjectFingerprint> fingerprints(Module& module, std::uint64_t slot) {
  SurveySession session(module.functions(), static_cast<CK_SLOT_ID>(slot));
  std::vector<ObjectFingerprint> result;
  for (const CK_OBJECT_HANDLE object : session.objects()) result.push_back(session.fingerprint(object));
  return result;
}

}  // namespace koshin::pkcs11
