// SPDX-License-Identifier: MIT
// Cryptoki return values as std::system_error, with the names of the call and of the CKR_ code.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "pkcs11/call_site.hpp"

namespace koshin::pkcs11 {

/// Category of error codes whose value is a CK_RV; message() is the CKR_ name.
const std::error_category& cryptoki_category() noexcept;

/// A Cryptoki call that did not return CKR_OK. code().value() is the CK_RV.
class Error : public std::system_error {
 public:
  Error(unsigned long rv, std::string_view function, CallSite where = CallSite::current());
  /// Name of the call, for example "C_Login".
  const std::string& function() const noexcept { return function_; }
  /// The CK_RV.
  unsigned long rv() const noexcept { return static_cast<unsigned>(code().value()); }

 private:
  std::string function_;
};

/// A signature that has failed because nobody touched the token, as far as its CK_RV and the time that it
/// took tell: PKCS#11 has no CKR for it (ykcs11 2.2.0: CKR_USER_NOT_LOGGED_IN for the card's 6982).
class TouchMissed : public Error {
 public:
  using Error::Error;
};

/// A module that cannot be used: file missing, not a shared object, no C_GetFunctionList, or an invalid
/// function table.
class ModuleError : public std::runtime_error {
 public:
  enum class Kind { not_found, not_loadable, incompatible };
  ModuleError(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// A key of a type that OpenSSL cannot use through a token: Ed25519, DSA, an EC key without a named curve.
class UnsupportedKey : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Classes of CK_RV values by the reaction that they require.
enum class Trouble {
  token_gone,       ///< CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,
                    ///< CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_ERROR, CKR_SESSION_CLOSED, CKR_SLOT_ID_INVALID
  pin_incorrect,    ///< CKR_PIN_INCORRECT; all pin_ values: only from C_Login, C_SetPIN and C_InitPIN
  pin_length,       ///< CKR_PIN_LEN_RANGE, CKR_PIN_INVALID
  pin_locked,       ///< CKR_PIN_LOCKED
  pin_expired,      ///< CKR_PIN_EXPIRED
  pin_not_set,      ///< CKR_USER_PIN_NOT_INITIALIZED
  pin_cancelled,    ///< CKR_FUNCTION_CANCELED, CKR_CANCEL on a pin pad
  new_pin_refused,  ///< CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_TOO_WEAK from C_SetPIN and C_InitPIN
  token_full,       ///< CKR_DEVICE_MEMORY
  write_protected,  ///< CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY
  not_supported,    ///< CKR_MECHANISM_INVALID, CKR_FUNCTION_NOT_SUPPORTED, CKR_KEY_SIZE_RANGE, …
  other
};
Trouble classify(const std::error_code& code) noexcept;
/// classify() that considers the call: PIN-related codes count only when they come from a call that a PIN is
/// passed to, C_Login (the context-specific login included), C_SetPIN or C_InitPIN, and are `other`
/// elsewhere, since modules may return any code from any call. Where a PIN is set, CKR_PIN_INVALID and
/// CKR_PIN_LEN_RANGE are about the new one (PKCS#11 v2.40 section 5.1.6).
Trouble classify(const Error& error) noexcept;
/// Whether the failure of a call that the job can do without leaves the job free to go on: neither is the
/// token gone, nor did the module, in whichever call, speak of the PIN. Nothing more can be concluded from
/// the code, since modules return CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED or CKR_DATA_INVALID also for what
/// they do not support.
bool can_go_on_without(const Error& error) noexcept;

}  // namespace koshin::pkcs11
