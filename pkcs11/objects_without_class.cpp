// SPDX-License-Identifier: MIT
// What a call that was cut off has left before it said what it was to become.
#include <algorithm>
#include <array>

#include "pkcs11/objects.hpp"

namespace koshin::pkcs11 {
namespace {

/// CKO_DATA (0) to CKO_VALIDATION: PKCS#11 v3.1, section 3.1 of the header's constants.
constexpr CK_OBJECT_CLASS last_class = 0x0A;

}  // namespace

bool ObjectReader::says_that_it_has_no_class(CK_OBJECT_HANDLE handle) {
  CK_OBJECT_CLASS object_class = 0;
  CK_ATTRIBUTE wanted{CKA_CLASS, &object_class, sizeof object_class};
  const CK_RV rv = functions_->attempt(KOSHIN_CK(C_GetAttributeValue), session_, handle, &wanted, 1);
  // Others, such as CKR_GENERAL_ERROR, are about a token that does not answer, and say nothing of the object.
  return rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_ATTRIBUTE_TYPE_INVALID;
}

std::vector<std::uint64_t> ObjectReader::without_class() {
  const auto all = all_handles();
  std::vector<std::uint64_t> left(all.begin(), all.end());
  std::erase_if(left, [this](std::uint64_t handle) { return !says_that_it_has_no_class(handle); });
  // SoftHSM does not tell the class of a key whose type it does not know, and finds the key by its class.
  for (CK_OBJECT_CLASS sought = 0; sought <= last_class && !left.empty(); ++sought) {
    CK_ATTRIBUTE wanted{CKA_CLASS, &sought, sizeof sought};
    const auto found = handles(&wanted, 1);
    if (!found) return {};
    std::erase_if(left,
                  [&](std::uint64_t handle) { return std::ranges::find(*found, handle) != found->end(); });
  }
  return left;
}

}  // namespace koshin::pkcs11
