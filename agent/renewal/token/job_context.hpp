// SPDX-License-Identifier: MIT
// The inputs of a job.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "enrollment/http/credential.hpp"
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
  /// For a job with await_go: waits for the person's confirmation and returns whether it came. Throws
  /// FailureError.
  std::function<bool()> wait_for_go;
  /// Keeps modules loaded after the job, so that a module that crashes in C_Finalize does so after the result
  /// was sent. Null: modules are unloaded with the job.
  std::vector<std::shared_ptr<pkcs11::Module>>* keep_modules = nullptr;
  /// For a job about all banks: the settings of each; `settings` are then the base settings. Null: `settings`
  /// are those of one bank.
  const std::vector<Settings>* banks = nullptr;
  /// Of change_pin and reset_pin. `new_pin` null: it is typed on the reader's PIN pad.
  const SecureBuffer* new_pin = nullptr;
  const SecureBuffer* puk = nullptr;
  /// The settings of all banks of the computer, whichever the job is for: a token may belong to several.
  /// Null: banks_of() are all.
  const std::vector<Settings>* every_bank = nullptr;
  /// Asked where no token is found: the readers whose card another program holds for itself alone. Empty:
  /// nobody knows.
  std::function<std::vector<std::string>()> readers_with_held_card = {};
  /// Whom the person has named to the proxies of Job::proxies; null: nobody was asked.
  const enrollment::ProxyCredential* proxy_credential = nullptr;
};

/// The settings of the banks that a job is about, one or all.
inline std::span<const Settings> banks_of(const JobContext& context) {
  if (context.banks == nullptr) return {&context.settings, 1};
  return *context.banks;
}

}  // namespace koshin::renewal
