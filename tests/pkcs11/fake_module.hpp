// SPDX-License-Identifier: MIT
// A small PKCS#11 module that does, when told to, what real ones do wrong. The module and the tests share
// this header.
#pragma once

#include <p11-kit/pkcs11.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace koshin::pkcs11 {

using FakeAttributes = std::map<CK_ATTRIBUTE_TYPE, std::vector<unsigned char>>;

/// What to do wrong, and what was called. Reset by each test.
struct FakeModule {
  // The table.
  CK_VERSION version{2, 40};
  bool no_table = false;
  std::vector<std::string> holes;  ///< functions missing from the table

  // C_Initialize and C_Finalize.
  bool refuses_os_locking = false;
  bool wants_os_locking = false;
  bool initialized_by_somebody_else = false;
  std::string reserved;  ///< what the latest C_Initialize found in pReserved

  // Slots.
  std::vector<CK_SLOT_ID> slots{0};
  std::vector<CK_SLOT_ID> empty_slots;  ///< listed though they hold no token
  CK_FLAGS token_flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED;
  std::string manufacturer = "Fake";
  CK_RV slot_event = CKR_FUNCTION_NOT_SUPPORTED;
  int slot_events_until_ok = -1;  ///< this many CKR_NO_EVENT, then CKR_OK

  // Objects, sessions, login.
  std::vector<FakeAttributes> objects;
  bool stops_at_bad_attribute = false;
  /// As NSS softokn: a number wants room for 8 bytes and a flag for 1, no more and no less.
  bool exact_sizes = false;
  /// These cannot be read: CKR_FUNCTION_FAILED as soon as one of them is asked for.
  std::set<unsigned long> broken_attributes;
  /// So many calls of C_GetAttributeValue are answered, the others with CKR_GENERAL_ERROR; -1: all are.
  int reads_until_trouble = -1;
  std::map<std::string, CK_RV> failures;  ///< by function

  // Templates.
  std::set<unsigned long> refused_attributes;  ///< in templates of new objects and of searches
  std::set<unsigned long> wanted_attributes;   ///< without one of them: CKR_TEMPLATE_INCOMPLETE
  CK_RV refusal = CKR_ATTRIBUTE_TYPE_INVALID;  ///< of an attribute in refused_attributes
  bool refused_call_leaves_objects = false;    ///< as if the objects were made before they are filled
  std::vector<unsigned char> made_point;       ///< CKA_EC_POINT of keys made here
  std::set<unsigned long> silent_attributes;   ///< objects made here do not have them
  std::vector<std::set<unsigned long>>
      templates;  ///< types in each that C_GenerateKeyPair or C_CreateObject saw

  std::vector<CK_MECHANISM_TYPE> mechanisms;
  CK_MECHANISM_INFO mechanism_info{0, 0, CKF_GENERATE_KEY_PAIR};
  bool null_pin_given = false;

  std::map<std::string, int> calls;
  std::vector<CK_ATTRIBUTE_TYPE> asked_for;  ///< of all C_GetAttributeValue
};

/// Exported by the module as "koshin_fake_module".
using FakeModuleAccess = FakeModule* (*)();

}  // namespace koshin::pkcs11
