// SPDX-License-Identifier: MIT
// One search, one C_GetAttributeValue for each object.
#include "pkcs11/objects.hpp"

#include <algorithm>
#include <array>

#include "pkcs11/der.hpp"
#include "pkcs11/public_key.hpp"
#include "pkcs11/refused_templates.hpp"

namespace koshin::pkcs11 {
namespace {

/// Objects for each C_FindObjects: most tokens take one call, and one that ends the search.
constexpr std::size_t handles_per_call = 128;
/// From so many objects on, a search for the certificates costs less than a second read of each.
constexpr std::size_t many_objects = 12;
/// A limit above the contents of any token: stops at a module that never ends a search.
constexpr std::size_t most_objects = 10000;

const std::vector<CK_ATTRIBUTE_TYPE> common_attributes = {
    CKA_CLASS,     CKA_PRIVATE,          CKA_ID,
    CKA_LABEL,     CKA_CERTIFICATE_TYPE, CKA_KEY_TYPE,
    CKA_SIGN,      CKA_MODULUS,          CKA_PUBLIC_EXPONENT,
    CKA_EC_PARAMS, CKA_EC_POINT,         CKA_ALWAYS_AUTHENTICATE};

std::vector<CK_ATTRIBUTE_TYPE> attributes_with_value() {
  auto types = common_attributes;
  types.push_back(CKA_VALUE);
  return types;
}

ObjectClass class_of(const AttributeReader& reader) {
  switch (reader.number(CKA_CLASS, CK_UNAVAILABLE_INFORMATION)) {
    case CKO_CERTIFICATE:
      return reader.number(CKA_CERTIFICATE_TYPE, CKC_X_509) == CKC_X_509 ? ObjectClass::certificate
                                                                         : ObjectClass::other;
    case CKO_PUBLIC_KEY:
      return ObjectClass::public_key;
    case CKO_PRIVATE_KEY:
      return ObjectClass::private_key;
    default:
      return ObjectClass::other;
  }
}

KeyType key_type_of(const AttributeReader& reader) {
  switch (reader.number(CKA_KEY_TYPE, CK_UNAVAILABLE_INFORMATION)) {
    case CKK_RSA:
      return KeyType::rsa;
    case CKK_EC:
      return KeyType::ec;
    default:
      return KeyType::other;
  }
}

Bytes public_key_of(const AttributeReader& reader) {
  switch (key_type_of(reader)) {
    case KeyType::rsa:
      return rsa_public_key(reader.bytes(CKA_MODULUS), reader.bytes(CKA_PUBLIC_EXPONENT));
    case KeyType::ec:
      return ec_public_key(reader.bytes(CKA_EC_PARAMS), reader.bytes(CKA_EC_POINT));
    default:
      return {};
  }
}

TokenObject object_of(const AttributeReader& reader, CK_OBJECT_HANDLE handle, ObjectClass object_class) {
  TokenObject object;
  object.handle = handle;
  object.object_class = object_class;
  object.id = reader.copy(CKA_ID);
  object.label = reader.text(CKA_LABEL);
  object.is_private = reader.flag(CKA_PRIVATE);
  if (object_class == ObjectClass::certificate) return object;
  object.key_type = key_type_of(reader);
  object.public_key = public_key_of(reader);
  // A missing CKA_SIGN does not forbid signing: the module may not know the attribute.
  const bool may_sign = reader.bytes(CKA_SIGN).empty() || reader.flag(CKA_SIGN);
  object.can_sign = object_class == ObjectClass::private_key && may_sign;
  object.always_authenticate =
      object_class == ObjectClass::private_key && reader.flag(CKA_ALWAYS_AUTHENTICATE);
  return object;
}

TokenObject failed_object(CK_OBJECT_HANDLE handle) {
  TokenObject object;
  object.handle = handle;
  object.read_failed = true;
  return object;
}

/// Whether the answer is about a module or a token in trouble. Others say that the object lacks what it was
/// asked for: SoftHSM's CKR_ATTRIBUTE_VALUE_INVALID for the class of an object whose making was cut off.
bool says_nothing_of_object(CK_RV rv) {
  return rv == CKR_GENERAL_ERROR || rv == CKR_FUNCTION_FAILED || rv == CKR_ARGUMENTS_BAD;
}

/// Ends the search in every case: an open search makes later ones fail with CKR_OPERATION_ACTIVE.
class Search {
 public:
  Search(const FunctionTable& functions, CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count)
      : functions_(functions), session_(session) {
    functions_.call(KOSHIN_CK(C_FindObjectsInit), session_, wanted, count);
  }
  ~Search() { functions_.attempt(KOSHIN_CK(C_FindObjectsFinal), session_); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  /// Appends the handles of one C_FindObjects; returns false at the end.
  bool next(std::vector<CK_OBJECT_HANDLE>& found) const {
    std::array<CK_OBJECT_HANDLE, handles_per_call> part{};
    CK_ULONG count = 0;
    functions_.call(KOSHIN_CK(C_FindObjects), session_, part.data(), part.size(), &count);
    if (count > part.size()) throw Error(CKR_GENERAL_ERROR, "C_FindObjects");
    found.insert(found.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
    return count != 0 && found.size() < most_objects;
  }

 private:
  const FunctionTable& functions_;
  CK_SESSION_HANDLE session_;
};

}  // namespace

std::optional<std::vector<CK_OBJECT_HANDLE>> ObjectReader::handles(CK_ATTRIBUTE* wanted, CK_ULONG count) {
  std::vector<CK_OBJECT_HANDLE> found;
  try {
    const Search search(*functions_, session_, wanted, count);
    while (search.next(found)) {
    }
  } catch (const Error& error) {
    if (refuses_template(error.rv())) return std::nullopt;
    throw;
  }
  return found;
}

std::vector<CK_OBJECT_HANDLE> ObjectReader::all_handles() {
  if (auto found = handles(nullptr, 0)) return *found;
  CK_ATTRIBUTE nothing{};  // some modules require a non-null pointer to an empty template
  if (auto found = handles(&nothing, 0)) return *found;
  throw Error(CKR_ARGUMENTS_BAD, "C_FindObjectsInit");
}

ObjectReader::Read ObjectReader::read(AttributeReader& reader, CK_OBJECT_HANDLE handle,
                                      bool private_keys_visible) {
  try {
    reader.read(session_, handle);
  } catch (const Error& error) {
    // Deleted by another program since the search: treated as absent.
    if (error.code() == std::error_code(CKR_OBJECT_HANDLE_INVALID, cryptoki_category())) return {};
    throw;
  }
  if (says_nothing_of_object(reader.failure(CKA_CLASS)))
    return {failed_object(handle), reader.failure(CKA_CLASS)};
  const ObjectClass object_class = class_of(reader);
  if (object_class == ObjectClass::other) return {};
  Read one{object_of(reader, handle, object_class), reader.failure(CKA_ID)};
  const bool key = object_class != ObjectClass::certificate;
  one.object->read_failed = key && says_nothing_of_object(reader.failure(CKA_ID));
  if (!key) read_value(reader, private_keys_visible, one);
  return one;
}

void ObjectReader::read_value(const AttributeReader& common, bool private_keys_visible, Read& one) {
  std::optional<AttributeReader> apart;
  if (private_keys_visible)
    apart.emplace(*functions_, std::vector<CK_ATTRIBUTE_TYPE>{CKA_VALUE})
        .read(session_, static_cast<CK_OBJECT_HANDLE>(one.object->handle));
  const AttributeReader& value = apart ? *apart : common;
  if (value.failed(CKA_VALUE)) one.failure = value.failure(CKA_VALUE);
  one.object->certificate = without_padding(value.copy(CKA_VALUE));
  one.object->public_key = public_key_of_certificate(one.object->certificate);
}

bool ObjectReader::still_answers() {
  AttributeReader again(*functions_, {CKA_CLASS});
  try {
    if (readable_ != CK_INVALID_HANDLE) {
      again.read(session_, readable_);
      return !again.failed(CKA_CLASS);
    }
  } catch (const Error& error) {
    if (error.rv() != CKR_OBJECT_HANDLE_INVALID) throw;  // deleted by another program meanwhile
  }
  (void)all_handles();
  return true;
}

std::vector<TokenObject> ObjectReader::find_all(bool private_keys_visible) {
  const auto all = all_handles();
  if (!private_keys_visible || all.size() < many_objects) return read_all(all, private_keys_visible);
  const auto certificates = certificate_handles(all);
  return certificates ? read_apart(all, *certificates) : read_all(all, private_keys_visible);
}

std::optional<std::vector<CK_OBJECT_HANDLE>> ObjectReader::certificate_handles(
    const std::vector<CK_OBJECT_HANDLE>& all) {
  static constexpr CK_OBJECT_CLASS wanted_class = CKO_CERTIFICATE;
  CK_ATTRIBUTE wanted = attribute_of_value(CKA_CLASS, wanted_class);
  auto found = handles(&wanted, 1);
  // A module that finds all objects may have ignored the template, and private keys may be among them.
  if (!found || found->size() >= all.size()) return std::nullopt;
  return found;
}

std::vector<TokenObject> ObjectReader::read_apart(const std::vector<CK_OBJECT_HANDLE>& all,
                                                  const std::vector<CK_OBJECT_HANDLE>& certificates) {
  std::vector<TokenObject> objects;
  for (const CK_OBJECT_HANDLE handle : all) {
    const bool is_certificate = std::ranges::find(certificates, handle) != certificates.end();
    for (TokenObject& object : read_all({handle}, !is_certificate)) objects.push_back(std::move(object));
  }
  return objects;
}

ObjectList ObjectReader::list() {
  const auto all = all_handles();
  const auto certificates = all.size() < many_objects ? std::nullopt : certificate_handles(all);
  if (!certificates) return {{}, {all.begin(), all.end()}};
  ObjectList listed{{certificates->begin(), certificates->end()}, {}};
  for (const CK_OBJECT_HANDLE handle : all) {
    if (std::ranges::find(*certificates, handle) == certificates->end()) listed.others.push_back(handle);
  }
  return listed;
}

std::vector<TokenObject> ObjectReader::read_listed(const std::vector<std::uint64_t>& listed,
                                                   bool certificates) {
  return read_all({listed.begin(), listed.end()}, !certificates);
}

std::optional<std::vector<std::uint64_t>> ObjectReader::certificates_with_id(ByteView id) {
  return certificates_with(attribute_of(CKA_ID, id.data(), id.size()));
}

std::optional<std::vector<std::uint64_t>> ObjectReader::certificates_with_subject(ByteView name) {
  return certificates_with(attribute_of(CKA_SUBJECT, name.data(), name.size()));
}

std::optional<std::vector<std::uint64_t>> ObjectReader::certificates_with(CK_ATTRIBUTE attribute) {
  static constexpr CK_OBJECT_CLASS wanted_class = CKO_CERTIFICATE;
  std::array wanted{attribute_of_value(CKA_CLASS, wanted_class), attribute};
  const auto found = handles(wanted.data(), wanted.size());
  if (!found) return std::nullopt;
  return std::vector<std::uint64_t>(found->begin(), found->end());
}

std::vector<TokenObject> ObjectReader::find(ByteView id, bool private_keys_visible) {
  CK_ATTRIBUTE wanted = attribute_of(CKA_ID, id.data(), id.size());
  if (const auto found = handles(&wanted, 1)) return read_all(*found, private_keys_visible);
  auto objects = read_all(all_handles(), private_keys_visible);
  std::erase_if(objects, [id](const TokenObject& object) {
    return !object.read_failed && !std::equal(object.id.begin(), object.id.end(), id.begin(), id.end());
  });
  return objects;
}

std::vector<TokenObject> ObjectReader::read_all(const std::vector<CK_OBJECT_HANDLE>& found,
                                                bool private_keys_visible) {
  AttributeReader reader(*functions_, private_keys_visible ? common_attributes : attributes_with_value());
  std::vector<TokenObject> objects;
  CK_RV failure = CKR_OK;
  for (const CK_OBJECT_HANDLE handle : found) {
    Read one = read(reader, handle, private_keys_visible);
    if (one.failure != CKR_OK) one = read(reader, handle, private_keys_visible);
    if (one.failure == CKR_OK && one.object) readable_ = handle;
    if (one.failure != CKR_OK) failure = one.failure;
    if (one.object) objects.push_back(std::move(*one.object));
  }
  // Some modules fail for what an object lacks. A module that fails for everything shows nothing of the
  // token.
  if (failure != CKR_OK && !still_answers()) throw Error(failure, "C_GetAttributeValue");
  return objects;
}

TokenObject ObjectReader::read_public_key(CK_OBJECT_HANDLE handle) {
  AttributeReader reader(*functions_, {CKA_CLASS, CKA_KEY_TYPE, CKA_ID, CKA_LABEL, CKA_MODULUS,
                                       CKA_PUBLIC_EXPONENT, CKA_EC_PARAMS, CKA_EC_POINT});
  reader.read(session_, handle);
  return object_of(reader, handle, ObjectClass::public_key);
}

TokenObject ObjectReader::read_private_key(CK_OBJECT_HANDLE handle, KeyOrigin& origin) {
  AttributeReader reader(*functions_,
                         {CKA_CLASS, CKA_LOCAL, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE,
                          CKA_SENSITIVE, CKA_PRIVATE, CKA_SIGN, CKA_ALWAYS_AUTHENTICATE, CKA_ID, CKA_LABEL});
  reader.read(session_, handle);
  origin = {};
  const auto said = [&](CK_ATTRIBUTE_TYPE type) {
    origin.unread = origin.unread || reader.failed(type);
    return reader.bytes(type).empty() ? std::nullopt : std::optional(reader.flag(type));
  };
  origin.local = said(CKA_LOCAL);
  origin.never_extractable = said(CKA_NEVER_EXTRACTABLE);
  origin.always_sensitive = said(CKA_ALWAYS_SENSITIVE);
  origin.extractable = said(CKA_EXTRACTABLE);
  origin.sensitive = said(CKA_SENSITIVE);
  origin.is_private = said(CKA_PRIVATE);
  return object_of(reader, handle, ObjectClass::private_key);
}

bool ObjectReader::is_blank(const TokenObject& object) {
  static const std::vector<CK_ATTRIBUTE_TYPE> of_certificate{
      CKA_ID, CKA_LABEL, CKA_VALUE, CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_URL};
  static const std::vector<CK_ATTRIBUTE_TYPE> of_key{CKA_ID,      CKA_LABEL,     CKA_SUBJECT,
                                                     CKA_MODULUS, CKA_EC_PARAMS, CKA_EC_POINT,
                                                     CKA_LOCAL,   CKA_KEY_TYPE,  CKA_VALUE};
  const auto& types = object.object_class == ObjectClass::certificate ? of_certificate : of_key;
  AttributeReader reader(*functions_, types);
  reader.read(session_, static_cast<CK_OBJECT_HANDLE>(object.handle));
  // Keys of other types have their content in other attributes (for example a DSA prime).
  // CK_UNAVAILABLE_INFORMATION is no type.
  const CK_ULONG kind = reader.number(CKA_KEY_TYPE, CKK_EC);
  if (kind != CKK_EC && kind != CKK_RSA) return false;
  return std::all_of(types.begin(), types.end(), [&](CK_ATTRIBUTE_TYPE type) {
    if (reader.failed(type)) return false;
    if (type == CKA_KEY_TYPE) return true;
    return type == CKA_LOCAL ? !reader.flag(type) : reader.bytes(type).empty();
  });
}

}  // namespace koshin::pkcs11
