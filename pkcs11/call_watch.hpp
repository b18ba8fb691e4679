// SPDX-License-Identifier: MIT
// Who is told around everything that runs a module's code: what a module does to the process it is in shows
// as soon as it returns.
#pragma once

namespace koshin::pkcs11 {

/// Told by the thread that makes the call, on both sides of it. `with_secret`: the module gets a PIN to see
/// (C_Login).
struct CallWatch {
  void (*begins)(bool with_secret) noexcept;
  void (*ended)(bool with_secret) noexcept;
};

/// The program's one watch; it says so before it loads a module.
void watch_calls(const CallWatch& watch) noexcept;

/// Around one call: loading a module among them.
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
