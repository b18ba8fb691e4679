// SPDX-License-Identifier: MIT
// Everything a job was given.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "pkcs11/module.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::renewal {

/// All references outlive the call.
struct JobContext {
  const messages::Job& job;
  const Settings& settings;
  Journal& journal;
  const SecureBuffer* pin = nullptr;
  const SecureBuffer* security_officer_pin = nullptr;
  const SecureBuffer* passphrase = nullptr;
  const SecureBuffer* reissue_code = nullptr;
  std::function<void(const messages::Event&)> emit;
  WallClock now;
  std::stop_token stop;
  /// Of a job with await_go: waits for the person's yes, and tells whether it came. Throws FailureError.
  std::function<bool()> wait_for_go;
  /// Where modules stay loaded after the job, if anywhere: a module that crashes in C_Finalize then does so
  /// after the result was told.
  std::vector<std::shared_ptr<pkcs11::Module>>* keep_modules = nullptr;
  /// Of a job for all banks: each one's settings, `settings` being the base's. Null: `settings` are one
  /// bank's.
  const std::vector<Settings>* banks = nullptr;
};

/// The settings of the banks that a job is about, one or all.
inline std::span<const Settings> banks_of(const JobContext& context) {
  if (context.banks == nullptr) return {&context.settings, 1};
  return *context.banks;
}

}  // namespace koshin::renewal
