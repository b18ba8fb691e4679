// SPDX-License-Identifier: MIT
// Killed within a call, not between two of them: at every change that SoftHSM makes to the files of its
// objects, a token may have made or deleted half of what it was told to.
#include <gtest/gtest.h>

#include "faults/errands.hpp"
#include "faults/objects.hpp"

namespace koshin::faults {
namespace {

constexpr const char* files_of_token = "/tokens/";
/// The commit chooses one point of so many of a renewal; ./dev test --all has them all.
constexpr unsigned one_of_many = 24;

/// What is swept: an errand on a token whose keys are of this type.
struct Course {
  const char* name;
  const Scene* scene;
  pkcs11::KeyAlgorithm algorithm;
  unsigned shares;  ///< as in points_of_this_run()
};

void PrintTo(const Course& course, std::ostream* out) {
  *out << course.name;
}

using Names = std::vector<std::string>;

/// The changes that the module makes to the token's files in the errand, undisturbed.
Names changes_of(const Course& course, Stage& stage) {
  const auto errand = course.scene->make(stage);
  errand->prepare();
  const auto log = errand->trial().path() / "shim.log";
  errand->once({}, shim(log, 0, files_of_token));
  for (const auto& loss : errand->losses(errand->finish())) ADD_FAILURE() << "undisturbed: " << loss;
  return changes_in(log);
}

/// A private key is a byte shorter now and then; what any run can be expected to change are the fewest.
Names fewest_changes_of(const Course& course, Stage& stage) {
  constexpr int rehearsals = 3;
  Names fewest = changes_of(course, stage);
  for (int again = 1; again < rehearsals; ++again) {
    Names other = changes_of(course, stage);
    if (other.size() < fewest.size()) fewest = std::move(other);
  }
  return fewest;
}

class TokenFileSweep : public testing::TestWithParam<Course> {
 protected:
  using Kills = std::vector<unsigned>;  ///< after which change each of the first runs is killed

  void sweep(const std::string& point, Stage& stage, const Kills& kills, bool torn = false) {
    const auto errand = GetParam().scene->make(stage);
    errand->prepare();
    for (const unsigned number : kills) {
      const auto log = errand->trial().path() / "shim.log";
      std::filesystem::remove(log);
      auto environment = shim(log, number, files_of_token);
      if (torn) environment["KOSHIN_SHIM_TORN"] = "1";
      errand->once({}, environment);
      const bool first = number == kills.front();
      EXPECT_TRUE(count_lines(log) == number || !first) << point << ": it went on, or was not reached";
    }
    auto losses = errand->losses_within_calls(errand->finish());
    if (const auto left = objects_of_no_class(); left > 0)
      losses.push_back(std::to_string(left) + " objects are left that have no CKA_CLASS");
    tally_.add(point, losses);
    if (!losses.empty()) std::cout << point << " has left:\n" << errand->trial().remains();
  }
  std::vector<unsigned> points(std::size_t count) const {
    return points_of_this_run(static_cast<unsigned>(count), GetParam().shares);
  }
  void report(const std::string& what) const { tally_.report(std::string(GetParam().name) + ", " + what); }

 private:
  Tally tally_;
};

std::string after_change(unsigned number) {
  return "killed after change " + std::to_string(number) + " of the token's files";
}

TEST_P(TokenFileSweep, leaves_nothing_behind_when_killed_within_any_call) {
  Stage stage(GetParam().scene->days_left, GetParam().algorithm);
  const Names changes = fewest_changes_of(GetParam(), stage);
  for (const unsigned number : points(changes.size())) sweep(after_change(number), stage, {number});
  report("killed after each change of the token's files");
}

/// The second run is killed while it clears away what the first has left, or makes it anew.
TEST_P(TokenFileSweep, leaves_nothing_behind_when_killed_twice_within_calls) {
  Stage stage(GetParam().scene->days_left, GetParam().algorithm);
  const Names changes = fewest_changes_of(GetParam(), stage);
  constexpr unsigned stride = 7;  // so that early and late changes meet
  for (const unsigned number : points(changes.size())) {
    const unsigned second = 1 + number * stride % static_cast<unsigned>(changes.size());
    sweep(after_change(number) + ", and again after " + std::to_string(second), stage, {number, second});
  }
  report("killed twice after changes of the token's files");
}

/// As when the power goes: of what was written last, the first half is in the file.
class TornTokenFileSweep : public TokenFileSweep {};

TEST_P(TornTokenFileSweep, leaves_nothing_behind) {
  Stage stage(GetParam().scene->days_left, GetParam().algorithm);
  const Names changes = fewest_changes_of(GetParam(), stage);
  std::vector<unsigned> writes;
  for (unsigned number = 1; number <= changes.size(); ++number)
    if (changes[number - 1] == "fclose") writes.push_back(number);
  for (const unsigned which : points(writes.size())) {
    const unsigned number = writes[which - 1];
    sweep(after_change(number) + ", which is half made", stage, {number}, true);
  }
  report("killed with a file of the token half written");
}

constexpr Course renewal_course{"renewal", &renewal, pkcs11::KeyAlgorithm::ec_p256, one_of_many};
constexpr Course rsa_course{"renewal_rsa", &renewal, pkcs11::KeyAlgorithm::rsa_2048, 2 * one_of_many};
constexpr Course enrolment_course{"enrolment", &enrolment, pkcs11::KeyAlgorithm::ec_p256, one_of_many};
constexpr Course pruning_course{"pruning", &pruning, pkcs11::KeyAlgorithm::ec_p256, 1};
constexpr Course cancelling_course{"cancelling", &cancelling, pkcs11::KeyAlgorithm::ec_p256, 1};

const auto course_name = [](const testing::TestParamInfo<Course>& item) {
  return std::string(item.param.name);
};
INSTANTIATE_TEST_SUITE_P(SoftHsm, TokenFileSweep,
                         testing::Values(renewal_course, rsa_course, enrolment_course, pruning_course,
                                         cancelling_course),
                         course_name);
INSTANTIATE_TEST_SUITE_P(SoftHsm, TornTokenFileSweep,
                         testing::Values(renewal_course, rsa_course, enrolment_course), course_name);

}  // namespace
}  // namespace koshin::faults
