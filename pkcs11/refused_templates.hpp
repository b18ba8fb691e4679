// SPDX-License-Identifier: MIT
// Modules that object to an attribute which others want: the same call with another template.
#pragma once

#include "pkcs11/function_table.hpp"

namespace koshin::pkcs11 {

/// Whether a module has refused a call for the attributes that it was given (PKCS#11 section 5.1), so that
/// the same call with other ones may be taken. CKR_ARGUMENTS_BAD is what some answer for want of a better
/// word.
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

/// Makes `call` with one of `forms` after the other until the module does not object to its attributes any
/// more; each is tried once. `after_refusal` runs after each objection. Throws Error for any other answer;
/// when all are refused, with the first answer, since that is to the template that says what is wanted.
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
