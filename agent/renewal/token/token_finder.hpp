// SPDX-License-Identifier: MIT
// The token that a job is about, from the settings' modules in order, the URI and the inserted tokens.
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

/// The modules this job may load: job.module if the settings have it, else all of the settings' modules in
/// order. Throws FailureError{module_not_configured}.
std::vector<std::string> modules_of(const messages::Job& job, const Settings& settings);

/// Whether module-name and module-path of the URI, which narrow down what modules are loaded at all (RFC 7512
/// section 2.3), admit the module `name`.
bool module_fits(const std::string& name, const std::optional<pkcs11::Uri>& uri);

/// Loads the module `name`, a path or "p11-kit:NAME". Throws FailureError or pkcs11::ModuleError.
std::shared_ptr<pkcs11::Module> load_module(const JobContext& context, const std::string& name);

/// The job's token URI, else the settings'. Throws FailureError{usage_error} (job) or {settings_invalid}
/// (settings) for a malformed URI or one with a pin-value.
std::optional<pkcs11::Uri> token_uri_of(const messages::Job& job, const Settings& settings);

/// Where no token is found: the failure card_held that names the readers whose card another program holds for
/// itself alone, as modules show no token there. Empty where none is, or nobody knows.
std::optional<Failure> held_card(const JobContext& context);

/// The token that the job is about. A module that does not load is skipped as long as another one has the
/// token; so is a module whose only tokens are uninitialised. Throws FailureError{token_not_found,
/// token_ambiguous, token_uninitialized, card_held} or the exception of loading the module.
FoundToken find_token(const JobContext& context);

}  // namespace koshin::renewal
