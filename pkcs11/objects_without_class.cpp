// SPDX-License-Identifier: MIT
// What a call that was cut off has left before it said what it was to become.
#include <algorithm>
#include <array>

#include "pkcs11/objects.hpp"

namespace koshin::pkcs11 {
namespace {

/// CKO_CERTIFICATE, CKO_PUBLIC_KEY and CKO_PRIVATE_KEY, which nearly all objects are; then CKO_DATA (0) to
/// CKO_VALIDATION (0x0A) of PKCS#11 v3.1.
constexpr CK_OBJECT_CLASS classes[] = {1, 2, 3, 0, 4, 5, 6, 7, 8, 9, 0x0A};

}  // namespace

bool ObjectReader::says_nothing(CK_OBJECT_HANDLE handle) {
  // Other answers, such as CKR_GENERAL_ERROR, are about a token in trouble, and say nothing of the object.
  const auto lacks = [&](CK_ATTRIBUTE_TYPE type) {
    std::array<CK_BYTE, 64> room{};
    CK_ATTRIBUTE wanted{type, room.data(),
                        static_cast<CK_ULONG>(type == CKA_CLASS ? sizeof(CK_OBJECT_CLASS) : room.size())};
    const CK_RV rv = functions_->attempt(KOSHIN_CK(C_GetAttributeValue), session_, handle, &wanted, 1);
    return rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_ATTRIBUTE_TYPE_INVALID;
  };
  // A vendor's object of a class of its own has a name, an identifier or a content.
  static constexpr CK_ATTRIBUTE_TYPE all_it_could_say[] = {CKA_CLASS, CKA_ID, CKA_LABEL, CKA_VALUE};
  return std::ranges::all_of(all_it_could_say, lacks);
}

std::vector<std::uint64_t> ObjectReader::without_class() {
  const auto all = all_handles();
  std::vector<std::uint64_t> left(all.begin(), all.end());
  // Searches first: they cost the same on a token with many objects. SoftHSM does not tell the class of a key
  // whose type it does not know, and finds the key by its class.
  for (const CK_OBJECT_CLASS sought : classes) {
    if (left.empty()) return left;
    CK_ATTRIBUTE wanted = attribute_of_value(CKA_CLASS, sought);
    const auto found = handles(&wanted, 1);
    if (!found) return {};
    std::erase_if(left,
                  [&](std::uint64_t handle) { return std::ranges::find(*found, handle) != found->end(); });
  }
  std::erase_if(
      left, [this](std::uint64_t handle) { return !says_nothing(static_cast<CK_OBJECT_HANDLE>(handle)); });
  return left;
}

}  // namespace koshin::pkcs11
