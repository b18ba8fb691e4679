// SPDX-License-Identifier: MIT
// What the sweeps share: how a run is interrupted, and counting points and losses.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "faults/trial.hpp"

namespace koshin::faults {

/// How a run is interrupted at a call.
struct Kind {
  const char* name;
  const char* words;
  Action action;
  bool after;
  bool from_then_on;
  unsigned long rv;
  int times = 1;  ///< how many runs in a row are interrupted
};

/// How gtest and ctest name it.
inline void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

inline Plan plan_of(const Kind& kind, unsigned number) {
  Plan plan;
  plan.at = number;
  plan.after = kind.after;
  plan.from_then_on = kind.from_then_on;
  plan.action = kind.action;
  plan.rv = kind.rv;
  return plan;
}

/// What KOSHIN_STORMS says: "all", or the commit that chooses what of the long ones this run has, so that all
/// is in time and a run can be had again; empty where nobody chose.
inline std::string wanted_of_the_long_ones() {
  const char* which = std::getenv("KOSHIN_STORMS");
  return which == nullptr ? "" : which;
}

inline unsigned long number_of_commit(const std::string& commit) {
  constexpr std::size_t digits = 7;
  return std::strtoul(commit.substr(0, digits).c_str(), nullptr, 16);
}

/// Whether a long sweep's `share` of `shares` is this run's.
inline bool is_this_runs(unsigned share, unsigned shares) {
  const std::string wanted = wanted_of_the_long_ones();
  return wanted == "all" || number_of_commit(wanted) % shares == share;
}

/// Of the points 1 … `count` those that this run has: each `shares`-th, from one on that the commit chooses.
inline std::vector<unsigned> points_of_this_run(unsigned count, unsigned shares) {
  const std::string wanted = wanted_of_the_long_ones();
  std::vector<unsigned> points;
  if (count == 0 || shares == 0) return points;  // which Tally::report() does not let pass
  const unsigned step = wanted == "all" ? 1 : shares;
  const auto first = static_cast<unsigned>(number_of_commit(wanted) % step);
  for (unsigned number = 1 + first; number <= count; number += step) points.push_back(number);
  return points;
}

struct Tally {
  unsigned points = 0, losses = 0;

  void add(const std::string& point, const std::vector<std::string>& found) {
    ++points;
    for (const auto& loss : found) {
      ++losses;
      ADD_FAILURE() << point << ": " << loss;
    }
  }
  void report(const std::string& what) const {
    std::cout << "swept " << points << " points (" << what << "): " << losses << " losses" << std::endl;
    EXPECT_GT(points, 0U);
  }
};

/// What the shim that is preloaded into a worker is told; `at` 0 only counts. `part`: of the path of the
/// files whose changes are meant.
inline std::map<std::string, std::string> shim(const std::filesystem::path& log, unsigned at,
                                               const std::string& part = "journal.sqlite") {
  return {
      {"LD_PRELOAD", journal_shim().string()},
      {"ASAN_OPTIONS", "verify_asan_link_order=0"},  // the shim comes first, which is fine: it only forwards
      {"KOSHIN_SHIM_PATH", part},
      {"KOSHIN_SHIM_LOG", log.string()},
      {"KOSHIN_SHIM_AT", std::to_string(at)}};
}

/// What the shim has counted, in order: the names of the calls.
inline std::vector<std::string> changes_in(const std::filesystem::path& log) {
  std::ifstream in(log);
  std::vector<std::string> names;
  for (std::string number, name; in >> number >> name;) names.push_back(name);
  return names;
}

inline unsigned count_lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  return static_cast<unsigned>(std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
}

/// How many changes of the journal any run can be expected to make: the fewest of a few rehearsals. A
/// signature is a byte or two longer now and then; a record may take a page more then, and what it takes more
/// is changed once more.
template <typename Rehearse>
unsigned fewest_changes(Rehearse rehearse) {
  constexpr int rehearsals = 3;
  unsigned fewest = rehearse();
  for (int again = 1; again < rehearsals; ++again) fewest = std::min(fewest, rehearse());
  return fewest;
}

/// Makes new trials until one comes as far as change `number` of the journal, and says how far the last one
/// came: all rehearsals may have been among the longer ones.
template <typename Attempt>
unsigned reach(unsigned number, Attempt attempt) {
  constexpr int most_attempts = 20;
  unsigned reached = attempt();
  for (int again = 1; again < most_attempts && reached < number; ++again) reached = attempt();
  return reached;
}

}  // namespace koshin::faults
