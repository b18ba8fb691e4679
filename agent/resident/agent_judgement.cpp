// SPDX-License-Identifier: MIT
// The agent's decisions about a token that was looked at, and what follows from them.
#include <algorithm>

#include "foundation/log.hpp"
#include "resident/agent.hpp"
#include "resident/decision_text.hpp"

namespace koshin::resident {
namespace {

using renewal::Decision;
using renewal::TokenMemory;
using renewal::Trigger;

void remember(TokenMemory& memory, const PresentToken& token, const renewal::Verdict& verdict, bool told,
              TimePoint now) {
  memory.token = token.key;
  memory.label = token.report.label;
  memory.module = token.module;
  memory.last_seen = now;
  memory.last_decision = to_string(verdict.decision);
  if (verdict.certificate != nullptr) memory.not_after = verdict.certificate->not_after;
  if (verdict.snooze_over) memory.snoozed_at.reset();
  if (!told) return;
  memory.last_notified = now;
  memory.notified_threshold = verdict.threshold;
  if (verdict.certificate != nullptr) memory.certificate_sha256 = verdict.certificate->sha256;
}

void log_decision(const PresentToken& token, const renewal::Verdict& verdict) {
  const std::string days = verdict.days_left ? std::to_string(*verdict.days_left) : std::string();
  const std::string look_again = token.look_again ? to_rfc3339(*token.look_again) : std::string();
  log::info(
      log::Event::decided,
      "Token " + describe(token.report) + ": " + decision_text(verdict, Language::english),
      {{"KOSHIN_TOKEN", token.report.uri},
       {"KOSHIN_DECISION", to_string(verdict.decision)},
       {"KOSHIN_CERTIFICATE",
        verdict.certificate == nullptr ? std::string_view() : std::string_view(verdict.certificate->sha256)},
       {"KOSHIN_DAYS_LEFT", days},
       {"KOSHIN_THRESHOLD", verdict.threshold},
       {"KOSHIN_LOOK_AGAIN", look_again},
       {"KOSHIN_DETAIL", verdict.detail}});
}

}  // namespace

void Agent::judge(const renewal::TokenKey& key, Trigger trigger) {
  PresentToken* token = tokens_.find(key);
  if (token == nullptr) return;  // gone while the worker looked
  if (trigger == Trigger::insertion) pace_.forget(key);
  const TimePoint now = world_.now();
  std::optional<TokenMemory> memory;
  std::optional<renewal::Record> unfinished;
  renewal::Journal* journal = nullptr;
  try {
    journal = &world_.journal();
    memory = journal->memory(key);
    unfinished = journal->unfinished(key);
  } catch (const FailureError& error) {
    log::error(log::Event::none, "The journal cannot be read; deciding without it.",
               {{"KOSHIN_DETAIL", error.what()}});
  }
  const renewal::Verdict verdict = renewal::decide({.token = token->report,
                                                    .unfinished = unfinished ? &*unfinished : nullptr,
                                                    .memory = memory ? &*memory : nullptr,
                                                    .settings = *settings_,
                                                    .now = now,
                                                    .trigger = trigger});
  token->decision = verdict.decision;
  token->not_after.reset();
  if (verdict.certificate != nullptr) token->not_after = verdict.certificate->not_after;
  token->look_again = verdict.look_again;
  const bool by_itself = acts_by_itself(key, verdict);
  // Somebody else's token is none of our business: not even the journal hears of it.
  if (journal != nullptr && (memory || verdict.decision != Decision::nothing_of_ours)) {
    TokenMemory updated = memory.value_or(TokenMemory{});
    remember(updated, *token, verdict, verdict.notify && !by_itself, now);
    try {
      journal->remember(updated);
    } catch (const FailureError& error) {
      log::error(log::Event::none, "The decision could not be written down.",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
  }
  if (by_itself) {
    renew_or_wait(*token, *verdict.act_unattended_from);
  } else if (verdict.notify) {
    prompt(*token, verdict);
  }
  log_decision(*token, verdict);
}

bool Agent::acts_by_itself(const renewal::TokenKey& key, const renewal::Verdict& verdict) const {
  if (!settings_->unattended.enabled || !verdict.act_unattended_from) return false;
  return pace_.running(key) || pace_.next_try(key).has_value();
}

void Agent::renew_or_wait(PresentToken& token, TimePoint from) {
  const auto next_try = pace_.next_try(token.key);
  if (!next_try) return;  // it is being done
  from = std::max(from, *next_try);
  if (from <= world_.now()) {
    pace_.started(token.key);
    world_.renew_unattended(token.key, token.report.uri);
  } else if (!token.look_again || from < *token.look_again) {
    token.look_again = from;
  }
}

void Agent::prompt(const PresentToken& token, const renewal::Verdict& verdict) {
  world_.prompt(
      {.token = token.key,
       .token_uri = token.report.uri,
       .token_label = token.report.label,
       .certificate_sha256 = verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256,
       .decision = verdict.decision,
       .days_left = verdict.days_left,
       .not_after = token.not_after});
}

}  // namespace koshin::resident
