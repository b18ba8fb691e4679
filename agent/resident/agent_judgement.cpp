// SPDX-License-Identifier: MIT
// The agent's decisions about a token that was looked at, and what follows from them.
#include <algorithm>
#include <utility>

#include "foundation/log/log.hpp"
#include "resident/agent.hpp"
#include "resident/decision_text.hpp"

namespace koshin::resident {
namespace {

using renewal::Decision;
using renewal::TokenMemory;
using renewal::Trigger;

void remember(TokenMemory& memory, const PresentToken& token, const renewal::Verdict& verdict, bool told,
              TimePoint now) {
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

/// What a rescan has found unchanged is for a debugger: a log that says the same each minute hides the rest.
void log_decision(PresentToken& token, const renewal::Verdict& verdict, bool told, Trigger trigger) {
  const std::string days = verdict.days_left ? std::to_string(*verdict.days_left) : std::string();
  const std::string look_again = token.look_again ? to_rfc3339(*token.look_again) : std::string();
  const std::string text = decision_text(verdict, Language::english);
  std::string all = text + verdict.detail;
  const bool news = told || trigger != Trigger::timer || token.logged != all;
  token.logged = std::move(all);
  log::write(
      news ? log::Level::info : log::Level::debug, log::Event::decided,
      "Token " + describe(token.report) + ": " + text + (told ? "; the person is told." : "."),
      {{"KOSHIN_TOKEN", token.report.uri},
       {"KOSHIN_DECISION", to_string(verdict.decision)},
       {"KOSHIN_CERTIFICATE",
        verdict.certificate == nullptr ? std::string_view() : std::string_view(verdict.certificate->sha256)},
       {"KOSHIN_DAYS_LEFT", days},
       {"KOSHIN_THRESHOLD", verdict.threshold},
       {"KOSHIN_LOOK_AGAIN", look_again},
       {"KOSHIN_DETAIL", verdict.detail}});
}

/// What the journal knows of a token; nothing when it cannot be read.
struct Known {
  renewal::Journal* journal = nullptr;
  std::optional<TokenMemory> memory{};
  std::optional<renewal::Record> unfinished{};
};

Known recall(World& world, const renewal::TokenKey& key) {
  try {
    Known known{.journal = &world.journal()};
    known.memory = known.journal->memory(key);
    known.unfinished = known.journal->unfinished(key);
    return known;
  } catch (const FailureError& error) {
    log::error(log::Event::none, "The journal cannot be read; deciding without it.",
               {{"KOSHIN_DETAIL", error.what()}});
    return {};
  }
}

void write_down(const Known& known, const PresentToken& token, const renewal::Verdict& verdict, bool told,
                TimePoint now) {
  // Somebody else's token is none of our business: not even the journal hears of it.
  if (known.journal == nullptr || (!known.memory && verdict.decision == Decision::nothing_of_ours)) return;
  try {
    known.journal->remember(token.key,
                            [&](TokenMemory& memory) { remember(memory, token, verdict, told, now); });
  } catch (const FailureError& error) {
    log::error(log::Event::none, "The decision could not be written down.",
               {{"KOSHIN_DETAIL", error.what()}});
  }
}

}  // namespace

void Agent::judge(const renewal::TokenKey& key, Trigger trigger) {
  PresentToken* token = tokens_.find(key);
  if (token == nullptr) return;  // gone while the worker looked
  if (trigger == Trigger::insertion) pace_.forget(key);
  const TimePoint now = world_.now();
  if (!token->report.trouble.empty()) {
    constexpr std::chrono::minutes pause{10};
    log::warning(log::Event::inspected,
                 "Token " + describe(token->report) + " could not be read; what was known of it stays.",
                 {{"KOSHIN_TOKEN", token->report.uri}, {"KOSHIN_REASON", token->report.trouble}});
    token->look_again = now + pause;
    return;
  }
  const Known known = recall(world_, key);
  const renewal::Verdict verdict =
      renewal::decide({.token = token->report,
                       .unfinished = known.unfinished ? &*known.unfinished : nullptr,
                       .memory = known.memory ? &*known.memory : nullptr,
                       .settings = *settings_,
                       .now = now,
                       .trigger = trigger});
  token->decision = verdict.decision;
  token->not_after =
      verdict.certificate == nullptr ? std::nullopt : std::optional(verdict.certificate->not_after);
  token->look_again = verdict.look_again;
  const bool by_itself = acts_by_itself(key, verdict);
  const bool told = verdict.notify && !by_itself;
  write_down(known, *token, verdict, told, now);
  const bool renew_now = by_itself && is_time_to_renew(*token, *verdict.act_unattended_from);
  log_decision(*token, verdict, told, trigger);
  if (renew_now) {
    pace_.started(key);
    world_.renew_unattended(key, token->report.uri, token->module);
  } else if (told) {
    prompt(*token, verdict);
  } else if (verdict.decision == Decision::not_due || verdict.decision == Decision::nothing_of_ours) {
    world_.settled(key);  // renewed elsewhere, while a message was waiting for its answer
  }
}

bool Agent::acts_by_itself(const renewal::TokenKey& key, const renewal::Verdict& verdict) const {
  if (!settings_->unattended.enabled || !verdict.act_unattended_from) return false;
  return pace_.running(key) || pace_.next_try(key).has_value();
}

bool Agent::is_time_to_renew(PresentToken& token, TimePoint from) const {
  const auto next_try = pace_.next_try(token.key);
  if (!next_try) return false;  // it is being done
  from = std::max(from, *next_try);
  if (from <= world_.now()) return true;
  if (!token.look_again || from < *token.look_again) token.look_again = from;
  return false;
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
