// SPDX-License-Identifier: MIT
// Whatever else changes a token or the bank's books is swept as a renewal is: an enrolment with a one-time
// code, a request that waits for the bank's approval and is repeated, the deletion of a replaced pair, and
// what koshin cancel deletes.
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include "faults/errands.hpp"

namespace koshin::faults {
namespace {

/// The errand undisturbed: sound in the first place, and these are its calls.
Trial::Run rehearse(const Scene& scene, Stage& stage, const Environment& environment = {}) {
  const auto errand = scene.make(stage);
  errand->prepare();
  auto run = errand->once({}, environment);
  for (const auto& loss : errand->losses(errand->finish())) ADD_FAILURE() << "undisturbed: " << loss;
  return run;
}

class ErrandSweep : public testing::TestWithParam<std::tuple<Scene, Kind>> {};

TEST_P(ErrandSweep, loses_nothing_at_any_call) {
  const auto& [scene, kind] = GetParam();
  Stage stage(scene.days_left);
  const CallLog calls = rehearse(scene, stage).calls;
  Tally tally;
  for (unsigned number = 1; number <= calls.calls(); ++number) {
    const auto point =
        std::string(kind.words) + " call " + std::to_string(number) + " (" + calls.name(number) + ")";
    const auto errand = scene.make(stage);
    errand->prepare();
    const auto interrupted = errand->once(plan_of(kind, number), {});
    EXPECT_TRUE(interrupted.calls.struck()) << point << " was never reached";
    for (const auto& damage : errand->damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    errand->trial().reinsert();
    tally.add(point, errand->losses(errand->finish()));
  }
  tally.report(std::string(scene.name) + ", " + kind.words + " each call");
}

INSTANTIATE_TEST_SUITE_P(
    Token, ErrandSweep,
    testing::Combine(
        testing::Values(enrolment, approval, second_asking, pruning, cancelling, clearing_refused),
        testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                        Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                        Kind{"device_error_afterwards", "CKR_DEVICE_ERROR after", Action::error, true, false,
                             CKR_DEVICE_ERROR},
                        Kind{"removed_before", "token pulled before", Action::remove, false, false, 0})),
    [](const auto& item) {
      return std::string(std::get<0>(item.param).name) + "_" + std::get<1>(item.param).name;
    });

class ErrandJournal : public testing::TestWithParam<Scene> {};

TEST_P(ErrandJournal, loses_nothing_when_killed_after_any_change_of_the_journal) {
  Stage stage(GetParam().days_left);
  const auto counted = stage.path() / "shim.log";
  const unsigned changes = fewest_changes([&] {
    std::filesystem::remove(counted);
    rehearse(GetParam(), stage, shim(counted, 0));
    return count_lines(counted);
  });
  Tally tally;
  for (unsigned number = 1; number <= changes; ++number) {
    const auto point = "killed after change " + std::to_string(number) + " of the journal";
    std::unique_ptr<Errand> errand;
    const unsigned reached = reach(number, [&] {
      errand.reset();  // one trial is in use at a time
      errand = GetParam().make(stage);
      errand->prepare();
      const auto log = errand->trial().path() / "shim.log";
      errand->once({}, shim(log, number));
      return count_lines(log);
    });
    EXPECT_EQ(reached, number) << point << ": it went on, or was not reached";
    tally.add(point, errand->losses(errand->finish()));
  }
  tally.report(std::string(GetParam().name) + ", killed after each change of the journal");
}

INSTANTIATE_TEST_SUITE_P(Journal, ErrandJournal,
                         testing::Values(enrolment, approval, second_asking, cancelling),
                         [](const auto& item) { return std::string(item.param.name); });

}  // namespace
}  // namespace koshin::faults
