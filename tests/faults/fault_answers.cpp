// SPDX-License-Identifier: MIT
#include "faults/fault_answers.hpp"

namespace koshin::faults {

CK_RV answer_without_token(std::string_view function) {
  if (function == "C_Initialize" || function == "C_Finalize" || function == "C_GetInfo" ||
      function == "C_GetFunctionList" || function == "C_GetSlotList" || function == "C_GetSlotInfo" ||
      function == "C_WaitForSlotEvent") {
    return CKR_OK;
  }
  if (function == "C_OpenSession" || function == "C_GetTokenInfo" || function == "C_GetMechanismList" ||
      function == "C_GetMechanismInfo") {
    return CKR_TOKEN_NOT_PRESENT;
  }
  return function == "C_CloseSession" ? CKR_SESSION_HANDLE_INVALID : CKR_DEVICE_REMOVED;
}

bool is_taken(CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_TOKEN:
    case CKA_ID:
    case CKA_SENSITIVE:
    case CKA_MODULUS_BITS:
    case CKA_PUBLIC_EXPONENT:
    case CKA_EC_PARAMS:
    case CKA_CLASS:
    case CKA_CERTIFICATE_TYPE:
    case CKA_SUBJECT:
    case CKA_VALUE:
      return true;
    default:
      return false;
  }
}

}  // namespace koshin::faults
