// SPDX-License-Identifier: MIT
// A world for the agent in which nothing is real but the order of events.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "resident/agent.hpp"

namespace koshin::test {

using namespace std::chrono_literals;

/// A journal in memory. Any call fails while `broken`.
class FakeJournal final : public renewal::Journal {
 public:
  std::optional<renewal::Record> unfinished(const renewal::TokenKey& token) override;
  std::vector<renewal::Record> all_unfinished() override { return records; }
  void save(renewal::Record& record) override { records.push_back(record); }
  std::vector<renewal::Record> history(std::size_t) override { return records; }
  std::vector<renewal::Record> history_of(const renewal::TokenKey&, std::size_t) override { return records; }
  using Journal::memory, Journal::remember;
  std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token, std::string_view bank) override;
  std::vector<renewal::TokenMemory> memories() override { return kept; }
  void remember(const renewal::TokenKey& token, std::string_view bank,
                const std::function<void(renewal::TokenMemory&)>& change) override;
  bool mailed(std::string_view, std::string_view) override { return false; }
  void remember_mailed(std::string_view, std::string_view, TimePoint) override {}

  std::vector<renewal::Record> records;
  std::vector<renewal::TokenMemory> kept;
};

class FakeWorld final : public resident::World {
 public:
  TimePoint now() override { return clock; }
  void set_alarm(std::optional<TimePoint> at) override { alarm = at; }
  void inspect(const std::string& module, bool tell_readers) override {
    inspected.push_back(module);
    readers_wanted = tell_readers;
  }
  void prompt(const resident::Prompt& prompt) override { prompts.push_back(prompt); }
  void token_removed(const resident::TokenPlace& place) override { removed.push_back(place.token.serial); }
  void token_renamed(const resident::TokenPlace& before, const std::string& uri) override {
    renamed.emplace_back(before.uri, uri);
  }
  void settled(const resident::TokenPlace& place) override { settlements.push_back(place); }
  void renew_unattended(const resident::TokenPlace& place, const std::string& module) override {
    renewed.push_back(place.token.serial);
    renewed_for.push_back(place.bank);
    renewed_by.push_back(module);
  }
  void module_in_trouble(const std::string& module, const Failure&) override { troubles.push_back(module); }
  void settings_are_wrong(const Failure& mistake) override { mistakes.push_back(mistake.detail); }
  void journal_is_unusable(const Failure& why) override { journal_troubles.push_back(why.detail); }
  void journal_is_in_order() override {}
  void publish(const std::vector<resident::Standing>& standings) override { published = standings; }
  renewal::Journal& journal() override;

  TimePoint clock = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + 10h;
  std::optional<TimePoint> alarm;
  std::vector<std::string> inspected, removed, renewed, renewed_by, renewed_for, troubles, mistakes;
  std::vector<std::string> journal_troubles;
  std::vector<resident::Prompt> prompts;
  std::vector<resident::TokenPlace> settlements;
  std::vector<std::pair<std::string, std::string>> renamed;  ///< from URI to URI
  std::vector<resident::Standing> published;
  FakeJournal memory;
  bool journal_broken = false, readers_wanted = false;
};

/// A token of SoftHSM's kind whose only certificate expires in `days_left` days.
messages::TokenReport token_with_certificate(const std::string& serial, TimePoint now, int days_left,
                                             const std::string& slot = "");
messages::Event seen(std::vector<messages::TokenReport> tokens);
resident::ReaderState reader_with_card(const std::string& name, unsigned events = 1,
                                       const std::string& atr = "3b00");
resident::ReaderState empty_reader(const std::string& name, unsigned events = 0);

}  // namespace koshin::test
