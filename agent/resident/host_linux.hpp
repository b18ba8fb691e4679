// SPDX-License-Identifier: MIT
// The agent's world on Linux: one thread that waits for readers, signals, the clock and children's ends at
// once.
#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "resident/agent.hpp"
#include "resident/alarm_linux.hpp"
#include "resident/arguments.hpp"
#include "resident/card_watch.hpp"
#include "resident/prompter.hpp"
#include "resident/settings_watch.hpp"
#include "resident/slot_watch.hpp"
#include "resident/tasks.hpp"
#include "resident/wakeups_linux.hpp"

namespace koshin::resident {

class Host final : public World {
 public:
  explicit Host(const AgentArguments& arguments);
  ~Host() override;

  /// Until a signal asks it to end, or it leaves because nothing is there to watch.
  void run();

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
  void publish(const std::vector<Standing>& standings) override;
  renewal::Journal& journal() override;

 private:
  void catch_signals();
  void on_signal();
  void on_clock(Alarm::Why why);
  void on_telling(const CardWatch::Telling& telling);
  void reload_settings();
  void watch_slots();
  void settle();
  void begin_renewals();
  void renewal_ended(const TokenPlace& place, const messages::Event& answer);

  std::filesystem::path settings_file_;
  SettingsWatch settings_;
  Wakeups wakeups_;
  Descriptor signals_;
  Tasks tasks_;
  Prompter prompter_;
  Agent agent_;
  Alarm alarm_;
  SlotWatches slots_;
  std::unique_ptr<CardWatch> watch_;
  std::unique_ptr<renewal::Journal> journal_;
  std::deque<std::pair<TokenPlace, messages::Job>> waiting_renewals_;
  int running_renewals_ = 0;
  bool stopping_ = false, told_watching_ = false, metrics_failed_ = false, unsettled_ = true;
};

}  // namespace koshin::resident
