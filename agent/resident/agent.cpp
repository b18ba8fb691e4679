// SPDX-License-Identifier: MIT
// The agent's answers to what happens around it.
#include "resident/agent.hpp"

#include "foundation/log/log.hpp"

namespace koshin::resident {

using renewal::Trigger;

Agent::Agent(World& world, std::shared_ptr<const Deployment> deployment,
             std::optional<std::chrono::seconds> leave_when_idle)
    : world_(world), deployment_(std::move(deployment)), leave_when_idle_(leave_when_idle) {
  inspections_.use(deployment_->base.token.modules);
  judge_.use(deployment_);
}

void Agent::start() {
  idle_since_ = world_.now();
  if (deployment_->base.token.modules.empty() && !inspections_.are_stopped()) {
    log::warning(log::Event::settings_rejected,
                 "No PKCS#11 module is configured: token.modules is empty. koshin doctor says what to do.",
                 {{"KOSHIN_REASON", info(Reason::module_not_configured).id}});
  }
  if (deployment_->base.token.rescan_interval) {
    inspections_.look({Trigger::timer});
    rescan_at_ = world_.now() + *deployment_->base.token.rescan_interval;
  }
  plan_alarm();
}

void Agent::use(std::shared_ptr<const Deployment> deployment) {
  deployment_ = std::move(deployment);
  inspections_.use(deployment_->base.token.modules);
  judge_.use(deployment_);
  rescan_at_.reset();
  if (deployment_->base.token.rescan_interval)
    rescan_at_ = world_.now() + *deployment_->base.token.rescan_interval;
  for (const ReaderState& reader : readers_) {
    if (reader.card) inspections_.look({Trigger::timer, reader.name});
  }
  if (rescan_at_) inspections_.look({Trigger::timer});
  plan_alarm();
}

void Agent::on_readers(const std::vector<ReaderState>& readers, bool restarted) {
  std::vector<ReaderState> before = std::move(readers_);
  readers_ = readers;
  if (restarted) {
    for (const std::string& reader : doubtful_after_restart(before, readers_))
      inspections_.look({Trigger::wake, reader});
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
      inspections_.card_is_out(change.reader);
      return;
    case CardChange::swapped:
      inspections_.card_is_out(change.reader);
      [[fallthrough]];
    case CardChange::inserted:
      log::info(log::Event::none, "A card is in “" + change.reader + "”.",
                {{"KOSHIN_READER", change.reader}, {"KOSHIN_ATR", change.atr}});
      inspections_.look({Trigger::insertion, change.reader});
      return;
    case CardChange::released:
      inspections_.card_is_free(change.reader);
      return;
    case CardChange::held:
      inspections_.card_is_held(change.reader);
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

void Agent::on_inspected(const messages::Event& answer) {
  inspections_.on_inspected(answer);
  plan_alarm();
}

void Agent::seen(const Seen& tokens) {
  for (const auto& [key, trigger] : tokens) judge_.judge(key, trigger);
  publish();
}

void Agent::on_alarm() {
  inspections_.on_alarm();
  const TimePoint now = world_.now();
  if (rescan_at_ && *rescan_at_ <= now) {
    rescan_at_ = now + deployment_->base.token.rescan_interval.value_or(std::chrono::hours{1});
    inspections_.look({Trigger::timer});
  }
  plan_alarm();
}

void Agent::on_clock(Trigger trigger) {
  log::info(log::Event::clock_changed, trigger == Trigger::wake
                                           ? "The machine woke up: looking at the tokens again."
                                           : "The clock was set: looking at the tokens again.");
  const TimePoint now = world_.now();
  inspections_.on_clock_change();
  if (deployment_->base.token.rescan_interval) rescan_at_ = now + *deployment_->base.token.rescan_interval;
  if (idle_since_) idle_since_ = now;
  inspections_.look_at_all(trigger);
  plan_alarm();
}

void Agent::on_slot_event(const std::string& module) {
  inspections_.look({Trigger::timer, {}, {module}});
}

void Agent::on_prompt_closed(const renewal::TokenKey& token) {
  inspections_.look_again(token);
}

void Agent::on_snoozed(const renewal::TokenKey& token, std::string_view bank) {
  try {
    world_.journal().remember(token, bank,
                              [&](renewal::TokenMemory& memory) { memory.snoozed_at = world_.now(); });
  } catch (const FailureError& error) {
    log::error(log::Event::none, "“Remind me next time” could not be kept.",
               {{"KOSHIN_DETAIL", error.what()}});
  }
  inspections_.look_again(token);
}

void Agent::on_renewed(const renewal::TokenKey& token, const std::optional<Failure>& failure,
                       std::string_view bank) {
  const bool put_in_again = judge_.renewal_ended(token, failure, bank);
  const PresentToken* present = inspections_.tokens().find(token);
  if (put_in_again && present != nullptr) {
    inspections_.look({Trigger::insertion, present->reader, {present->module}});
  } else {
    inspections_.look_again(token);
  }
  plan_alarm();
}

bool Agent::wants_to_leave() const {
  if (!leave_when_idle_ || !idle_since_ || deployment_->base.token.rescan_interval || !inspections_.idle())
    return false;
  return world_.now() - *idle_since_ >= *leave_when_idle_;
}

void Agent::plan_alarm() {
  std::optional<TimePoint> at;
  take_earlier(at, inspections_.next());
  take_earlier(at, rescan_at_);
  if (leave_when_idle_ && idle_since_) {
    // Once it has passed, leaving waits for what is still open, not for a time.
    const TimePoint leave = *idle_since_ + *leave_when_idle_;
    if (leave > world_.now()) take_earlier(at, leave);
  }
  world_.set_alarm(at);
}

void Agent::publish() {
  std::vector<Standing> standings;
  for (const PresentToken& token : tokens().all())
    for (const BankStanding& bank : token.banks)
      standings.push_back({token.report, bank.decision, bank.not_after, bank.bank});
  world_.publish(standings);
}

}  // namespace koshin::resident
