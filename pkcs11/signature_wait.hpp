// SPDX-License-Identifier: MIT
// Signatures that keep a program waiting: a token may wait for a person's touch inside C_Sign, and PKCS#11
// has no way to say so.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Who is told of signatures that take long.
struct SignatureObserver {
  /// After how long a signature with the key of this CKA_ID is told of; zero: before it is asked for.
  std::function<std::chrono::milliseconds(ByteView key_id)> patience;
  /// `over` false: the signature takes longer than that, told from another thread while C_Sign has not
  /// returned. `over` true: it has returned, told from the thread that had called it. Must not throw.
  std::function<void(ByteView key_id, bool over)> tell;
};

/// Watches one signature for as long as the object lives.
class SignatureWait {
 public:
  SignatureWait(const SignatureObserver& observer, ByteView key_id);
  ~SignatureWait();
  SignatureWait(const SignatureWait&) = delete;
  SignatureWait& operator=(const SignatureWait&) = delete;

  /// Ends the watch. Returns whether the observer had been told of the signature because of the time it took.
  bool end();
  std::chrono::steady_clock::duration elapsed() const { return std::chrono::steady_clock::now() - began_; }

 private:
  void wait_and_tell(std::chrono::milliseconds patience);

  const SignatureObserver& observer_;
  Bytes key_id_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable returned_;
  bool over_ = false, told_ = false;
  std::thread clock_;
};

}  // namespace koshin::pkcs11
