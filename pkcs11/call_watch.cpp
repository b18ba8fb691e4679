// SPDX-License-Identifier: MIT
// The observer of module calls.
#include "pkcs11/call_watch.hpp"

namespace koshin::pkcs11 {
namespace {

CallWatch program_watch{nullptr, nullptr};

}  // namespace

void watch_calls(const CallWatch& watch) noexcept {
  program_watch = watch;
}

WatchedCall::WatchedCall(bool with_secret) noexcept : with_secret_(with_secret) {
  if (program_watch.begins != nullptr) program_watch.begins(with_secret_);
}

WatchedCall::~WatchedCall() {
  if (program_watch.ended != nullptr) program_watch.ended(with_secret_);
}

}  // namespace koshin::pkcs11
