// SPDX-License-Identifier: MIT
// The agent's world: one loop that hears of readers, requests, the clock and children's ends.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "desktop/told_mistake.hpp"
#include "foundation/system/alarm.hpp"
#include "foundation/system/event_loop.hpp"
#include "foundation/system/program_watch.hpp"
#include "foundation/system/session_end.hpp"
#include "foundation/system/stop_requests.hpp"
#include "resident/agent.hpp"
#include "resident/agent_journal.hpp"
#include "resident/arguments.hpp"
#include "resident/card_watch.hpp"
#include "resident/prompter.hpp"
#include "resident/repair_watch.hpp"
#include "resident/settings_watch.hpp"
#include "resident/slot_watch.hpp"
#include "resident/tasks.hpp"

namespace koshin::resident {

class Host final : public World {
 public:
  explicit Host(const AgentArguments& arguments);
  ~Host() override;

  enum class End { asked, idle, replaced, removed };
  /// Until somebody asks it to end, or it leaves: because nothing is there to watch, or because its program
  /// was replaced or removed. A job is finished first; so is a page or a message that is open, unless the
  /// program is gone.
  End run();

  TimePoint now() override;
  void set_alarm(std::optional<TimePoint> at) override;
  void inspect(const std::string& module, bool tell_readers) override;
  void prompt(const Prompt& prompt) override;
  void token_removed(const TokenPlace& place) override { prompter_.token_removed(place); }
  void token_renamed(const TokenPlace& before, const std::string& uri) override {
    prompter_.token_renamed(before, uri);
  }
  void settled(const TokenPlace& place) override { prompter_.settled(place); }
  void renew_unattended(const TokenPlace& place, const std::string& module) override;
  void module_in_trouble(const std::string& module, const Failure& failure) override;
  void settings_are_wrong(const Failure& mistake) override;
  void journal_is_unusable(const Failure& why) override { journal_.is_unusable(why); }
  void journal_is_in_order() override { journal_.is_in_order(); }
  void publish(const std::vector<Standing>& standings) override;
  renewal::Journal& journal() override { return journal_.opened(); }

 private:
  void on_request();
  std::vector<renewal::Record> unfinished_records();
  void on_clock(Alarm::Why why);
  void on_snapshot(const ReaderService::Snapshot& snapshot);
  void reload_settings();
  /// The settings were looked at: waits for their repair, or does so no more.
  void follow_mistake();
  void told_of_settings(const Failure& mistake);
  void watch_slots();
  void before_wait();
  bool leaves_for_its_program();
  void begin_renewals();
  /// In the background. At the start for what an interruption has left, and after each renewal.
  void run_hooks();
  void renewal_ended(const TokenPlace& place, const messages::Event& answer);

  std::filesystem::path settings_file_;
  SettingsWatch settings_;
  EventLoop loop_;
  std::unique_ptr<SessionEnd> session_end_;  ///< until what runs in the loop has ended
  StopRequests requests_;                    ///< before anything that may start a thread
  EventLoop::Watch requests_watch_;
  Tasks tasks_;
  Prompter prompter_;
  Agent agent_;
  Alarm alarm_;
  desktop::ToldMistake told_mistake_;
  std::optional<RepairWatch> repair_;  ///< while the settings are wrong
  SlotWatches slots_;
  CardWatch watch_;
  AgentJournal journal_{prompter_};
  std::deque<std::pair<TokenPlace, messages::Job>> waiting_renewals_;
  int running_renewals_ = 0;
  ProgramWatch program_;
  EventLoop::Watch program_watch_;
  ProgramWatch::State program_state_;
  End end_ = End::asked;
  bool told_watching_ = false, metrics_failed_ = false;
};

}  // namespace koshin::resident
