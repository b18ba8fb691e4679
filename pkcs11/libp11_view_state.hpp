// SPDX-License-Identifier: MIT
// The state of the view (libp11_view.hpp) between calls of libp11, for the two sources that implement it.
#pragma once

#include <map>
#include <mutex>
#include <new>

#include "pkcs11/guarded_signer.hpp"

namespace koshin::pkcs11 {

struct ViewedKey {
  PublicKeyParts parts;
  Bytes curve;  ///< CKA_EC_PARAMS
  Bytes point;  ///< CKA_EC_POINT
  std::weak_ptr<GuardedSigner> signer;
};

struct ViewSession {
  CK_SLOT_ID slot = 0;
  bool to_be_found = false;
  bool signing = false;
  SignatureRequest::Scheme scheme{};
};

struct View {
  std::mutex mutex;
  CK_SLOT_ID shown = 0;
  CK_SESSION_HANDLE last_session = 0;
  std::map<CK_SLOT_ID, ViewedKey> keys;
  std::map<CK_SESSION_HANDLE, ViewSession> sessions;
};

/// The only view. Never destroyed: keys that live until the end of the process are released after static
/// objects.
View& view();

/// Runs `work` under the lock and converts exceptions to CK_RV.
template <class Work>
CK_RV answer(Work work) noexcept {
  try {
    const std::lock_guard lock(view().mutex);
    return work(view());
  } catch (const std::bad_alloc&) {
    return CKR_HOST_MEMORY;
  } catch (...) {
    return CKR_GENERAL_ERROR;
  }
}

template <class Work>
CK_RV in_session(CK_SESSION_HANDLE handle, Work work) noexcept {
  return answer([&](View& state) -> CK_RV {
    const auto found = state.sessions.find(handle);
    return found == state.sessions.end() ? CKR_SESSION_HANDLE_INVALID : work(state, found->second);
  });
}

/// Searches, attributes and signatures (libp11_view_key.cpp).
void set_key_functions(CK_FUNCTION_LIST& list);

}  // namespace koshin::pkcs11
