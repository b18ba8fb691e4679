// SPDX-License-Identifier: MIT
// Mechanisms and key-pair templates.
#include "pkcs11/key_generation.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "pkcs11/public_key.hpp"
#include "pkcs11/refused_templates.hpp"

namespace koshin::pkcs11 {
namespace {

constexpr CK_BBOOL yes = CK_TRUE;
constexpr CK_BBOOL no = CK_FALSE;

constexpr std::array all_algorithms{KeyAlgorithm::rsa_2048, KeyAlgorithm::rsa_3072, KeyAlgorithm::rsa_4096,
                                    KeyAlgorithm::ec_p256,  KeyAlgorithm::ec_p384,  KeyAlgorithm::ec_p521};

bool is_rsa(KeyAlgorithm algorithm) {
  return algorithm != KeyAlgorithm::ec_p256 && algorithm != KeyAlgorithm::ec_p384 &&
         algorithm != KeyAlgorithm::ec_p521;
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
    case KeyAlgorithm::ec_p521:
      return 521;
  }
  return 0;
}

std::vector<CK_MECHANISM_TYPE> mechanism_list(const FunctionTable& functions, CK_SLOT_ID slot) {
  std::vector<CK_MECHANISM_TYPE> list(512);
  CK_ULONG count = static_cast<CK_ULONG>(list.size());
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

/// Key sizes of a mechanism in bits; empty when the mechanism does not generate keys. A module that lists a
/// mechanism without information about it is trusted.
std::optional<KeySizes> key_sizes(const FunctionTable& functions, CK_SLOT_ID slot,
                                  CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  if (functions.attempt(KOSHIN_CK(C_GetMechanismInfo), slot, mechanism, &info) != CKR_OK) return KeySizes{};
  if ((info.flags & CKF_GENERATE_KEY_PAIR) == 0) return std::nullopt;
  KeySizes sizes{info.ulMinKeySize, info.ulMaxKeySize == 0 ? ~CK_ULONG{0} : info.ulMaxKeySize};
  // Some modules report bytes instead of bits: no present token ends at RSA-512 or at a 66-bit curve.
  if (sizes.largest <= (mechanism == CKM_EC_KEY_PAIR_GEN ? 66 : 512)) {
    sizes.smallest *= 8;
    sizes.largest *= 8;
  }
  return sizes;
}

/// The attributes of a new key that a template may omit. The token then chooses the value, which is read back
/// afterwards (KeyOrigin, TokenObject::can_sign).
enum Omitted : unsigned {
  no_attribute = 0,
  extractable = 1U << 0U,  ///< CKA_EXTRACTABLE: ykcs11 2.2 rejects it for a new key
  label = 1U << 1U,        ///< CKA_LABEL
  verify = 1U << 2U,       ///< CKA_VERIFY of the public key
  sign = 1U << 3U,         ///< CKA_SIGN of the private key
  is_private = 1U << 4U,   ///< CKA_PRIVATE
  sensitive = 1U << 5U,    ///< CKA_SENSITIVE
};

struct TemplateForm {
  unsigned omitted;       ///< a combination of Omitted
  bool kinds;             ///< with CKA_CLASS and CKA_KEY_TYPE, although the mechanism implies them
  bool policies = false;  ///< with Yubico's attributes for PIN and touch policy
};

constexpr unsigned names_and_uses = extractable | label | verify | sign;
/// Only CKA_TOKEN, CKA_ID and the key's parameters are left.
constexpr unsigned all_optional = names_and_uses | is_private | sensitive;

/// Templates in the order of the attempts, while the module rejects attributes: first without single
/// attributes, so that the rejection of one costs no other, then with fewer and fewer.
constexpr std::array template_forms{
    TemplateForm{no_attribute, false, true},
    TemplateForm{extractable, false, true},
    TemplateForm{no_attribute, false},
    TemplateForm{extractable, false},
    TemplateForm{label, false},
    TemplateForm{verify, false},
    TemplateForm{verify | sign, false},
    TemplateForm{extractable | label, false},
    TemplateForm{extractable | verify | sign, false},
    TemplateForm{names_and_uses, false},
    TemplateForm{is_private, false},
    TemplateForm{sensitive, false},
    TemplateForm{names_and_uses | is_private, false},
    TemplateForm{all_optional, false},
    TemplateForm{no_attribute, true},
    TemplateForm{names_and_uses, true},
    TemplateForm{all_optional, true},
};

/// The forms without policies, which are behind those with them.
constexpr std::size_t forms_with_policies = 2;
static_assert(template_forms[forms_with_policies - 1].policies &&
              !template_forms[forms_with_policies].policies);

/// ykcs11/pkcs11y.h of 2.3.0; each value is one byte.
constexpr CK_ATTRIBUTE_TYPE yubico = CKA_VENDOR_DEFINED + 0x59554200;
constexpr CK_ATTRIBUTE_TYPE touch_policy_attribute = yubico + 1, pin_policy_attribute = yubico + 2;

/// The requested pair. Templates point into this object.
struct WantedPair {
  KeyAlgorithm algorithm;
  ByteView id;
  const std::string& label;
  KeyUse use;
  CK_BYTE pin_policy, touch_policy;
  CK_ULONG bits;
  CK_KEY_TYPE key_type;
  Bytes curve;

  explicit WantedPair(const KeyPairRequest& request)
      : algorithm(request.algorithm),
        id(request.id),
        label(request.label),
        use(request.traits.use),
        pin_policy(static_cast<CK_BYTE>(request.traits.policies.pin)),
        touch_policy(static_cast<CK_BYTE>(request.traits.policies.touch)),
        bits(bits_of(algorithm)),
        key_type(is_rsa(algorithm) ? CK_KEY_TYPE{CKK_RSA} : CK_KEY_TYPE{CKK_EC}),
        curve(is_rsa(algorithm) ? Bytes{} : curve_parameters(algorithm)) {}
};

using Template = std::vector<CK_ATTRIBUTE>;

void add_kind(Template& attributes, const WantedPair& wanted, const CK_OBJECT_CLASS& object_class) {
  attributes.push_back(attribute_of_value(CKA_CLASS, object_class));
  attributes.push_back(attribute_of_value(CKA_KEY_TYPE, wanted.key_type));
}

/// `use`: CKA_SIGN or CKA_VERIFY.
void add_common(Template& attributes, const WantedPair& wanted, unsigned omitted, CK_ATTRIBUTE_TYPE use) {
  attributes.push_back(attribute_of_value(CKA_TOKEN, yes));
  attributes.push_back(attribute_of(CKA_ID, wanted.id.data(), wanted.id.size()));
  if ((omitted & (use == CKA_SIGN ? sign : verify)) == 0) attributes.push_back(attribute_of_value(use, yes));
  if ((omitted & label) == 0)
    attributes.push_back(attribute_of(CKA_LABEL, wanted.label.data(), wanted.label.size()));
}

Template public_template(const WantedPair& wanted, const TemplateForm& form) {
  static constexpr std::array<CK_BYTE, 3> exponent{1, 0, 1};
  static constexpr CK_OBJECT_CLASS object_class = CKO_PUBLIC_KEY;
  Template attributes;
  if (form.kinds) add_kind(attributes, wanted, object_class);
  add_common(attributes, wanted, form.omitted, CKA_VERIFY);
  if (is_rsa(wanted.algorithm)) {
    attributes.push_back(attribute_of_value(CKA_MODULUS_BITS, wanted.bits));
    attributes.push_back(attribute_of(CKA_PUBLIC_EXPONENT, exponent.data(), exponent.size()));
  } else {
    attributes.push_back(attribute_of(CKA_EC_PARAMS, wanted.curve.data(), wanted.curve.size()));
  }
  return attributes;
}

Template private_template(const WantedPair& wanted, const TemplateForm& form) {
  static constexpr CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
  Template attributes;
  if (form.kinds) add_kind(attributes, wanted, object_class);
  add_common(attributes, wanted, form.omitted, CKA_SIGN);
  if (wanted.use == KeyUse::decrypt && (form.omitted & sign) == 0)
    attributes.push_back(attribute_of_value(is_rsa(wanted.algorithm) ? CKA_DECRYPT : CKA_DERIVE, yes));
  if ((form.omitted & is_private) == 0) attributes.push_back(attribute_of_value(CKA_PRIVATE, yes));
  if ((form.omitted & sensitive) == 0) attributes.push_back(attribute_of_value(CKA_SENSITIVE, yes));
  if ((form.omitted & extractable) == 0) attributes.push_back(attribute_of_value(CKA_EXTRACTABLE, no));
  if (form.policies && wanted.pin_policy != 0)
    attributes.push_back(attribute_of_value(pin_policy_attribute, wanted.pin_policy));
  if (form.policies && wanted.touch_policy != 0)
    attributes.push_back(attribute_of_value(touch_policy_attribute, wanted.touch_policy));
  return attributes;
}

}  // namespace

KeyPairHandles generate_pair(const FunctionTable& functions, CK_SESSION_HANDLE session,
                             const KeyPairRequest& request, const std::function<void()>& clear_remains) {
  const WantedPair wanted(request);
  const bool with_policies = request.traits.policies.any() && functions.quirks.may_take_policies;
  const auto forms = std::span(template_forms).subspan(with_policies ? 0 : forms_with_policies);
  CK_MECHANISM mechanism{
      is_rsa(request.algorithm) ? CK_MECHANISM_TYPE{CKM_RSA_PKCS_KEY_PAIR_GEN} : CKM_EC_KEY_PAIR_GEN, nullptr,
      0};
  KeyPairHandles pair;
  first_template_taken("C_GenerateKeyPair", forms, clear_remains, [&](const TemplateForm& form) {
    Template public_key = public_template(wanted, form);
    Template private_key = private_template(wanted, form);
    return functions.attempt(KOSHIN_CK(C_GenerateKeyPair), session, &mechanism, public_key.data(),
                             public_key.size(), private_key.data(), private_key.size(), &pair.public_key,
                             &pair.private_key);
  });
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
