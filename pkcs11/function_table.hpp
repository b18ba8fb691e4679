// SPDX-License-Identifier: MIT
// The one way to call a module: every call names its function and its call site, every answer is looked at.
#pragma once

#include <map>
#include <string_view>

#include "pkcs11/call_watch.hpp"
#include "pkcs11/cryptoki.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/quirks.hpp"

namespace koshin::pkcs11 {

/// One function of the table, its name, and where it is called from. Made by KOSHIN_CK.
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

/// Whether private objects of a token can be visible to this process. Login is per token and application, so
/// all sessions with one slot share it.
struct LoginState {
  bool required = false;  ///< CKF_LOGIN_REQUIRED; false also when nobody has asked the token
  bool done = false;      ///< somebody in this process has logged in
  bool hides_private_objects() const { return required && !done; }
};

/// A module's functions. Only those of PKCS#11 2.x are ever called: a table that announces 3.x through
/// C_GetFunctionList has no more members than a 2.40 one, whatever its version says.
struct FunctionTable {
  CK_FUNCTION_LIST* list = nullptr;
  Quirks quirks;
  std::map<CK_SLOT_ID, LoginState> logins;
  /// Numbers and flags are read only into buffers of their very size; found out by the first reading.
  mutable bool wants_exact_sizes = false;

  /// The call's CK_RV; CKR_FUNCTION_NOT_SUPPORTED for a hole in the table.
  template <class... Parameters, class... Arguments>
  CK_RV attempt(const CryptokiCall<Parameters...>& call, Arguments... arguments) const {
    const auto function = list->*call.member;
    if (function == nullptr) return CKR_FUNCTION_NOT_SUPPORTED;
    const WatchedCall watched(std::string_view(call.name) == "C_Login");
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
