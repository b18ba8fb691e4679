// SPDX-License-Identifier: MIT
// The job `inspect`: reports the objects on all tokens. Without a PIN: one C_GetTokenInfo for each slot, one
// session and one search for each token.
#include <algorithm>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri_match.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/management_key.hpp"
#include "renewal/token/open_token.hpp"
#include "renewal/token/stock_taking.hpp"
#include "renewal/token/stored_pin.hpp"
#include "renewal/token/token_finder.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

bool is_worked_on(const TokenKey& token) {
  try {
    TokenLock::acquire(token);
    return false;
  } catch (const FailureError& error) {
    return error.failure().reason == Reason::token_busy;
  }
}

/// What the journal says; `unknown` where it cannot be used: a token can be looked at without it. Whoever has
/// asked for the look says so (koshin inspect, the agent, the page).
template <typename Value, typename Read>
Value by_journal(const Read& read, Value unknown) {
  try {
    return read();
  } catch (const FailureError& error) {
    log::debug("a token is looked at without the journal", {{"KOSHIN_DETAIL", error.failure().detail}});
    return unknown;
  }
}

/// How the management key is to be had, by the card itself. While another process works on the card, by what
/// the last job with its PIN has seen: a look resets the card, and would disturb the other one.
messages::ManagementKey management_key(const JobContext& context, pkcs11::Module& module,
                                       const pkcs11::TokenInfo& token) {
  const TokenProfile& profile = profile_of(context.settings);
  if (profile.key_manager() == KeyManager::user || !is_worked_on(key_of(token)))
    return find_card_key(module, token, profile).how;
  const auto memory =
      by_journal([&] { return context.journal.memory(key_of(token)); }, std::optional<TokenMemory>());
  return memory && memory->snapshot ? memory->snapshot->report.management_key
                                    : messages::ManagementKey::unknown;
}

messages::TokenReport inspect_token(const JobContext& context, const std::string& name,
                                    const std::shared_ptr<pkcs11::Module>& module,
                                    const pkcs11::TokenInfo& token) {
  auto report = report_token(name, token, profile_of(context.settings));
  if (!token.initialized) return report;
  try {
    report.pin_change_unknown =
        by_journal([&] { return pin_change_is_unknown(context, key_of(token)); }, false);
    report.management_key = management_key(context, *module, token);
    const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
    auto objects = session->objects();
    const auto attestations = take_attestations(context, objects);
    report_objects(report, objects, {.private_objects = !token.login_required});
    report_attestations(report, objects, attestations);
    complete_report(context, objects, report);
  } catch (const std::exception& error) {
    const Failure failure = as_failure(error);
    log::warning(log::Event::module_failed, "token \"" + report.label + "\": " + failure.detail);
    report.trouble = info(failure.reason).id;
  }
  return report;
}

/// Whether an uninitialised token is reported: modules present empty slots as such tokens, so only when there
/// is no other token.
bool worth_telling(const pkcs11::TokenInfo& token, const std::vector<pkcs11::TokenInfo>& all) {
  return token.initialized ||
         std::none_of(all.begin(), all.end(), [](const auto& other) { return other.initialized; });
}

/// Whether another token has the same URI as long as the URI does not name the slot.
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

/// A held card is reported as its module's trouble where nothing else explains that there is no token.
void report_held_card(const JobContext& context, messages::InspectResult& result) {
  const auto is_ready = [](const messages::TokenReport& token) { return token.initialized; };
  if (std::ranges::any_of(result.tokens, is_ready) || !result.modules_in_trouble.empty()) return;
  const auto modules = modules_of(context.job, context.settings);
  if (auto held = held_card(context)) result.modules_in_trouble.push_back({modules.back(), std::move(*held)});
}

}  // namespace

/// Inspection with the PIN: one token, all its objects.
messages::Event inspect_logged_in(const JobContext& context) {
  context.journal.ensure_open();
  OpenToken token(context, find_token(context));
  token.log_in(pkcs11::Access::read_only);
  return messages::InspectResult{{token.report()}, {}};
}

messages::Event run_inspect(const JobContext& context) {
  if (context.pin != nullptr || context.job.protected_path) return inspect_logged_in(context);
  const bool narrowed = !context.job.token_uri.empty();
  const auto uri = narrowed ? token_uri_of(context.job, context.settings) : std::nullopt;
  messages::InspectResult result;
  for (const std::string& name : modules_of(context.job, context.settings)) {
    if (!module_fits(name, uri)) continue;
    try {
      const auto module = load_module(context, name);
      auto tokens = module->tokens();
      for (auto& token : tokens) {
        if (narrowed ? !pkcs11::describes(*uri, *module, token) : !worth_telling(token, tokens)) continue;
        const bool doubtful = looks_like_another(token, tokens);
        const bool one_of_many = is_one_of_many(key_of(token));
        if (context.job.tell_readers || doubtful || one_of_many)
          token.slot_description = module->slot(token.slot).description;
        result.tokens.push_back(inspect_token(context, name, module, token));
        if (doubtful) result.tokens.back().uri = uri_with_slot(token);
      }
    } catch (const std::exception& error) {
      result.modules_in_trouble.push_back({name, as_failure(error)});
    }
  }
  result.tokens = each_once(std::move(result.tokens));
  report_held_card(context, result);
  return result;
}

}  // namespace koshin::renewal
