// SPDX-License-Identifier: MIT
// The resident agent: what happens to readers, modules, clock and person goes in; what to do about it comes
// out. How tokens are found is Inspections' affair, and what becomes of them TokenJudge's. None of them owns
// a descriptor, thread or process: World does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "resident/inspections.hpp"
#include "resident/reader_changes.hpp"
#include "resident/token_judge.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

class Agent : private Inspections::Listener {
 public:
  /// `leave_when_idle`: wants_to_leave() once no reader has been there for so long; empty: stays.
  Agent(World& world, std::shared_ptr<const Deployment> deployment,
        std::optional<std::chrono::seconds> leave_when_idle);

  void start();
  void use(std::shared_ptr<const Deployment> deployment);
  /// No token is looked at from here on, since a worker could not read the settings either; until use().
  void stop_looking(const Failure& mistake) { inspections_.stop(mistake); }
  /// `restarted`: the smart card service had been away.
  void on_readers(const std::vector<ReaderState>& readers, bool restarted);
  void on_inspected(const messages::Event& answer);
  void on_alarm();
  /// Trigger::wake or Trigger::clock_change.
  void on_clock(renewal::Trigger trigger);
  /// A module without a reader said that a token came or went.
  void on_slot_event(const std::string& module);
  void on_prompt_closed(const renewal::TokenKey& token);
  void on_snoozed(const renewal::TokenKey& token, std::string_view bank = {});
  /// `failure` is empty when the renewal completed, or waits for the authority.
  void on_renewed(const renewal::TokenKey& token, const std::optional<Failure>& failure,
                  std::string_view bank = {});
  bool wants_to_leave() const;
  const PresentTokens& tokens() const { return inspections_.tokens(); }

 private:
  // Inspections::Listener
  void seen(const Seen& tokens) override;
  void gone() override { publish(); }

  void on_reader_change(const ReaderChange& change);
  void plan_alarm();
  void publish();

  World& world_;
  std::shared_ptr<const Deployment> deployment_;
  std::optional<std::chrono::seconds> leave_when_idle_;
  std::vector<ReaderState> readers_;
  Inspections inspections_{world_, *this, readers_};
  TokenJudge judge_{world_, inspections_.tokens()};
  std::optional<TimePoint> rescan_at_, idle_since_;
};

}  // namespace koshin::resident
