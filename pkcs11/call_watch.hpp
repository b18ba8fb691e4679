// SPDX-License-Identifier: MIT
// An observer of all calls into a module's code: detects effects of the module on the process as soon as a
// call returns.
#pragma once

namespace koshin::pkcs11 {

/// Called by the calling thread before and after each call. `with_secret`: the call passes a PIN to the
/// module (C_Login, C_SetPIN, C_InitPIN).
struct CallWatch {
  void (*begins)(bool with_secret) noexcept;
  void (*ended)(bool with_secret) noexcept;
};

/// Sets the observer of the process; to be called before the first module is loaded.
void watch_calls(const CallWatch& watch) noexcept;

/// Notifies the observer for the lifetime of the object: one Cryptoki call, or the loading of a module.
class WatchedCall {
 public:
  explicit WatchedCall(bool with_secret = false) noexcept;
  ~WatchedCall();
  WatchedCall(const WatchedCall&) = delete;
  WatchedCall& operator=(const WatchedCall&) = delete;

 private:
  bool with_secret_;
};

}  // namespace koshin::pkcs11
