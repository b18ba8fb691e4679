// SPDX-License-Identifier: MIT
// What is on the tokens, without a PIN: one C_GetTokenInfo for each slot, one session and one search for each
// token.
#include <algorithm>

#include "foundation/log.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri_match.hpp"
#include "renewal/refused.hpp"
#include "renewal/renewal.hpp"
#include "renewal/token_finder.hpp"
#include "renewal/token_report.hpp"

namespace koshin::renewal {
namespace {

messages::TokenReport inspect_token(const std::string& name, const std::shared_ptr<pkcs11::Module>& module,
                                    const pkcs11::TokenInfo& token) {
  auto report = report_token(name, token);
  if (!token.initialized) return report;
  try {
    const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
    report_objects(report, session->objects(), !token.login_required);
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

}  // namespace

messages::Event run_inspect(const JobContext& context) {
  const bool narrowed = !context.job.token_uri.empty();
  const auto uri = narrowed ? token_uri_of(context.job, context.settings) : std::nullopt;
  messages::InspectResult result;
  for (const std::string& name : modules_of(context.job, context.settings)) {
    try {
      const auto module = load_module(context, name);
      auto tokens = module->tokens();
      for (auto& token : tokens) {
        if (narrowed ? !pkcs11::describes(*uri, *module, token) : !worth_telling(token, tokens)) continue;
        if (context.job.tell_readers) token.slot_description = module->slot(token.slot).description;
        result.tokens.push_back(inspect_token(name, module, token));
      }
    } catch (const std::exception& error) {
      result.modules_in_trouble.push_back({name, as_failure(error)});
    }
  }
  for (auto& token : result.tokens) set_back_refused(context.journal, token);
  return result;
}

}  // namespace koshin::renewal
