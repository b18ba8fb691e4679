// SPDX-License-Identifier: MIT
// The resident agent: what happens to readers, modules, clock and person goes in; what to do about it comes
// out. It owns no descriptor, thread or process: World does.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "resident/module_health.hpp"
#include "resident/present_tokens.hpp"
#include "resident/reader_changes.hpp"
#include "resident/unattended.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

class Agent {
 public:
  /// `leave_when_idle`: wants_to_leave() once no reader has been there for so long; empty: stays.
  Agent(World& world, std::shared_ptr<const Deployment> deployment,
        std::optional<std::chrono::seconds> leave_when_idle);

  void start();
  void use(std::shared_ptr<const Deployment> deployment);
  /// No token is looked at from here on, since a worker could not read the settings either; until use().
  void stop_looking(const Failure& mistake) { mistake_ = mistake; }
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
  const PresentTokens& tokens() const { return tokens_; }

 private:
  /// A reason to look at modules.
  struct Request {
    renewal::Trigger trigger = renewal::Trigger::insertion;
    std::string reader;                ///< whose card is new; empty: none in particular
    std::vector<std::string> modules;  ///< empty: all, in order of trial
  };
  struct Known;      ///< what the journal knows of a token
  struct Judgement;  ///< one token as one bank sees it
  struct Run {
    Request request;
    std::deque<std::string> left;
    std::string asked;
    bool with_readers = false;  ///< `asked` was to tell which token is in which reader
    bool found = false;         ///< the new card's token
    bool reader_gone = false;   ///< pulled while we looked
    std::optional<TimePoint> worth_a_retry;
    std::vector<std::pair<renewal::TokenKey, renewal::Trigger>> to_judge;
  };

  void on_reader_change(const ReaderChange& change);
  void card_gone(const std::string& reader);
  void token_gone(const PresentToken& token);
  void look(Request request);
  void start_next();
  void ask_next_module();
  void module_failed(const Failure& failure);
  /// The module shows no token, and the worker saw that another program holds a card: not the module's doing.
  void card_is_held(const Failure& failure);
  void absorb(const messages::InspectResult& result);
  void absorb(const messages::TokenReport& report, const std::vector<messages::TokenReport>& reports);
  void forget_unseen();
  void finish_run();
  void judge(const renewal::TokenKey& key, renewal::Trigger trigger);
  void judge_for(const Settings& bank, const renewal::TokenKey& key, renewal::Trigger trigger,
                 const Known& known);
  void act_on(const Judgement& judgement, const Known& known, renewal::Trigger trigger);
  bool acts_by_itself(const Judgement& judgement) const;
  bool is_time_to_renew(const Judgement& judgement, TimePoint from) const;
  void prompt(const Judgement& judgement);
  void refresh(const renewal::TokenKey& token);
  void plan_alarm();
  void publish();
  std::vector<std::string> modules_of_tokens() const;
  bool several_cards() const;

  World& world_;
  std::shared_ptr<const Deployment> deployment_;
  std::optional<Failure> mistake_;  ///< in the settings as they are now
  std::optional<std::chrono::seconds> leave_when_idle_;
  std::vector<ReaderState> readers_;
  PresentTokens tokens_;
  ModuleHealth health_;
  UnattendedPace pace_;
  std::deque<Request> queue_;
  std::optional<Run> run_;
  std::set<std::string> held_;              ///< readers whose card nobody could look at yet
  std::map<std::string, TimePoint> retry_;  ///< by reader: a card whose module was resting
  std::optional<TimePoint> rescan_at_, idle_since_;
};

}  // namespace koshin::resident
