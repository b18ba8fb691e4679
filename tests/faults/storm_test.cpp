// SPDX-License-Identifier: MIT
// Storms: what one fault does not break, several in a row may. docs/testing.md says which are run when, and
// how to replay one.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <numeric>

#include "faults/storm.hpp"
#include "faults/sweep.hpp"

namespace koshin::faults {
namespace {

constexpr unsigned parts = 6;          // that ctest may run beside each other
constexpr unsigned chosen_seeds = 60;  // unless all are asked for

/// Where the seeds of this run begin.
unsigned first_seed(const std::string& commit) {
  return static_cast<unsigned>(number_of_commit(commit) % Storm::last_seed) + 1;
}

std::vector<unsigned> seeds() {
  const char* one = std::getenv("KOSHIN_STORM_SEED");
  if (one != nullptr && *one != '\0') return {static_cast<unsigned>(std::strtoul(one, nullptr, 10))};
  const std::string wanted = wanted_of_the_long_ones();
  std::vector<unsigned> all(wanted == "all" ? Storm::last_seed : chosen_seeds);
  std::iota(all.begin(), all.end(), wanted == "all" || wanted.empty() ? 1U : first_seed(wanted));
  for (unsigned& seed : all) seed = (seed - 1) % Storm::last_seed + 1;
  return all;
}

class Storms : public testing::TestWithParam<unsigned> {};

TEST_P(Storms, loses_nothing_and_leaves_nothing_behind) {
  const auto all = seeds();
  Tally tally;
  std::string names;
  for (std::size_t i = GetParam(); i < all.size(); i += parts) {
    Stage stage;
    Storm storm(stage, all[i]);
    const auto losses = storm.run();
    tally.add("storm " + std::to_string(all[i]) + " (" + storm.schedule() + ")", losses);
    if (!losses.empty()) std::cout << "what storm " << all[i] << " has left:\n" << storm.remains(all[i]);
    names += " " + std::to_string(all[i]);
  }
  if (tally.points == 0) GTEST_SKIP() << "KOSHIN_STORM_SEED names one storm, which another part runs";
  std::cout << "storms with the seeds" << names << std::endl;
  tally.report("storms");
}

INSTANTIATE_TEST_SUITE_P(Part, Storms, testing::Range(0U, parts));

}  // namespace
}  // namespace koshin::faults
