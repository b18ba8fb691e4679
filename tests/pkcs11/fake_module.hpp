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
  std::map<std::string, CK_RV> failures;  ///< by function
  std::vector<CK_MECHANISM_TYPE> mechanisms;
  CK_MECHANISM_INFO mechanism_info{0, 0, CKF_GENERATE_KEY_PAIR};
  bool null_pin_given = false;

  std::map<std::string, int> calls;
  std::vector<CK_ATTRIBUTE_TYPE> asked_for;  ///< of all C_GetAttributeValue
};

/// Exported by the module as "koshin_fake_module".
using FakeModuleAccess = FakeModule* (*)();

}  // namespace koshin::pkcs11
