// SPDX-License-Identifier: MIT
#include "pkcs11/signature_wait.hpp"

#include <system_error>

namespace koshin::pkcs11 {

SignatureWait::SignatureWait(const SignatureObserver& observer, ByteView key_id)
    : observer_(observer), key_id_(key_id.begin(), key_id.end()) {
  if (!observer_.tell || !observer_.patience) return;
  const auto patience = observer_.patience(key_id_);
  if (patience > std::chrono::milliseconds::zero()) {
    try {
      clock_ = std::thread([this, patience] { wait_and_tell(patience); });
    } catch (const std::system_error&) {  // no thread to be had: the signature is made all the same
    }
    return;
  }
  told_ = true;
  observer_.tell(key_id_, false);
}

SignatureWait::~SignatureWait() {
  end();
}

bool SignatureWait::end() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  returned_.notify_one();
  if (clock_.joinable()) clock_.join();
  const bool told = std::exchange(told_, false);
  if (told) observer_.tell(key_id_, true);
  return told;
}

void SignatureWait::wait_and_tell(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (returned_.wait_for(lock, patience, [this] { return over_; })) return;
  told_ = true;
  observer_.tell(key_id_, false);
}

}  // namespace koshin::pkcs11
