// SPDX-License-Identifier: MIT
// A renewal with the real ykcs11, whose card is pulled before each command, loses its answer after it, or
// answers with a fault; then (pulled, plugged in again) the renewal is run undisturbed. Nothing may be lost,
// and nothing done twice.
#include <tuple>

#include "card_stage.hpp"
#include "cuts.hpp"
#include "faults/sweep.hpp"
#include "piv_attestation.hpp"
#include "piv_pin_only.hpp"

namespace koshin::cards {
namespace {

constexpr unsigned parts = 8;

/// Where the management key is: with an administrator, or on the card, for whoever has the PIN.
enum class KeptKey { given, behind_pin, derived };

struct Way {
  const char* name;
  const char* words;
  const char* settings;
  bool older_card = false;  ///< without GET METADATA
  bool attests = false;     ///< its keys, in certificates beside those of the slots
  KeptKey kept = KeptKey::given;
  bool keeps_key = false;  ///< `settings` has renewal.key = "renew"
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

/// The commands are dealt out to parts that ctest may run beside each other; of each kind the commit chooses
/// one part, and ./dev test --all has them all.
class CardSweep : public testing::TestWithParam<std::tuple<Way, CutKind, unsigned>> {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    if (!faults::is_this_runs(std::get<2>(GetParam()), parts))
      GTEST_SKIP() << "SKIPPED: the commit has chosen other points; ./dev test --all has them all";
  }
  static void begin(CardStage& stage, const Fault& fault) {
    stage.start_over();
    const Way& way = std::get<0>(GetParam());
    stage.use_settings(way.settings);
    // A key that is kept is certified anew at each point.
    if (way.keeps_key) stage.bank().set("repeat_key", "anew");
    stage.change([&](CardState& state) {
      state.has_metadata = !way.older_card;
      if (way.attests) make_attesting(state);
    });
    stage.plug(fault);
  }
  static void hand_out(CardStage& stage) {
    switch (std::get<0>(GetParam()).kept) {
      case KeptKey::given:
        return;
      case KeptKey::behind_pin:
        return stage.hand_out([](CardState& state) { protect_management_key(state); });
      case KeptKey::derived:
        return stage.hand_out([](CardState& state) { derive_management_key(state, card_pin); });
    }
  }
  static JobRun renew(const CardStage& stage) {
    return std::get<0>(GetParam()).kept == KeptKey::given ? stage.renew() : stage.renew({card_pin, {}, {}});
  }
  /// The commands of an undisturbed renewal.
  static std::vector<std::string> rehearse(CardStage& stage) {
    begin(stage, {});
    const auto run = renew(stage);
    for (const auto& loss : stage.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    return stage.card().commands();
  }
};

TEST_P(CardSweep, loses_nothing_at_any_command) {
  const auto& [way, kind, part] = GetParam();
  CardStage stage;
  hand_out(stage);
  const auto commands = rehearse(stage);
  const auto points = kind.points_among(commands);
  if (part >= points.size()) GTEST_SKIP() << "SKIPPED: there are " << points.size() << " such commands";
  faults::Tally tally;
  for (std::size_t next = part; next < points.size(); next += parts) {
    const unsigned number = points[next];
    const std::string point =
        std::string(kind.words) + " command " + std::to_string(number) + " (" + commands[number - 1] + ")";
    begin(stage, kind.at(number));
    const auto cut_off = renew(stage);
    EXPECT_FALSE(blames_somebody(cut_off, kind)) << point << ": " << cut_off.in_words();
    EXPECT_TRUE(stage.card().struck()) << point << " was never reached";
    for (const auto& damage : stage.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    EXPECT_FALSE(cut_off.tells_of_seen_old() && !stage.old_pair_is_there())
        << point << ": the old certificate is said to be on the token: " << cut_off.in_words();
    if (kind.pulls()) stage.pull();
    stage.leave_untold_keys();
    if (kind.pulls()) stage.plug();
    const auto losses = stage.losses(renew(stage));
    tally.add(point, losses);
  }
  tally.report(std::string("ykcs11, ") + way.words + ", " + kind.words + " each command");
}

INSTANTIATE_TEST_SUITE_P(
    Ykcs11, CardSweep,
    testing::Combine(
        testing::Values(
            Way{"both_legs", "both legs", ""}, Way{"older_card", "both legs on an older card", "", true},
            Way{"attesting_card", "both legs on a card that attests its keys", "", false, true},
            Way{"older_attesting_card", "both legs on an older card that attests its keys", "", true, true},
            Way{"first_leg", "the first leg alone", "renewal.home_slot = \"never\"\n"},
            Way{.name = "kept_key",
                .words = "a key that is kept",
                .settings = "renewal.key = \"renew\"\n",
                .keeps_key = true},
            Way{.name = "key_behind_pin",
                .words = "both legs with the PIN alone",
                .settings = "",
                .kept = KeptKey::behind_pin},
            Way{.name = "derived_key",
                .words = "both legs with a derived key",
                .settings = "",
                .kept = KeptKey::derived}),
        testing::Values(pulled_before, answer_lost, fault, memory_fault, fault_after),
        testing::Range(0U, parts)),
    [](const auto& about) {
      return std::string(std::get<0>(about.param).name) + "_" + std::get<1>(about.param).name + "_" +
             std::to_string(std::get<2>(about.param));
    });

}  // namespace
}  // namespace koshin::cards
