// SPDX-License-Identifier: MIT
// The agent's answers to what happens around it.
#include "resident/agent.hpp"

#include <algorithm>

#include "foundation/log/log.hpp"

namespace koshin::resident {

using renewal::Trigger;

Agent::Agent(World& world, std::shared_ptr<const Deployment> deployment,
             std::optional<std::chrono::seconds> leave_when_idle)
    : world_(world), deployment_(std::move(deployment)), leave_when_idle_(leave_when_idle) {}

void Agent::start() {
  idle_since_ = world_.now();
  if (deployment_->base.token.modules.empty() && !mistake_) {
    log::warning(log::Event::settings_rejected,
                 "No PKCS#11 module is configured: set token.modules in /etc/koshin/koshin.toml.",
                 {{"KOSHIN_REASON", info(Reason::module_not_configured).id}});
  }
  if (deployment_->base.token.rescan_interval) {
    look({Trigger::timer, {}, {}});
    rescan_at_ = world_.now() + *deployment_->base.token.rescan_interval;
  }
  plan_alarm();
}

void Agent::use(std::shared_ptr<const Deployment> deployment) {
  deployment_ = std::move(deployment);
  mistake_.reset();
  health_.forget();
  pace_.forget_failures();
  rescan_at_.reset();
  if (deployment_->base.token.rescan_interval)
    rescan_at_ = world_.now() + *deployment_->base.token.rescan_interval;
  for (const ReaderState& reader : readers_) {
    if (reader.card) look({Trigger::timer, reader.name, {}});
  }
  if (rescan_at_) look({Trigger::timer, {}, {}});
  plan_alarm();
}

void Agent::on_readers(const std::vector<ReaderState>& readers, bool restarted) {
  std::vector<ReaderState> before = std::move(readers_);
  readers_ = readers;
  if (restarted) {
    for (const std::string& reader : doubtful_after_restart(before, readers_))
      look({Trigger::wake, reader, {}});
  }
  for (const ReaderChange& change : changes_between(before, readers_)) on_reader_change(change);
  if (!readers_.empty()) {
    idle_since_.reset();
  } else if (!idle_since_) {
    idle_since_ = world_.now();
  }
  plan_alarm();
}

void Agent::on_reader_change(const ReaderChange& change) {
  switch (change.change) {
    case CardChange::removed:
      log::info(log::Event::none, "The card in “" + change.reader + "” was taken out.",
                {{"KOSHIN_READER", change.reader}});
      card_gone(change.reader);
      return;
    case CardChange::swapped:
      card_gone(change.reader);
      [[fallthrough]];
    case CardChange::inserted:
      log::info(log::Event::none, "A card is in “" + change.reader + "”.",
                {{"KOSHIN_READER", change.reader}, {"KOSHIN_ATR", change.atr}});
      look({Trigger::insertion, change.reader, {}});
      return;
    case CardChange::released:
      // Modules hold a card while they work, our workers' too: only one that was held from the start, and
      // that nobody has looked at, is news.
      if (held_.erase(change.reader) != 0) look({Trigger::insertion, change.reader, {}});
      return;
    case CardChange::held:
      held_.insert(change.reader);
      log::info(log::Event::none,
                "The card in “" + change.reader +
                    "” is in exclusive use by another program; it is looked at when that lets go.",
                {{"KOSHIN_READER", change.reader}});
      return;
    case CardChange::unusable:
      log::warning(
          log::Event::none,
          "The card in “" + change.reader + "” does not answer. Is it the right way round, is it clean?",
          {{"KOSHIN_READER", change.reader}});
      return;
  }
}

void Agent::card_gone(const std::string& reader) {
  std::erase_if(queue_, [&](const Request& request) { return !reader.empty() && request.reader == reader; });
  retry_.erase(reader);
  held_.erase(reader);
  if (run_ && run_->request.reader == reader) run_->reader_gone = true;
  const auto gone = tokens_.take_from_reader(reader);
  for (const PresentToken& token : gone) token_gone(token);
  if (!gone.empty()) publish();
}

void Agent::token_gone(const PresentToken& token) {
  log::info(log::Event::token_removed, "Token " + describe(token.report) + " was removed.",
            {{"KOSHIN_TOKEN", token.report.uri}, {"KOSHIN_READER", token.reader}});
  world_.token_removed({token.key, token.report.uri});
}

void Agent::on_alarm() {
  const TimePoint now = world_.now();
  std::vector<std::string> modules;
  for (PresentToken& token : tokens_.all()) {
    if (!token.look_again || *token.look_again > now) continue;
    token.look_again.reset();
    if (std::find(modules.begin(), modules.end(), token.module) == modules.end())
      modules.push_back(token.module);
  }
  if (!modules.empty()) look({Trigger::timer, {}, modules});
  // Taken out first: a look may end at once and ask for a later one.
  std::vector<std::string> due;
  for (const auto& [reader, at] : retry_) {
    if (at <= now) due.push_back(reader);
  }
  for (const std::string& reader : due) retry_.erase(reader);
  for (const std::string& reader : due) look({Trigger::insertion, reader, {}});
  if (rescan_at_ && *rescan_at_ <= now) {
    rescan_at_ = now + deployment_->base.token.rescan_interval.value_or(std::chrono::hours{1});
    look({Trigger::timer, {}, {}});
  }
  plan_alarm();
}

void Agent::on_clock(Trigger trigger) {
  log::info(log::Event::clock_changed, trigger == Trigger::wake
                                           ? "The machine woke up: looking at the tokens again."
                                           : "The clock was set: looking at the tokens again.");
  const TimePoint now = world_.now();
  // Times that were computed by the old clock must not keep anything waiting.
  for (auto& [reader, at] : retry_) at = std::min(at, now + ModuleHealth::longest_pause);
  if (deployment_->base.token.rescan_interval) rescan_at_ = now + *deployment_->base.token.rescan_interval;
  if (idle_since_) idle_since_ = now;
  const auto modules = modules_of_tokens();
  if (!modules.empty()) look({trigger, {}, modules});
  plan_alarm();
}

void Agent::on_slot_event(const std::string& module) {
  look({Trigger::timer, {}, {module}});
}

void Agent::on_prompt_closed(const renewal::TokenKey& token) {
  refresh(token);
}

void Agent::on_snoozed(const renewal::TokenKey& token, std::string_view bank) {
  try {
    world_.journal().remember(token, bank,
                              [&](renewal::TokenMemory& memory) { memory.snoozed_at = world_.now(); });
  } catch (const FailureError& error) {
    log::error(log::Event::none, "“Remind me next time” could not be kept.",
               {{"KOSHIN_DETAIL", error.what()}});
  }
  refresh(token);
}

void Agent::on_renewed(const renewal::TokenKey& token, const std::optional<Failure>& failure,
                       std::string_view bank) {
  const bool put_in_again = pace_.ended(token, failure, world_.now(), bank);
  const PresentToken* present = tokens_.find(token);
  if (put_in_again && present != nullptr) {
    look({Trigger::insertion, present->reader, {present->module}});
  } else {
    refresh(token);
  }
  plan_alarm();
}

void Agent::refresh(const renewal::TokenKey& token) {
  const PresentToken* present = tokens_.find(token);
  if (present != nullptr) look({Trigger::timer, {}, {present->module}});
}

bool Agent::wants_to_leave() const {
  if (!leave_when_idle_ || !idle_since_ || deployment_->base.token.rescan_interval || run_ ||
      !tokens_.all().empty())
    return false;
  return world_.now() - *idle_since_ >= *leave_when_idle_;
}

std::vector<std::string> Agent::modules_of_tokens() const {
  std::vector<std::string> modules;
  for (const PresentToken& token : tokens_.all()) {
    if (std::find(modules.begin(), modules.end(), token.module) == modules.end())
      modules.push_back(token.module);
  }
  return modules;
}

void Agent::plan_alarm() {
  std::optional<TimePoint> at;
  const auto consider = [&](const std::optional<TimePoint>& candidate) {
    if (candidate && (!at || *candidate < *at)) at = candidate;
  };
  for (const PresentToken& token : tokens_.all()) consider(token.look_again);
  for (const auto& [reader, again] : retry_) consider(again);
  consider(rescan_at_);
  if (leave_when_idle_ && idle_since_) {
    // Once it has passed, leaving waits for what is still open, not for a time.
    const TimePoint leave = *idle_since_ + *leave_when_idle_;
    if (leave > world_.now()) consider(leave);
  }
  world_.set_alarm(at);
}

void Agent::publish() {
  std::vector<Standing> standings;
  for (const PresentToken& token : tokens_.all())
    for (const BankStanding& bank : token.banks)
      standings.push_back({token.report, bank.decision, bank.not_after, bank.bank});
  world_.publish(standings);
}

}  // namespace koshin::resident
