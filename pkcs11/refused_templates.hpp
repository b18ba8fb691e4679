// SPDX-License-Identifier: MIT
// Modules that reject an attribute which others require: the same call with another template.
#pragma once

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// Whether a module has refused a call because of its attributes (PKCS#11 section 5.1), so that another
/// template may be accepted. Some modules return CKR_ARGUMENTS_BAD for lack of a better code.
constexpr bool refuses_template(CK_RV rv) {
  switch (rv) {
    case CKR_ATTRIBUTE_READ_ONLY:
    case CKR_ATTRIBUTE_SENSITIVE:
    case CKR_ATTRIBUTE_TYPE_INVALID:
    case CKR_ATTRIBUTE_VALUE_INVALID:
    case CKR_TEMPLATE_INCOMPLETE:
    case CKR_TEMPLATE_INCONSISTENT:
    case CKR_ARGUMENTS_BAD:
      return true;
    default:
      return false;
  }
}

/// Makes `call` with each of `forms` until the module accepts one. `after_refusal` runs after each refusal.
/// Throws Error for any other return value; when all forms are refused, with the first return value, since
/// that concerns the complete template.
template <class Forms, class AfterRefusal, class Call>
void first_template_taken(const char* function, const Forms& forms, const AfterRefusal& after_refusal,
                          const Call& call, CallSite where = CallSite::current()) {
  CK_RV first = CKR_OK;
  for (const auto& form : forms) {
    const CK_RV rv = call(form);
    if (rv == CKR_OK) return;
    if (!refuses_template(rv)) throw Error(rv, function, where);
    if (first == CKR_OK) first = rv;
    after_refusal();
  }
  throw Error(first, function, where);
}

}  // namespace koshin::pkcs11
