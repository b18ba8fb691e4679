// SPDX-License-Identifier: MIT
#include "support/raw_objects.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <p11-kit/pkcs11.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "pkcs11/shared_object.hpp"
#include "support/leaks_of_modules.hpp"
#include "support/soft_hsm.hpp"

namespace koshin::test {
namespace {

using pkcs11::Bytes;
using pkcs11::ByteView;

void require(CK_RV rv, const char* what) {
  if (rv != CKR_OK) throw std::runtime_error(std::string(what) + ": " + std::to_string(rv));
}

/// Attributes with their values, as C_CreateObject wants them.
class Template {
 public:
  Template& add(CK_ATTRIBUTE_TYPE type, ByteView value) {
    values_.push_back({type, {value.begin(), value.end()}});
    return *this;
  }
  template <class Number>
  Template& number(CK_ATTRIBUTE_TYPE type, Number value) {
    return add(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  Template& flag(CK_ATTRIBUTE_TYPE type, bool value) {
    return number(type, static_cast<CK_BBOOL>(value ? CK_TRUE : CK_FALSE));
  }
  std::vector<CK_ATTRIBUTE> attributes() {
    std::vector<CK_ATTRIBUTE> all;
    for (auto& [type, value] : values_)
      all.push_back({type, value.data(), static_cast<CK_ULONG>(value.size())});
    return all;
  }

 private:
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Bytes>> values_;
};

const Bytes p256{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

Bytes secret_of(const EVP_PKEY* key) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1)
    throw std::runtime_error("no EC key");
  Bytes value(32);
  BN_bn2binpad(number, value.data(), static_cast<int>(value.size()));
  BN_clear_free(number);
  return value;
}

Bytes wrapped_point_of(const EVP_PKEY* key) {
  Bytes point(65);
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point.data(), point.size(),
                                      &size) != 1)
    throw std::runtime_error("no EC key");
  Bytes wrapped{0x04, static_cast<std::uint8_t>(size)};
  wrapped.insert(wrapped.end(), point.begin(), point.begin() + static_cast<std::ptrdiff_t>(size));
  return wrapped;
}

}  // namespace

struct RawObjects::Parts {
  std::unique_ptr<pkcs11::SharedObject> object;
  CK_FUNCTION_LIST* functions = nullptr;
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;

  CK_SLOT_ID slot_of(const std::string& label) const {
    std::vector<CK_SLOT_ID> slots(256);
    auto count = static_cast<CK_ULONG>(slots.size());
    require(functions->C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      require(functions->C_GetTokenInfo(slots[i], &info), "C_GetTokenInfo");
      std::string found(reinterpret_cast<const char*>(info.label), sizeof info.label);
      found.resize(found.find_last_not_of(' ') + 1);
      if (found == label) return slots[i];
    }
    throw std::runtime_error("no token is called " + label);
  }
  void create(Template& object_template) const {
    auto attributes = object_template.attributes();
    CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
    require(functions->C_CreateObject(session, attributes.data(), static_cast<CK_ULONG>(attributes.size()),
                                      &handle),
            "C_CreateObject");
  }
};

RawObjects::RawObjects(const std::string& token_label, const std::string& pin)
    : parts_(std::make_unique<Parts>()) {
  parts_->object = pkcs11::SharedObject::load(SoftHsm::module());
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(parts_->object->symbol("C_GetFunctionList"));
  require(get(&parts_->functions), "C_GetFunctionList");
  require(parts_->functions->C_Initialize(nullptr), "C_Initialize");
  require(parts_->functions->C_OpenSession(parts_->slot_of(token_label), CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                           nullptr, nullptr, &parts_->session),
          "C_OpenSession");
  Bytes text(pin.begin(), pin.end());
  require(
      parts_->functions->C_Login(parts_->session, CKU_USER, text.data(), static_cast<CK_ULONG>(text.size())),
      "C_Login");
}

RawObjects::~RawObjects() {
  parts_->functions->C_Finalize(nullptr);
}

void RawObjects::add_certificate(ByteView value, const Options& options) {
  Template wanted;
  wanted.number(CKA_CLASS, CK_OBJECT_CLASS{CKO_CERTIFICATE})
      .number(CKA_CERTIFICATE_TYPE, CK_CERTIFICATE_TYPE{CKC_X_509})
      .flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, options.is_private)
      .add(CKA_SUBJECT, Bytes{0x30, 0x00})
      .add(CKA_LABEL, Bytes(options.label.begin(), options.label.end()))
      .add(CKA_ID, options.id)
      .add(CKA_VALUE, value);
  parts_->create(wanted);
}

void RawObjects::add_private_key(const EVP_PKEY* key, const Bytes& id, bool may_sign) {
  Template wanted;
  wanted.number(CKA_CLASS, CK_OBJECT_CLASS{CKO_PRIVATE_KEY})
      .number(CKA_KEY_TYPE, CK_KEY_TYPE{CKK_EC})
      .flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_SIGN, may_sign)
      .add(CKA_ID, id)
      .add(CKA_EC_PARAMS, p256)
      .add(CKA_VALUE, secret_of(key));
  parts_->create(wanted);
}

namespace {

Template public_key_of_point(const Bytes& point, const Bytes& id) {
  Template wanted;
  wanted.number(CKA_CLASS, CK_OBJECT_CLASS{CKO_PUBLIC_KEY})
      .number(CKA_KEY_TYPE, CK_KEY_TYPE{CKK_EC})
      .flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, false)
      .flag(CKA_VERIFY, true)
      .add(CKA_ID, id)
      .add(CKA_EC_PARAMS, p256)
      .add(CKA_EC_POINT, point);
  return wanted;
}

}  // namespace

void RawObjects::add_public_key(const EVP_PKEY* key, const Bytes& id) {
  Template wanted = public_key_of_point(wrapped_point_of(key), id);
  parts_->create(wanted);
}

Bytes RawObjects::generate_ed25519_pair(const Bytes& id) {
  constexpr std::string_view curve = "edwards25519";  // as a PrintableString (PKCS#11 3.0 section 2.3.5)
  Bytes parameters{0x13, static_cast<std::uint8_t>(curve.size())};
  parameters.insert(parameters.end(), curve.begin(), curve.end());
  Template open;
  open.flag(CKA_TOKEN, true).flag(CKA_VERIFY, true).add(CKA_ID, id).add(CKA_EC_PARAMS, parameters);
  Template hidden;
  hidden.flag(CKA_TOKEN, true)
      .flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_SIGN, true)
      .add(CKA_ID, id);
  auto public_attributes = open.attributes();
  auto private_attributes = hidden.attributes();
  CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  const LeaksOfModules kept;  // SoftHSM 2.6.1 keeps the name of the curve for ever
  require(parts_->functions->C_GenerateKeyPair(
              parts_->session, &mechanism, public_attributes.data(),
              static_cast<CK_ULONG>(public_attributes.size()), private_attributes.data(),
              static_cast<CK_ULONG>(private_attributes.size()), &public_key, &private_key),
          "C_GenerateKeyPair");
  constexpr std::size_t header_size = 2;
  constexpr std::size_t key_size = 32;
  Bytes point(header_size + key_size);  // an OCTET STRING
  CK_ATTRIBUTE value{CKA_EC_POINT, point.data(), static_cast<CK_ULONG>(point.size())};
  require(parts_->functions->C_GetAttributeValue(parts_->session, public_key, &value, 1),
          "C_GetAttributeValue");
  Bytes info{0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
  info.insert(info.end(), point.begin() + header_size, point.end());
  return info;
}

void RawObjects::add_unreadable_public_key(const Bytes& id) {
  Template wanted = public_key_of_point({0x04, 0x03, 'x', 'y', 'z'}, id);
  parts_->create(wanted);
}

}  // namespace koshin::test
