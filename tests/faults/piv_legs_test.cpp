// SPDX-License-Identifier: MIT
// Both legs of a renewal of a PIV card whose certificate is in slot 9a, killed before and after each call of
// the token and after each change of the journal; then the renewal is run undisturbed. tests/cards pulls the
// card.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "faults/objects.hpp"
#include "faults/piv_trial.hpp"
#include "faults/sweep.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::faults {
namespace {

using pkcs11::ObjectClass;
using pkcs11::TokenObject;
using test::Bytes;

constexpr std::chrono::seconds generous{60};
const Bytes slot_9a{1}, slot_82{5};

class LegsTrial : public Trial {
 public:
  explicit LegsTrial(Stage& stage) : Trial(stage, "token.profile = \"piv\"\n"), stage_(stage) {
    act_as_officer_with(management_key);
    hand_out();
    issued_before_ = stage.bank().issued();
  }
  Run renew(const Plan& plan = {}, const std::map<std::string, std::string>& environment = {}) {
    return Trial::renew(on_piv_card(plan), generous, environment);
  }

  /// What must hold after any run: the old pair, or one that has logged in, is whole. The journal says so of
  /// the first leg's; for the pair in 9a the bank's books say so, since the spare slot is cleared before the
  /// journal has it that the second leg is complete.
  std::vector<std::string> damage() const {
    const auto objects = objects_on_token();
    if (is_whole(objects, slot_9a, old_certificate_)) return {};
    for (const auto& record : history()) {
      const auto least = record.key_id == slot_9a ? renewal::State::written : renewal::State::completed;
      const bool entered = record.state >= least && record.state <= renewal::State::completed;
      const bool proved = record.state == renewal::State::completed ||
                          (entered && stage_.bank().has_logged_in(record.certificate));
      if (proved && is_whole(objects, record.key_id, record.certificate)) return {};
    }
    return {"no pair on the card is known to log in"};
  }

  /// Once all is over: a new pair in 9a, the spare slot without a certificate, nothing done twice.
  std::vector<std::string> losses(const Run& last) const {
    auto losses = damage();
    const auto objects = objects_on_token();
    const auto certificates = std::count_if(objects.begin(), objects.end(), [](const TokenObject& object) {
      return object.object_class == ObjectClass::certificate;
    });
    if (certificates != 1) losses.push_back(std::to_string(certificates) + " certificates are on the card");
    if (is_whole(objects, slot_9a, old_certificate_)) losses.emplace_back("the old pair is still in 9a");
    const bool two_slots = std::all_of(objects.begin(), objects.end(), [](const TokenObject& object) {
      return object.id == slot_9a || object.id == slot_82;
    });
    if (!two_slots) losses.emplace_back("more than two slots are in use");
    if (const auto issued = stage_.bank().issued() - issued_before_; issued != 2)
      losses.push_back("the bank issued " + std::to_string(issued) + " certificates");
    const auto records = history();
    if (records.size() != 2) losses.push_back("the journal tells of " + std::to_string(records.size()));
    for (const auto& record : records)
      if (record.state != renewal::State::completed) losses.emplace_back("a renewal is not complete");
    const bool renewed = std::holds_alternative<messages::RenewResult>(last.last);
    if (!renewed && last.failure() != Reason::not_due)
      losses.push_back("the undisturbed run ended with " + to_json(last.last));
    return losses;
  }

 private:
  /// The card as a card centre hands it out, in place of the stage's token.
  void hand_out() {
    const auto session = session_beneath();
    for (const auto& object : session->objects()) session->destroy(object);
    const auto pair = session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, slot_9a, "card centre");
    constexpr int days_left = 12;
    old_certificate_ = stage_.bank().issue(pair.public_key.public_key, test::default_user, days_left);
    session->write_certificate(old_certificate_, slot_9a, "card centre");
  }

  static bool is_whole(const std::vector<TokenObject>& objects, const Bytes& slot, const Bytes& certificate) {
    Bytes certified, made;
    bool key = false;
    for (const TokenObject& object : objects) {
      if (object.id != slot) continue;
      if (object.object_class == ObjectClass::private_key) key = true;
      if (object.object_class == ObjectClass::public_key) made = object.public_key;
      if (object.object_class == ObjectClass::certificate && object.certificate == certificate)
        certified = object.public_key;
    }
    return key && !certified.empty() && certified == made;
  }

  static std::vector<renewal::Record> history() {
    return renewal::Journal::open(paths::journal_file())->history(10);
  }

  Stage& stage_;
  std::size_t issued_before_ = 0;
  Bytes old_certificate_;
};

/// A run waits for the next second between its legs: the commit chooses a part of the points, and ./dev test
/// --all has them all.
constexpr unsigned parts = 6;

void skip_unless_chosen(unsigned part) {
  if (!is_this_runs(part, parts))
    GTEST_SKIP() << "SKIPPED: the commit has chosen other points; ./dev test --all has them all";
}

class PivLegs : public testing::TestWithParam<std::tuple<Kind, unsigned>> {
 protected:
  void SetUp() override { skip_unless_chosen(std::get<1>(GetParam())); }
};

TEST_P(PivLegs, lose_nothing_at_any_call) {
  const auto& [kind, part] = GetParam();
  Stage stage;
  unsigned calls = 0;
  {
    LegsTrial rehearsal(stage);
    const auto run = rehearsal.renew();
    for (const auto& loss : rehearsal.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    calls = run.calls.calls();
  }
  Tally tally;
  for (unsigned number = 1 + part; number <= calls; number += parts) {
    LegsTrial trial(stage);
    const auto point = std::string(kind.words) + " call " + std::to_string(number);
    const auto run = trial.renew(plan_of(kind, number));
    EXPECT_TRUE(run.calls.struck()) << point << " was never reached";
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    tally.add(point, trial.losses(trial.renew()));
  }
  tally.report(std::string("both legs on a PIV card, ") + kind.words + " each call");
}

INSTANTIATE_TEST_SUITE_P(
    Token, PivLegs,
    testing::Combine(testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                                     Kind{"kill_after", "killed after", Action::kill, true, false, 0}),
                     testing::Range(0U, parts)),
    [](const auto& about) {
      return std::string(std::get<0>(about.param).name) + "_" + std::to_string(std::get<1>(about.param));
    });

unsigned count_changes(Stage& stage) {
  LegsTrial trial(stage);
  const auto log = trial.path() / "shim.log";
  const auto run = trial.renew({}, shim(log, 0));
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  return count_lines(log);
}

class PivLegsJournal : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override { skip_unless_chosen(GetParam()); }
};

TEST_P(PivLegsJournal, loses_nothing_when_killed_after_any_change) {
  Stage stage;
  const auto changes = fewest_changes([&] { return count_changes(stage); });
  Tally tally;
  for (unsigned number = 1 + GetParam(); number <= changes; number += parts) {
    const auto point = "killed after change " + std::to_string(number) + " of the journal";
    std::unique_ptr<LegsTrial> trial;
    const unsigned reached = reach(number, [&] {
      trial.reset();  // one is in use at a time
      trial = std::make_unique<LegsTrial>(stage);
      const auto log = trial->path() / "shim.log";
      trial->renew({}, shim(log, number));
      return count_lines(log);
    });
    EXPECT_EQ(reached, number) << point << ": it went on, or was not reached";
    tally.add(point, trial->losses(trial->renew()));
  }
  tally.report("both legs on a PIV card, killed after each change of the journal");
}

INSTANTIATE_TEST_SUITE_P(Part, PivLegsJournal, testing::Range(0U, parts));

}  // namespace
}  // namespace koshin::faults
