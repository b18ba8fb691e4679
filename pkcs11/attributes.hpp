// SPDX-License-Identifier: MIT
// Many attributes of one object in one C_GetAttributeValue, whatever the module thinks of some of them.
#pragma once

#include <vector>

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// Reads attributes into buffers that are large enough for what tokens hold. Attributes that an object does
/// not have, does not show, or whose value is larger than its buffer, are simply absent afterwards.
///
/// The standard (C_GetAttributeValue, section 5.7) has modules go on after an attribute they cannot give.
/// Some stop there; their remaining attributes are asked for one by one. Some take numbers and flags only in
/// buffers of the very size (NSS softokn: CKR_BUFFER_TOO_SMALL for any other); they get such ones from then
/// on. CKA_CLASS, which every object has, is how that is found out: it belongs into `types`.
class AttributeReader {
 public:
  /// `types` in the order they are asked for.
  AttributeReader(const FunctionTable& functions, const std::vector<CK_ATTRIBUTE_TYPE>& types);

  /// Throws Error for answers that are not about single attributes: a token that is gone, an object that is
  /// gone.
  void read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);

  /// Of the object read last; empty when absent.
  ByteView bytes(CK_ATTRIBUTE_TYPE type) const;
  Bytes copy(CK_ATTRIBUTE_TYPE type) const;
  std::string text(CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_ATTRIBUTE_TYPE type) const;
  /// `fallback` when absent or not a CK_ULONG.
  CK_ULONG number(CK_ATTRIBUTE_TYPE type, CK_ULONG fallback) const;
  /// Whether the module could not read the attribute, which says nothing about its value; an object that does
  /// not have it, or does not show it, is another thing.
  bool failed(CK_ATTRIBUTE_TYPE type) const;

 private:
  struct Slot {
    CK_ATTRIBUTE_TYPE type;
    std::size_t offset;
    CK_ULONG capacity;
    bool failed = false;  ///< at the latest reading
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

/// The largest certificate koshin takes from a token.
inline constexpr CK_ULONG largest_certificate = CK_ULONG{256} * 1024;

}  // namespace koshin::pkcs11
