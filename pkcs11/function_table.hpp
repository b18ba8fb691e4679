// SPDX-License-Identifier: MIT
// All calls of a module: each call names its function and call site, and every return value is checked.
#pragma once

#include <map>
#include <string_view>

#include "pkcs11/call_watch.hpp"
#include "pkcs11/cryptoki.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/quirks.hpp"

namespace koshin::pkcs11 {

/// A function of the table, its name and its call site. Made by KOSHIN_CK.
template <class... Parameters>
struct CryptokiCall {
  using Member = CK_RV (*CK_FUNCTION_LIST::*)(Parameters...);
  Member member;
  const char* name;
  CallSite where;

  CryptokiCall(Member function, const char* function_name, CallSite location = CallSite::current())
      : member(function), name(function_name), where(location) {}
};

#define KOSHIN_CK(function) ::koshin::pkcs11::CryptokiCall(&CK_FUNCTION_LIST::function, #function)

/// Whether private objects of a token are visible to this process. A login applies to token and application,
/// so all sessions with one slot share it.
struct LoginState {
  bool required = false;  ///< CKF_LOGIN_REQUIRED; false also while the token has not been queried
  bool done = false;      ///< this process has logged in
  bool hides_private_objects() const { return required && !done; }
};

/// A module's functions. Only functions of PKCS#11 2.x are called: a table returned by C_GetFunctionList has
/// no members beyond 2.40, whatever version it announces.
struct FunctionTable {
  CK_FUNCTION_LIST* list = nullptr;
  Quirks quirks;
  std::map<CK_SLOT_ID, LoginState> logins;
  /// The module reads numbers and flags only into buffers of the exact size; detected at the first reading.
  mutable bool wants_exact_sizes = false;

  /// Returns the call's CK_RV; CKR_FUNCTION_NOT_SUPPORTED for a null entry of the table.
  template <class... Parameters, class... Arguments>
  CK_RV attempt(const CryptokiCall<Parameters...>& call, Arguments... arguments) const {
    const auto function = list->*call.member;
    if (function == nullptr) return CKR_FUNCTION_NOT_SUPPORTED;
    const std::string_view name(call.name);
    const WatchedCall watched(name == "C_Login" || name == "C_SetPIN" || name == "C_InitPIN");
    return function(static_cast<Parameters>(arguments)...);
  }

  /// Throws Error for anything but CKR_OK.
  template <class... Parameters, class... Arguments>
  void call(const CryptokiCall<Parameters...>& call, Arguments... arguments) const {
    const CK_RV rv = attempt(call, arguments...);
    if (rv != CKR_OK) throw Error(rv, call.name, call.where);
  }
};

}  // namespace koshin::pkcs11
