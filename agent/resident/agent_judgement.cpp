// SPDX-License-Identifier: MIT
// The agent's decisions about a token that was looked at, and what follows from them.
#include <algorithm>
#include <utility>
#include <vector>

#include "foundation/log/log.hpp"
#include "renewal/policy/inventory.hpp"
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
  renewal::keep_decision(memory, verdict);
  if (verdict.snooze_over) memory.snoozed_at.reset();
  if (!told) return;
  memory.last_notified = now;
  memory.notified_threshold = verdict.threshold;
  if (verdict.certificate != nullptr) memory.told_sha256 = verdict.certificate->sha256;
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

/// What is remembered of a token's key is, of two that say the same of themselves, what was told of the other
/// one where that was told later. Then what was told of this very one counts, and who asked for quiet meant
/// the other.
std::optional<TokenMemory> as_told(const PresentToken& token, std::optional<TokenMemory> memory) {
  if (!memory || !token.told || memory->told_sha256 == token.told->certificate_sha256) return memory;
  memory->told_sha256 = token.told->certificate_sha256;
  memory->notified_threshold = token.told->threshold;
  memory->last_notified = token.told->at;
  memory->snoozed_at.reset();
  return memory;
}

bool is_quiet(const renewal::Verdict& verdict) {
  return verdict.decision == Decision::not_due || verdict.decision == Decision::nothing_of_ours;
}

TokenPlace place_of(const PresentToken& token) {
  return {token.key, token.report.uri};
}

/// Whether it could be read. When not, what was known of it stays.
bool readable(PresentToken& token, TimePoint now) {
  if (token.report.trouble.empty()) return true;
  constexpr std::chrono::minutes pause{10};
  log::warning(log::Event::inspected,
               "Token " + describe(token.report) + " could not be read; what was known of it stays.",
               {{"KOSHIN_TOKEN", token.report.uri}, {"KOSHIN_REASON", token.report.trouble}});
  token.look_again = now + pause;
  return false;
}

}  // namespace

/// Nothing when the journal cannot be read.
struct Agent::Known {
  renewal::Journal* journal = nullptr;
  std::optional<TokenMemory> memory{};
  std::vector<renewal::Record> unfinished{};
  std::optional<std::vector<renewal::Record>> records{};

  static Known recall(World& world, const renewal::TokenKey& key) {
    try {
      Known known{.journal = &world.journal()};
      known.memory = known.journal->memory(key);
      known.unfinished = known.journal->all_unfinished();
      known.records = known.journal->history_of(key, renewal::records_looked_back);
      return known;
    } catch (const FailureError& error) {
      log::error(log::Event::none, "The journal cannot be read; deciding without it.",
                 {{"KOSHIN_DETAIL", error.what()}});
      return {};
    }
  }

  void write_down(const PresentToken& token, const renewal::Verdict& verdict, bool told,
                  TimePoint now) const {
    // Somebody else's token is none of our business: not even the journal hears of it.
    if (journal == nullptr || (!memory && verdict.decision == Decision::nothing_of_ours)) return;
    try {
      journal->remember(token.key, [&](TokenMemory& kept) { remember(kept, token, verdict, told, now); });
    } catch (const FailureError& error) {
      log::error(log::Event::none, "The decision could not be written down.",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
  }
};

/// All tokens with this key: two of them may say the same of themselves. Then what is remembered and told is
/// of those that call for something, and the others stay silent.
void Agent::judge(const renewal::TokenKey& key, Trigger trigger) {
  if (tokens_.find(key) == nullptr) return;  // gone while the worker looked
  if (trigger == Trigger::insertion) pace_.forget(key);
  const TimePoint now = world_.now();
  const Known known = Known::recall(world_, key);
  std::vector<std::pair<PresentToken*, renewal::Verdict>> verdicts;
  for (PresentToken& token : tokens_.all()) {
    if (token.key != key || !readable(token, now)) continue;
    const auto memory = as_told(token, known.memory);
    verdicts.emplace_back(
        &token, renewal::decide({.token = token.report,
                                 .unfinished = renewal::unfinished_on(token.report, known.unfinished),
                                 .memory = memory ? &*memory : nullptr,
                                 .settings = *settings_,
                                 .now = now,
                                 .trigger = trigger,
                                 .records = known.records ? &*known.records : nullptr}));
  }
  const bool all_quiet =
      std::all_of(verdicts.begin(), verdicts.end(), [](const auto& entry) { return is_quiet(entry.second); });
  const auto shares_its_place = [&](const PresentToken& token) {
    return std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& entry) {
      return entry.first != &token && place_of(*entry.first) == place_of(token);
    });
  };
  for (auto& [token, verdict] : verdicts) {
    token->decision = verdict.decision;
    token->not_after =
        verdict.certificate == nullptr ? std::nullopt : std::optional(verdict.certificate->not_after);
    token->look_again = verdict.look_again;
    if (all_quiet || !is_quiet(verdict)) {
      act_on(*token, verdict, known, trigger);
    } else {
      log_decision(*token, verdict, false, trigger);
      if (!shares_its_place(*token)) world_.settled(place_of(*token));
    }
  }
}

void Agent::act_on(PresentToken& token, const renewal::Verdict& verdict, const Known& known,
                   Trigger trigger) {
  const bool by_itself = acts_by_itself(token.key, verdict);
  const bool told = verdict.notify && !by_itself;
  known.write_down(token, verdict, told, world_.now());
  const bool renew_now = by_itself && is_time_to_renew(token, *verdict.act_unattended_from);
  log_decision(token, verdict, told, trigger);
  if (told)
    token.told = {verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256,
                  verdict.threshold, world_.now()};
  if (renew_now) {
    pace_.started(token.key);
    world_.renew_unattended(token.key, token.report.uri, token.module);
  } else if (told) {
    prompt(token, verdict);
  } else if (is_quiet(verdict)) {
    world_.settled(place_of(token));  // renewed elsewhere, while a message was waiting for its answer
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
      {.place = place_of(token),
       .token_label = token.report.label,
       .certificate_sha256 = verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256,
       .decision = verdict.decision,
       .days_left = verdict.days_left,
       .not_after = token.not_after});
}

}  // namespace koshin::resident
