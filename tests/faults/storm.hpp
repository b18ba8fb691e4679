// SPDX-License-Identifier: MIT
// Two to six faults in a row, as a seed chooses them, on one token, on two computers.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "faults/trial.hpp"

namespace koshin::faults {

/// Two computers that the token is plugged into in turn: the journal of the one in use is where koshin looks
/// for it, that of the other one is aside.
class Computers {
 public:
  explicit Computers(std::filesystem::path directory) : directory_(std::move(directory)) {}
  void change();
  /// The journal as it is now, to come back to; a backup is of one computer.
  void back_up();
  /// The journal as it was backed up, or none where nothing was.
  void restore();

 private:
  std::filesystem::path backup() const { return directory_ / (first_ ? "backup-a" : "backup-b"); }
  std::filesystem::path directory_;
  bool first_ = true;
};

class Storm {
 public:
  static constexpr unsigned last_seed = 300;
  Storm(Stage& stage, unsigned seed);
  /// Every fault of the schedule, then undisturbed runs on both computers; what was lost, in sentences.
  std::vector<std::string> run();
  /// What was done, for whoever replays it.
  const std::string& schedule() const { return schedule_; }
  /// What there is to find out from how a loss came about. KOSHIN_STORM_KEEP names a folder that gets all
  /// files.
  std::string remains(unsigned seed) const;

 private:
  using Fault = void (Storm::*)();
  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_); }
  template <typename Choices>
  const auto& one_of(const Choices& choices) {
    return choices[below(static_cast<unsigned>(std::size(choices)))];
  }
  void note(const std::string& what) { schedule_ += (schedule_.empty() ? "" : "; ") + what; }
  Plan token_fault();

  void strike_token();
  void kill_at_journal();
  void spoil_authority();
  void kill_parent();
  void run_two();
  void change_computer();
  void take_older_journal();

  /// A run that nothing disturbs; waits for whoever has the token yet.
  Trial::Run undisturbed();
  /// Until nothing is left to do here. Says how it ended when that is not as it should be.
  std::string settle();

  Stage& stage_;
  std::mt19937_64 random_;
  Trial trial_;
  Computers computers_;
  std::string schedule_;
};

}  // namespace koshin::faults
