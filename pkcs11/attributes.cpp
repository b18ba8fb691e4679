// SPDX-License-Identifier: MIT
// Reading of many attributes in one call.
#include "pkcs11/attributes.hpp"

#include <algorithm>
#include <cstring>

namespace koshin::pkcs11 {
namespace {

/// Buffer size for a value: larger than the value and a length that no value has, so that an attribute the
/// module never filled in is recognized by its unchanged length.
CK_ULONG capacity_of(CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_VALUE:
      return largest_certificate;
    case CKA_MODULUS:
      return 2056;  // RSA-16384 and a sign byte
    case CKA_EC_PARAMS:
      return 1032;  // explicit parameters
    case CKA_EC_POINT:
      return 520;
    case CKA_ID:
    case CKA_LABEL:
    case CKA_SUBJECT:
    case CKA_ISSUER:
    case CKA_URL:
      return 1032;
    default:
      return 72;  // flags, numbers, public exponents
  }
}

/// The size of a CK_ULONG or CK_BBOOL attribute; 0 for attributes without a fixed size.
CK_ULONG fixed_size_of(CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_CLASS:
    case CKA_KEY_TYPE:
    case CKA_CERTIFICATE_TYPE:
    case CKA_CERTIFICATE_CATEGORY:
      return sizeof(CK_ULONG);
    case CKA_PRIVATE:
    case CKA_LOCAL:
    case CKA_NEVER_EXTRACTABLE:
    case CKA_ALWAYS_SENSITIVE:
    case CKA_EXTRACTABLE:
    case CKA_SENSITIVE:
    case CKA_SIGN:
    case CKA_ALWAYS_AUTHENTICATE:
      return sizeof(CK_BBOOL);
    default:
      return 0;
  }
}

bool about_single_attributes(CK_RV rv) {
  return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_BUFFER_TOO_SMALL;
}

/// Return values of modules that reject a template as a whole.
bool about_the_template(CK_RV rv) {
  return rv == CKR_ARGUMENTS_BAD || rv == CKR_TEMPLATE_INCONSISTENT || rv == CKR_ATTRIBUTE_VALUE_INVALID ||
         rv == CKR_FUNCTION_FAILED || rv == CKR_GENERAL_ERROR;
}

}  // namespace

AttributeReader::AttributeReader(const FunctionTable& functions, const std::vector<CK_ATTRIBUTE_TYPE>& types)
    : functions_(&functions) {
  std::size_t offset = 0;
  for (const CK_ATTRIBUTE_TYPE type : types) {
    slots_.push_back({type, offset, capacity_of(type)});
    offset += (slots_.back().capacity + 15) / 16 * 16;
  }
  memory_.resize(offset);
}

CK_ULONG AttributeReader::room_for(const Slot& slot) const {
  const CK_ULONG fixed = functions_->wants_exact_sizes ? fixed_size_of(slot.type) : 0;
  return fixed == 0 ? slot.capacity : fixed;
}

CK_ATTRIBUTE AttributeReader::empty_attribute(const Slot& slot) {
  return {slot.type, memory_.data() + slot.offset, room_for(slot)};
}

CK_RV AttributeReader::read_all(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  attributes_.clear();
  for (Slot& slot : slots_) {
    slot.failure = CKR_OK;
    attributes_.push_back(empty_attribute(slot));
  }
  return functions_->attempt(KOSHIN_CK(C_GetAttributeValue), session, object, attributes_.data(),
                             attributes_.size());
}

void AttributeReader::read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_RV rv = read_all(session, object);
  // Every object has CKA_CLASS. The return value for the whole template is about its last attribute, if about
  // any.
  const Slot* asked = slot_of(CKA_CLASS);
  const bool refused =
      rv != CKR_OK && asked != nullptr && !functions_->wants_exact_sizes &&
      attributes_[static_cast<std::size_t>(asked - slots_.data())].ulValueLen == CK_UNAVAILABLE_INFORMATION;
  if (refused) {
    functions_->wants_exact_sizes = true;
    rv = read_all(session, object);
  }
  if (rv == CKR_OK) return;
  if (about_the_template(rv)) {
    attributes_.clear();
    for (const Slot& slot : slots_) attributes_.push_back(empty_attribute(slot));
  } else if (!about_single_attributes(rv)) {
    throw Error(rv, "C_GetAttributeValue");
  }
  read_one_by_one(session, object);
}

void AttributeReader::read_one_by_one(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const bool untouched = attributes_[i].ulValueLen == room_for(slots_[i]);
    if (!untouched) continue;
    attributes_[i] = empty_attribute(slots_[i]);
    const CK_RV rv = functions_->attempt(KOSHIN_CK(C_GetAttributeValue), session, object, &attributes_[i], 1);
    if (rv == CKR_OK) continue;
    attributes_[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
    slots_[i].failure = about_the_template(rv) ? rv : CKR_OK;
    if (!about_single_attributes(rv) && !about_the_template(rv)) throw Error(rv, "C_GetAttributeValue");
  }
}

const AttributeReader::Slot* AttributeReader::slot_of(CK_ATTRIBUTE_TYPE type) const {
  const auto found =
      std::find_if(slots_.begin(), slots_.end(), [type](const Slot& slot) { return slot.type == type; });
  return found == slots_.end() ? nullptr : &*found;
}

ByteView AttributeReader::bytes(CK_ATTRIBUTE_TYPE type) const {
  const Slot* slot = slot_of(type);
  if (slot == nullptr || attributes_.empty()) return {};
  // Larger than the buffer (CK_UNAVAILABLE_INFORMATION included): absent.
  const CK_ULONG length = attributes_[static_cast<std::size_t>(slot - slots_.data())].ulValueLen;
  if (length >= slot->capacity) return {};
  return ByteView(memory_).subspan(slot->offset, length);
}

Bytes AttributeReader::copy(CK_ATTRIBUTE_TYPE type) const {
  const ByteView value = bytes(type);
  return {value.begin(), value.end()};
}

std::string AttributeReader::text(CK_ATTRIBUTE_TYPE type) const {
  const ByteView value = bytes(type);
  return {value.begin(), value.end()};
}

bool AttributeReader::flag(CK_ATTRIBUTE_TYPE type) const {
  const ByteView value = bytes(type);
  return value.size() == sizeof(CK_BBOOL) && value[0] != CK_FALSE;
}

CK_ULONG AttributeReader::number(CK_ATTRIBUTE_TYPE type, CK_ULONG fallback) const {
  const ByteView value = bytes(type);
  if (value.size() != sizeof(CK_ULONG)) return fallback;
  CK_ULONG result = 0;
  std::memcpy(&result, value.data(), sizeof result);
  return result;
}

CK_RV AttributeReader::failure(CK_ATTRIBUTE_TYPE type) const {
  const Slot* slot = slot_of(type);
  return slot == nullptr ? CKR_OK : slot->failure;
}

}  // namespace koshin::pkcs11
