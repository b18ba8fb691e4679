// SPDX-License-Identifier: MIT
// A change of the PIN that is interrupted at each call, at each change of the journal and within the token's
// own files: one of the two PINs counts, no more tries were spent than a person typed, and what the person is
// told is true.
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include "faults/pin_trial.hpp"
#include "faults/sweep.hpp"

namespace koshin::faults {
namespace {

using messages::JobKind;

/// What is wrong after an interrupted change, in sentences.
std::vector<std::string> lies(PinTrial& trial, const Trial::Run& run) {
  std::vector<std::string> found;
  const bool is_old = PinTrial::counts(old_pin), is_new = PinTrial::counts(new_pin);
  if (is_old == is_new) found.emplace_back(is_old ? "both PINs count" : "neither PIN counts");
  const unsigned presented = run.calls.real("C_SetPIN") + run.calls.real("C_Login");
  if (presented > 1) found.push_back("a secret was presented " + std::to_string(presented) + " times");
  const auto told = PinTrial::told(run);
  const bool unknown = told && told->reason == Reason::pin_change_unknown;
  if (!told && !is_new) found.emplace_back("the PIN is said to be changed and is not");
  if (told && !unknown && !is_old)
    found.push_back("the PIN was changed, and " + std::string(info(told->reason).id) + " is told");
  // Cut off after the token's answer was written down: the next program knows the new PIN counts.
  if (unknown && !is_new && !trial.is_in_doubt())
    found.emplace_back("the next program does not know of the doubt");
  if (!told && trial.is_in_doubt()) found.emplace_back("the next program doubts a PIN that was changed");
  const auto right = trial.log_in(is_new ? new_pin : old_pin);
  if (right.failure()) found.push_back("the PIN that counts does not open the token: " + to_json(right.last));
  if (trial.is_in_doubt()) found.emplace_back("there is doubt although a PIN was right");
  return found;
}

struct Change {
  const char* name;
  JobKind kind;
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << change.name;
}

constexpr Change by_the_person{"by_the_person", JobKind::change_pin};
constexpr Change by_the_officer{"by_the_officer", JobKind::reset_pin};

class PinChangeSweep : public testing::TestWithParam<std::tuple<Change, Kind>> {};

TEST_P(PinChangeSweep, tells_the_truth_at_any_call) {
  const auto& [change, kind] = GetParam();
  Stage stage;
  const CallLog calls = PinTrial(stage, change.kind).once().calls;
  Tally tally;
  for (unsigned number = 1; number <= calls.calls(); ++number) {
    const auto point =
        std::string(kind.words) + " call " + std::to_string(number) + " (" + calls.name(number) + ")";
    PinTrial trial(stage, change.kind);
    const auto run = trial.once(plan_of(kind, number));
    EXPECT_TRUE(run.calls.struck()) << point << " was never reached";
    trial.trial().reinsert();
    tally.add(point, lies(trial, run));
  }
  tally.report(std::string(change.name) + ", " + kind.words + " each call");
}

INSTANTIATE_TEST_SUITE_P(
    Token, PinChangeSweep,
    testing::Combine(
        testing::Values(by_the_person, by_the_officer),
        testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                        Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                        Kind{"device_error_instead", "CKR_DEVICE_ERROR instead of", Action::error, false,
                             false, CKR_DEVICE_ERROR},
                        Kind{"general_error_afterwards", "CKR_GENERAL_ERROR after", Action::error, true,
                             false, CKR_GENERAL_ERROR},
                        Kind{"removed_before", "token pulled before", Action::remove, false, false, 0},
                        Kind{"removed_after", "token pulled after", Action::remove, true, false, 0})),
    [](const auto& item) {
      return std::string(std::get<0>(item.param).name) + "_" + std::get<1>(item.param).name;
    });

class PinChangeJournal : public testing::TestWithParam<Change> {};

TEST_P(PinChangeJournal, tells_the_truth_when_killed_after_any_change_of_the_journal) {
  Stage stage;
  const auto counted = stage.path() / "shim.log";
  const unsigned changes = fewest_changes([&] {
    std::filesystem::remove(counted);
    PinTrial(stage, GetParam().kind).once({}, shim(counted, 0));
    return count_lines(counted);
  });
  Tally tally;
  for (unsigned number = 1; number <= changes; ++number) {
    PinTrial trial(stage, GetParam().kind);
    const auto run = trial.once({}, shim(trial.trial().path() / "shim.log", number));
    tally.add("killed after change " + std::to_string(number) + " of the journal", lies(trial, run));
  }
  tally.report(std::string(GetParam().name) + ", killed after each change of the journal");
}

/// After the token's answer the note of it has no room: the person is not told that nothing was done.
TEST_P(PinChangeJournal, tells_the_truth_when_the_disk_is_full_from_any_change_on) {
  Stage stage;
  const auto counted = stage.path() / "shim.log";
  const unsigned changes = fewest_changes([&] {
    std::filesystem::remove(counted);
    PinTrial(stage, GetParam().kind).once({}, shim(counted, 0));
    return count_lines(counted);
  });
  Tally tally;
  unsigned unknown = 0;
  for (unsigned number = 1; number <= changes; ++number) {
    PinTrial trial(stage, GetParam().kind);
    auto environment = shim(trial.trial().path() / "shim.log", 0);
    environment["KOSHIN_SHIM_FULL_AT"] = std::to_string(number);
    const auto run = trial.once({}, environment);
    const auto told = PinTrial::told(run);
    if (told && told->reason == Reason::pin_change_unknown) ++unknown;
    tally.add("the disk is full from change " + std::to_string(number) + " of the journal on",
              lies(trial, run));
  }
  tally.report(std::string(GetParam().name) + ", the disk full from each change of the journal on");
  EXPECT_GT(unknown, 0U) << "the token had never changed its PIN by then";
}

INSTANTIATE_TEST_SUITE_P(Journal, PinChangeJournal, testing::Values(by_the_person, by_the_officer),
                         [](const auto& item) { return std::string(item.param.name); });

/// The worker's parent is told of a hanging token by its deadline.
TEST(PinChangeHangs, within_the_call_it_is_not_known_which_pin_counts) {
  Stage stage;
  PinTrial trial(stage);
  Plan plan;
  plan.function = "C_SetPIN";
  plan.at = 1;
  plan.after = true;
  plan.action = Action::hang;
  const auto run = trial.once(plan);
  const auto told = PinTrial::told(run);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->reason, Reason::pin_change_unknown) << to_json(run.last);
  for (const auto& lie : lies(trial, run)) ADD_FAILURE() << lie;
}

}  // namespace
}  // namespace koshin::faults
