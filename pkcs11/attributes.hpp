// SPDX-License-Identifier: MIT
// Reads many attributes of an object with one C_GetAttributeValue, tolerating modules that reject some of
// them.
#pragma once

#include <vector>

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// Reads attributes into buffers that are large enough for token objects. Attributes that an object lacks or
/// hides, or whose value exceeds its buffer, are absent afterwards.
///
/// C_GetAttributeValue (PKCS#11 v2.40 section 5.7) requires modules to continue after an attribute that they
/// cannot return. Some modules stop there; their remaining attributes are read one by one. Some accept
/// numbers and flags only in buffers of the exact size (NSS softokn: CKR_BUFFER_TOO_SMALL otherwise) and get
/// such buffers from then on. CKA_CLASS, which every object has, reveals this, so `types` must contain it.
class AttributeReader {
 public:
  /// `types`: the attributes in the order of the template.
  AttributeReader(const FunctionTable& functions, const std::vector<CK_ATTRIBUTE_TYPE>& types);

  /// Throws Error for return values that do not concern single attributes, such as a removed token or a
  /// deleted object.
  void read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);

  /// The value of an attribute of the object read last; empty when absent.
  ByteView bytes(CK_ATTRIBUTE_TYPE type) const;
  Bytes copy(CK_ATTRIBUTE_TYPE type) const;
  std::string text(CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_ATTRIBUTE_TYPE type) const;
  /// `fallback` when absent or not a CK_ULONG.
  CK_ULONG number(CK_ATTRIBUTE_TYPE type, CK_ULONG fallback) const;
  /// Whether the module failed to read the attribute, which says nothing about its value (unlike an attribute
  /// that the object lacks or hides).
  bool failed(CK_ATTRIBUTE_TYPE type) const { return failure(type) != CKR_OK; }
  /// What the module answered when it failed to; else CKR_OK.
  CK_RV failure(CK_ATTRIBUTE_TYPE type) const;

 private:
  struct Slot {
    CK_ATTRIBUTE_TYPE type;
    std::size_t offset;
    CK_ULONG capacity;
    CK_RV failure = CKR_OK;  ///< at the last call of read()
  };
  const Slot* slot_of(CK_ATTRIBUTE_TYPE type) const;
  CK_ULONG room_for(const Slot& slot) const;
  CK_ATTRIBUTE empty_attribute(const Slot& slot);
  CK_RV read_all(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
  void read_one_by_one(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);

  const FunctionTable* functions_;
  std::vector<Slot> slots_;
  std::vector<CK_ATTRIBUTE> attributes_;
  Bytes memory_;
};

/// Size limit in bytes of a certificate read from a token.
inline constexpr CK_ULONG largest_certificate = CK_ULONG{256} * 1024;

}  // namespace koshin::pkcs11
