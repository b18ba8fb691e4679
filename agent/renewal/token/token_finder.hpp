// SPDX-License-Identifier: MIT
// Which token a job is about: the settings' modules in order, the URI, and what is plugged in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "pkcs11/module.hpp"
#include "pkcs11/uri.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

struct FoundToken {
  std::shared_ptr<pkcs11::Module> module;
  std::string module_name;  ///< as the settings spell it
  pkcs11::TokenInfo info;
};

TokenKey key_of(const pkcs11::TokenInfo& info);

/// The modules this job may load: job.module if it is one of the settings', else all of them, in order.
/// Throws FailureError{module_not_configured}.
std::vector<std::string> modules_of(const messages::Job& job, const Settings& settings);

/// `name` is a path, or "p11-kit:NAME".
std::shared_ptr<pkcs11::Module> load_module(const JobContext& context, const std::string& name);

/// The job's token URI, else the settings'. Throws FailureError{usage_error} or {settings_invalid}: no URI,
/// or one with a pin-value.
std::optional<pkcs11::Uri> token_uri_of(const messages::Job& job, const Settings& settings);

/// The one token the job is about. A module that does not load is passed over as long as another one has the
/// token, and so is one whose only tokens nobody has initialised. Throws FailureError{token_not_found,
/// token_ambiguous, token_uninitialized} or what loading the module threw.
FoundToken find_token(const JobContext& context);

}  // namespace koshin::renewal
