// SPDX-License-Identifier: MIT
// The renewal: one table of steps, run in order, each idempotent given the journal and the token.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "enrollment/certificate_authority.hpp"
#include "foundation/messages.hpp"
#include "foundation/secure_buffer.hpp"
#include "foundation/settings.hpp"
#include "pkcs11/session.hpp"
#include "renewal/journal.hpp"

namespace koshin::renewal {

/// Everything a job was given. All references outlive the call.
struct JobContext {
  const messages::Job& job;
  const Settings& settings;
  Journal& journal;
  const SecureBuffer* pin = nullptr;
  const SecureBuffer* security_officer_pin = nullptr;
  const SecureBuffer* http_password = nullptr;
  const SecureBuffer* reissue_code = nullptr;
  std::function<void(const messages::Event&)> emit;
  WallClock now;
  std::stop_token stop;
  /// Of a job with await_go: waits for the person's yes, and tells whether it came. Throws FailureError.
  std::function<bool()> wait_for_go;
  /// Where modules stay loaded after the job, if anywhere: a module that crashes in C_Finalize then does so
  /// after the result was told.
  std::vector<std::shared_ptr<pkcs11::Module>>* keep_modules = nullptr;
};

/// The jobs of the worker. Each returns the final event or throws FailureError (other exceptions are
/// translated by as_failure()).
messages::Event run_inspect(const JobContext& context);
messages::Event run_renew(const JobContext& context);
messages::Event run_enroll(const JobContext& context);
messages::Event run_prune(const JobContext& context);
messages::Event run_cancel(const JobContext& context);
messages::Event run_doctor(const JobContext& context);

/// Any exception as the Failure it means: pkcs11::Error and ModuleError by what they say, FailureError as it
/// is, the rest internal_error.
Failure as_failure(const std::exception& error);

}  // namespace koshin::renewal
