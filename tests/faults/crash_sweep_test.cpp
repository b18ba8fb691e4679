// SPDX-License-Identifier: MIT
// The crash sweep: a renewal is interrupted at every call to the token, at every change of the journal and by
// everything the bank can do wrong, then run again. Nothing may be lost, and nothing done twice.
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include "faults/sweep.hpp"

namespace koshin::faults {
namespace {

/// How many calls an undisturbed renewal makes, and that it is sound in the first place.
CallLog rehearse(Stage& stage) {
  Trial trial(stage);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
  return run.calls;
}

constexpr std::chrono::seconds generous{60};

class CrashSweep : public testing::TestWithParam<Kind> {
 protected:
  /// A hang costs its whole deadline: short at first, long when the machine was too slow to get as far as the
  /// call.
  static std::chrono::seconds deadline(int attempt) {
    if (GetParam().action != Action::hang) return generous;
    return std::chrono::seconds(attempt == 0 ? 1 : 20);
  }

  /// Interrupts one trial; false when the call was not reached in time.
  bool interrupt(Trial& trial, unsigned number, const std::string& point, std::chrono::seconds limit) {
    const auto run = trial.renew(plan_of(GetParam(), number), limit);
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    trial.reinsert();
    return run.calls.struck();
  }

  void sweep_point(Stage& stage, unsigned number, const std::string& function, Tally& tally) {
    const auto point =
        std::string(GetParam().words) + " call " + std::to_string(number) + " (" + function + ")";
    for (int attempt = 0; attempt < 2; ++attempt) {
      Trial trial(stage);
      if (!interrupt(trial, number, point, deadline(attempt))) {
        EXPECT_EQ(attempt, 0) << point << " was never reached";
        continue;
      }
      for (int time = 1; time < GetParam().times; ++time) interrupt(trial, number, point, deadline(attempt));
      tally.add(point, trial.losses(trial.renew()));
      return;
    }
  }
};

TEST_P(CrashSweep, loses_nothing_at_any_call) {
  Stage stage;
  const auto rehearsal = rehearse(stage);
  Tally tally;
  for (unsigned number = 1; number <= rehearsal.calls(); ++number) {
    sweep_point(stage, number, rehearsal.name(number), tally);
  }
  tally.report(std::string(GetParam().words) + " each call");
}

INSTANTIATE_TEST_SUITE_P(
    Token, CrashSweep,
    testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                    Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                    Kind{"kill_twice", "killed twice before", Action::kill, false, false, 0, 2},
                    Kind{"device_error_instead", "CKR_DEVICE_ERROR instead of", Action::error, false, false,
                         CKR_DEVICE_ERROR},
                    Kind{"device_error_afterwards", "CKR_DEVICE_ERROR after", Action::error, true, false,
                         CKR_DEVICE_ERROR},
                    Kind{"general_error_from_then_on", "CKR_GENERAL_ERROR from", Action::error, false, true,
                         CKR_GENERAL_ERROR},
                    Kind{"removed_before", "token pulled before", Action::remove, false, false, 0},
                    Kind{"removed_after", "token pulled after", Action::remove, true, false, 0},
                    Kind{"hang_before", "hung before", Action::hang, false, false, 0},
                    Kind{"hang_after", "hung after", Action::hang, true, false, 0}),
    [](const auto& kind) { return std::string(kind.param.name); });

/// A module that stops answering while a later run reads the token: what it does not show is not gone.
TEST(ResumedSweep, gives_nothing_up_when_the_token_stops_answering) {
  Stage stage;
  const unsigned last_of_all = rehearse(stage).calls();
  const Kind killed{"", "", Action::kill, false, false, 0};
  const Kind broken{"", "", Action::error, false, true, CKR_GENERAL_ERROR};
  Tally tally;
  bool reached = true;
  for (unsigned number = 1; reached; ++number) {
    const auto point = "written, then CKR_GENERAL_ERROR from call " + std::to_string(number);
    Trial trial(stage);
    EXPECT_TRUE(trial.renew(plan_of(killed, last_of_all - 1)).calls.struck()) << point;
    reached = trial.renew(plan_of(broken, number)).calls.struck();
    tally.add(point, reached ? trial.losses(trial.renew()) : trial.damage());
  }
  tally.report("a written renewal gone on with, CKR_GENERAL_ERROR from each call");
}

/// Another key type takes other calls (public keys are put together from other attributes), and its keys
/// longer.
TEST(RsaSweep, loses_nothing_when_killed_after_any_call) {
  Stage stage(12, pkcs11::KeyAlgorithm::rsa_2048);
  const auto rehearsal = rehearse(stage);
  const Kind kind{"kill_after", "killed after", Action::kill, true, false, 0};
  Tally tally;
  for (unsigned number = 1; number <= rehearsal.calls(); ++number) {
    Trial trial(stage);
    const auto point =
        "RSA, killed after call " + std::to_string(number) + " (" + rehearsal.name(number) + ")";
    EXPECT_TRUE(trial.renew(plan_of(kind, number)).calls.struck()) << point << " was never reached";
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    tally.add(point, trial.losses(trial.renew()));
  }
  tally.report("RSA, killed after each call");
}

/// A module that refuses most templates is called more often, and leaves off what it was asked to note.
TEST(StrictSweep, loses_nothing_when_killed_after_any_call) {
  Stage stage;
  Plan strict;
  strict.strict = true;
  unsigned calls = 0;
  {
    Trial rehearsal(stage);
    const auto run = rehearsal.renew(strict);
    for (const auto& loss : rehearsal.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    calls = run.calls.calls();
  }
  const Kind kind{"kill_after", "killed after", Action::kill, true, false, 0};
  Tally tally;
  for (unsigned number = 1; number <= calls; ++number) {
    Trial trial(stage);
    Plan plan = plan_of(kind, number);
    plan.strict = true;
    const auto point = "strict module, killed after call " + std::to_string(number);
    trial.renew(plan);
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    tally.add(point, trial.losses(trial.renew(strict)));
  }
  tally.report("strict module, killed after each call");
}

/// Counts the journal's changes in an undisturbed renewal.
unsigned count_journal_changes(Stage& stage) {
  Trial trial(stage);
  const auto log = trial.path() / "shim.log";
  const auto run = trial.renew({}, generous, shim(log, 0));
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  return count_lines(log);
}

TEST(JournalSweep, loses_nothing_when_killed_after_any_change_of_the_journal) {
  Stage stage;
  const auto changes = fewest_changes([&] { return count_journal_changes(stage); });
  Tally tally;
  for (unsigned number = 1; number <= changes; ++number) {
    const auto point = "killed after change " + std::to_string(number) + " of the journal";
    std::unique_ptr<Trial> trial;
    const unsigned reached = reach(number, [&] {
      trial.reset();  // one is in use at a time
      trial = std::make_unique<Trial>(stage);
      const auto log = trial->path() / "shim.log";
      trial->renew({}, generous, shim(log, number));
      return count_lines(log);
    });
    EXPECT_EQ(reached, number) << point << ": it went on, or was not reached";
    tally.add(point, trial->losses(trial->renew()));
  }
  tally.report("killed after each change of the journal");
}

}  // namespace
}  // namespace koshin::faults
