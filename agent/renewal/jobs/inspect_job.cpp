// SPDX-License-Identifier: MIT
// What is on the tokens. Without a PIN: one C_GetTokenInfo for each slot, one session and one search for each
// token.
#include <algorithm>

#include "foundation/log/log.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri_match.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/open_token.hpp"
#include "renewal/token/stock_taking.hpp"
#include "renewal/token/token_finder.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

messages::TokenReport inspect_token(const JobContext& context, const std::string& name,
                                    const std::shared_ptr<pkcs11::Module>& module,
                                    const pkcs11::TokenInfo& token) {
  auto report = report_token(name, token);
  if (!token.initialized) return report;
  try {
    const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
    const auto objects = session->objects();
    report_objects(report, objects, {.private_objects = !token.login_required});
    complete_report(context, objects, report);
  } catch (const std::exception& error) {
    const Failure failure = as_failure(error);
    log::warning(log::Event::module_failed, "token \"" + report.label + "\": " + failure.detail);
    report.trouble = info(failure.reason).id;
  }
  return report;
}

/// Modules show empty slots as tokens that nobody has initialised: news only when there is no other.
bool worth_telling(const pkcs11::TokenInfo& token, const std::vector<pkcs11::TokenInfo>& all) {
  return token.initialized ||
         std::none_of(all.begin(), all.end(), [](const auto& other) { return other.initialized; });
}

/// Another token says the same of itself: its URI is the same as long as it does not name the slot.
bool looks_like_another(const pkcs11::TokenInfo& token, const std::vector<pkcs11::TokenInfo>& all) {
  const std::string uri = pkcs11::uri_of(token).to_string();
  return std::count_if(all.begin(), all.end(),
                       [&](const auto& other) { return pkcs11::uri_of(other).to_string() == uri; }) > 1;
}

std::string uri_with_slot(const pkcs11::TokenInfo& token) {
  pkcs11::Uri uri = pkcs11::uri_of(token);
  uri.slot_description = token.slot_description;
  return uri.to_string();
}

}  // namespace

/// Until when what is ours is valid, so that nobody is asked for the PIN again before it is due.
void remember_what_was_seen(const JobContext& context, const OpenToken& token,
                            const messages::TokenReport& report) {
  std::optional<TimePoint> not_after;
  for (const auto& certificate : report.certificates) {
    const bool in_use = certificate.replaced_by.empty() && has_key(certificate.key_state) &&
                        is_ours(certificate, context.settings.expect) &&
                        !is_left_behind(certificate, report, context.settings, context.now());
    if (in_use && (!not_after || certificate.not_after < *not_after)) not_after = certificate.not_after;
  }
  if (!not_after) return;
  context.journal.remember(token.key(), [&](TokenMemory& memory) {
    memory.not_after = not_after;
    if (memory.label.empty()) memory.label = report.label;
    if (memory.module.empty()) memory.module = report.module;
    if (memory.last_decision.empty()) memory.last_decision = to_string(Decision::cannot_be_told);
  });
}

/// With the PIN: one token, and everything on it.
messages::Event inspect_logged_in(const JobContext& context) {
  OpenToken token(context, find_token(context));
  token.log_in(pkcs11::Access::read_only);
  auto report = token.report();
  try {
    remember_what_was_seen(context, token, report);
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "what was seen is not remembered: " + error.failure().detail);
  }
  return messages::InspectResult{{std::move(report)}, {}};
}

messages::Event run_inspect(const JobContext& context) {
  if (context.pin != nullptr || context.job.protected_path) return inspect_logged_in(context);
  const bool narrowed = !context.job.token_uri.empty();
  const auto uri = narrowed ? token_uri_of(context.job, context.settings) : std::nullopt;
  messages::InspectResult result;
  for (const std::string& name : modules_of(context.job, context.settings)) {
    try {
      const auto module = load_module(context, name);
      auto tokens = module->tokens();
      for (auto& token : tokens) {
        if (narrowed ? !pkcs11::describes(*uri, *module, token) : !worth_telling(token, tokens)) continue;
        const bool doubtful = looks_like_another(token, tokens);
        if (context.job.tell_readers || doubtful)
          token.slot_description = module->slot(token.slot).description;
        result.tokens.push_back(inspect_token(context, name, module, token));
        if (doubtful) result.tokens.back().uri = uri_with_slot(token);
      }
    } catch (const std::exception& error) {
      result.modules_in_trouble.push_back({name, as_failure(error)});
    }
  }
  result.tokens = each_once(std::move(result.tokens));
  return result;
}

}  // namespace koshin::renewal
