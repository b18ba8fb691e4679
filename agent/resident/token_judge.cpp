// SPDX-License-Identifier: MIT
#include "resident/token_judge.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "foundation/log/log.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
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
void log_decision(const PresentToken& token, BankStanding& standing, const renewal::Verdict& verdict,
                  bool told, Trigger trigger) {
  const std::string days = verdict.days_left ? std::to_string(*verdict.days_left) : std::string();
  const std::string look_again = token.look_again ? to_rfc3339(*token.look_again) : std::string();
  const std::string text = decision_text(verdict, Language::en);
  std::string all = text + verdict.detail;
  const bool news = told || trigger != Trigger::timer || standing.logged != all;
  standing.logged = std::move(all);
  log::write(
      news ? log::Level::info : log::Level::debug, log::Event::decided,
      "Token " + describe(token.report) + ": " + text +
          (standing.bank.empty() ? "" : ", bank " + standing.bank) + (told ? "; the person is told." : "."),
      {{"KOSHIN_TOKEN", token.report.uri},
       {"KOSHIN_BANK", standing.bank},
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
std::optional<TokenMemory> as_told(const BankStanding& standing, std::optional<TokenMemory> memory) {
  const auto& told = standing.told;
  if (!memory || !told || memory->told_sha256 == told->certificate_sha256) return memory;
  memory->told_sha256 = told->certificate_sha256;
  memory->notified_threshold = told->threshold;
  memory->last_notified = told->at;
  memory->snoozed_at.reset();
  return memory;
}

bool is_quiet(const renewal::Verdict& verdict) {
  return verdict.decision == Decision::not_due || verdict.decision == Decision::nothing_of_ours;
}

TokenPlace place_of(const PresentToken& token, std::string_view bank) {
  return {token.key, token.report.uri, std::string(bank)};
}

void earliest(std::optional<TimePoint>& at, const std::optional<TimePoint>& candidate) {
  if (candidate && (!at || *candidate < *at)) at = candidate;
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
struct TokenJudge::Known {
  renewal::Journal* journal = nullptr;
  std::vector<std::optional<TokenMemory>> memories{};  ///< in the order of the banks
  std::vector<renewal::Record> unfinished{};
  std::optional<std::vector<renewal::Record>> records{};

  static Known recall(World& world, const renewal::TokenKey& key, const std::vector<Settings>& banks) {
    try {
      Known known{.journal = &world.journal()};
      for (const Settings& bank : banks) known.memories.push_back(known.journal->memory(key, bank.bank()));
      known.unfinished = known.journal->all_unfinished();
      known.records = known.journal->history_of(key, renewal::records_looked_back);
      world.journal_is_in_order();
      return known;
    } catch (const FailureError& error) {
      world.journal_is_unusable(error.failure());
      return {};
    }
  }

  std::optional<TokenMemory> memory_of(const Settings& bank, const std::vector<Settings>& banks) const {
    const auto index = static_cast<std::size_t>(&bank - banks.data());
    return index < memories.size() ? memories[index] : std::nullopt;
  }
};

struct TokenJudge::Judgement {
  PresentToken& token;
  const Settings& bank;
  std::optional<TokenMemory> memory;
  renewal::Verdict verdict;

  BankStanding& standing() const { return token.standing_at(bank.bank()); }
  TokenPlace place() const { return place_of(token, bank.bank()); }

  /// What is remembered of this token, in the eyes of this bank.
  void write_down(renewal::Journal* journal, bool told, TimePoint now) const {
    // Somebody else's token is none of our business: not even the journal hears of it.
    if (journal == nullptr || (!memory && verdict.decision == Decision::nothing_of_ours)) return;
    try {
      journal->remember(token.key, bank.bank(),
                        [&](TokenMemory& kept) { remember(kept, token, verdict, told, now); });
    } catch (const FailureError& error) {
      log::error(log::Event::none, "The decision could not be written down.",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
  }
};

void TokenJudge::use(std::shared_ptr<const Deployment> deployment) {
  deployment_ = std::move(deployment);
  pace_.forget_failures();
}

void TokenJudge::judge(const renewal::TokenKey& key, Trigger trigger) {
  if (tokens_.find(key) == nullptr) return;  // gone while the worker looked
  if (trigger == Trigger::insertion) pace_.forget(key);
  const auto& banks = deployment_->banks;
  const Known known = Known::recall(world_, key, banks);
  for (PresentToken& token : tokens_.all())
    if (token.key == key && readable(token, world_.now())) token.look_again.reset();
  for (const Settings& bank : banks) judge_for(bank, key, trigger, known);
}

/// All tokens with this key: two of them may say the same of themselves. Then what is remembered and told is
/// of those that call for something, and the others stay silent.
void TokenJudge::judge_for(const Settings& bank, const renewal::TokenKey& key, Trigger trigger,
                           const Known& known) {
  std::vector<Judgement> judgements;
  for (PresentToken& token : tokens_.all()) {
    if (token.key != key || !token.report.trouble.empty()) continue;
    const auto memory = as_told(token.standing_at(bank.bank()), known.memory_of(bank, deployment_->banks));
    const auto unfinished = renewal::of_bank(known.unfinished, token.report, bank);
    std::optional<std::vector<renewal::Record>> records;
    if (known.records) records = renewal::of_bank(*known.records, token.report, bank);
    judgements.push_back({token, bank, memory,
                          renewal::decide({.token = token.report,
                                           .unfinished = renewal::unfinished_on(token.report, unfinished),
                                           .memory = memory ? &*memory : nullptr,
                                           .settings = bank,
                                           .now = world_.now(),
                                           .trigger = trigger,
                                           .records = records ? &*records : nullptr})});
  }
  const bool all_quiet = std::all_of(judgements.begin(), judgements.end(),
                                     [](const Judgement& one) { return is_quiet(one.verdict); });
  const auto shares_its_place = [&](const Judgement& one) {
    return std::any_of(judgements.begin(), judgements.end(), [&](const Judgement& other) {
      return &other.token != &one.token && other.place() == one.place();
    });
  };
  for (const Judgement& one : judgements) {
    const auto& [token, settings, memory, verdict] = one;
    BankStanding& standing = one.standing();
    standing.decision = verdict.decision;
    standing.not_after =
        verdict.certificate == nullptr ? std::nullopt : std::optional(verdict.certificate->not_after);
    earliest(token.look_again, verdict.look_again);
    if (all_quiet || !is_quiet(verdict)) {
      act_on(one, known, trigger);
    } else {
      log_decision(token, standing, verdict, false, trigger);
      if (!shares_its_place(one)) world_.settled(one.place());
    }
  }
}

void TokenJudge::act_on(const Judgement& judgement, const Known& known, Trigger trigger) {
  const auto& verdict = judgement.verdict;
  const bool by_itself = acts_by_itself(judgement);
  const bool told = verdict.notify && !by_itself;
  judgement.write_down(known.journal, told, world_.now());
  const bool renew_now = by_itself && is_time_to_renew(judgement, *verdict.act_unattended_from);
  log_decision(judgement.token, judgement.standing(), verdict, told, trigger);
  if (told)
    judgement.standing().told = {verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256,
                                 verdict.threshold, world_.now()};
  if (renew_now) {
    pace_.started(judgement.token.key, judgement.bank.bank());
    world_.renew_unattended(judgement.place(), judgement.token.module);
  } else if (told) {
    prompt(judgement);
  } else if (is_quiet(verdict)) {
    world_.settled(judgement.place());  // renewed elsewhere, while a message was waiting for its answer
  }
}

bool TokenJudge::acts_by_itself(const Judgement& judgement) const {
  if (!judgement.bank.unattended.enabled || !judgement.verdict.act_unattended_from) return false;
  const auto& key = judgement.token.key;
  return pace_.running(key) || pace_.next_try(key, judgement.bank.bank()).has_value();
}

bool TokenJudge::is_time_to_renew(const Judgement& judgement, TimePoint from) const {
  const auto next_try = pace_.next_try(judgement.token.key, judgement.bank.bank());
  if (!next_try) return false;  // it is being done
  from = std::max(from, *next_try);
  if (from <= world_.now()) return true;
  earliest(judgement.token.look_again, from);
  return false;
}

void TokenJudge::prompt(const Judgement& judgement) {
  const auto& verdict = judgement.verdict;
  world_.prompt(
      {.place = judgement.place(),
       .token_label = judgement.token.report.label,
       .bank_name = judgement.bank.bank().empty() ? NameByLanguage{} : judgement.bank.branding.bank_name,
       .pin_name = judgement.bank.branding.pin_name,
       .certificate_sha256 = verdict.certificate == nullptr ? std::string() : verdict.certificate->sha256,
       .decision = verdict.decision,
       .days_left = verdict.days_left,
       .not_after = judgement.standing().not_after,
       .due = verdict.due,
       .purpose = verdict.certificate == nullptr ? messages::Purpose::log_in : verdict.certificate->purpose});
}

}  // namespace koshin::resident
