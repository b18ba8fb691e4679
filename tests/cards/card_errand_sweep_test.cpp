// SPDX-License-Identifier: MIT
// An enrolment, a deletion and refused certificates with the real ykcs11, whose card is pulled before each
// command, loses its answer after it, or answers with a fault; then (pulled, plugged in again) the same is
// done undisturbed.
#include <algorithm>
#include <memory>

#include "card_errand.hpp"
#include "cuts.hpp"
#include "faults/sweep.hpp"
#include "foundation/system/paths.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cards {
namespace {

/// The commit chooses one command of so many; ./dev test --all has them all.
constexpr unsigned one_of_many = 32;
/// Of those that change what the card keeps there are fewer.
constexpr unsigned one_of_few = 4;

/// A person without a certificate: the first pair goes into slot 9a at once.
class FirstEnrolment : public CardErrand {
 public:
  using CardErrand::CardErrand;
  void begin() override {
    stage_.start_over();
    stage_.change([](CardState& state) {
      state.keys.clear();
      state.objects.erase(certificate_object_of(authentication_slot));
    });
    code_ = stage_.bank().reissue_code(test::default_user);
  }
  JobRun once() override { return enroll(); }
  Sentences damage() const override { return stage_.damaged_secrets(); }
  Sentences losses(const JobRun& last) const override {
    auto losses = damage();
    const CardState now = stage_.card().state();
    const auto& others = stage_.untold_keys();
    if (now.keys.size() != 1 + others.size())
      losses.push_back("the card has " + std::to_string(now.keys.size()) + " keys");
    for (const auto& [slot, key] : others)
      if (!now.keys.contains(slot) || now.keys.at(slot) != key)
        losses.emplace_back("a key was overwritten of which nothing tells that koshin made it");
    const unsigned expected = others.empty() ? authentication_slot : first_retired_slot;
    if (!CardStage::has_pair(now, expected)) losses.emplace_back("there is no pair in the slot for it");
    if (stage_.issued() != 1)
      losses.push_back("the bank issued " + std::to_string(stage_.issued()) + " certificates");
    if (!renewal::Journal::open(paths::journal_file())->all_unfinished().empty())
      losses.emplace_back("an enrolment is unfinished in the journal");
    if (!std::holds_alternative<messages::RenewResult>(last.last))
      losses.push_back("the undisturbed run ended with " + last.in_words());
    return losses;
  }
};

/// The same where another program makes a key in slot 9a once the enrolment was cut off before its own.
class EnrolmentBesideAnother final : public FirstEnrolment {
 public:
  using FirstEnrolment::FirstEnrolment;
  bool happens_elsewhere() const override { return true; }
  void meanwhile() override {
    const bool planned = std::ranges::any_of(
        renewal::Journal::open(paths::journal_file())->all_unfinished(),
        [](const renewal::Record& record) { return record.state == renewal::State::planned; });
    if (planned && stage_.card().state().keys.empty())
      stage_.change([](CardState& state) {
        state.keys[authentication_slot] = {Algorithm::ec_p256, PinPolicy::once,
                                           generate_key(Algorithm::ec_p256)};
      });
    stage_.leave_untold_keys();
  }
};

/// The certificate in 9a may still log in: the new one takes two legs, as in a renewal.
class EnrolmentBeside final : public CardErrand {
 public:
  using CardErrand::CardErrand;
  void begin() override {
    stage_.start_over();
    code_ = stage_.bank().reissue_code(test::default_user);
  }
  JobRun once() override { return enroll(); }
  Sentences damage() const override { return stage_.damage(); }
  Sentences losses(const JobRun& last) const override { return stage_.losses(last); }
};

/// The old certificate in 9a after a renewal that stays in a spare slot. Its key stays: ykcs11 deletes none.
class CardPruning final : public CardErrand {
 public:
  using CardErrand::CardErrand;
  void begin() override {
    if (!kept_) renew_and_keep();
    stage_.come_back();
  }
  JobRun once() override {
    messages::Job job;
    job.kind = messages::JobKind::prune;
    return stage_.run(std::move(job), all_secrets());
  }
  Sentences damage() const override {
    auto losses = stage_.damaged_secrets();
    const CardState now = stage_.card().state();
    if (now.keys != before_.keys) losses.emplace_back("the keys changed");
    for (const auto& [tag, object] : before_.objects) {
      const auto found = now.objects.find(tag);
      const bool may_go = tag == certificate_object_of(authentication_slot) && !has_old(now);
      if (!may_go && (found == now.objects.end() || found->second != object))
        losses.push_back("object " + std::to_string(tag) + " changed");
    }
    if (!CardStage::has_pair(now, first_retired_slot)) losses.emplace_back("the renewed pair is gone");
    return losses;
  }
  Sentences losses(const JobRun& last) const override {
    auto losses = damage();
    if (has_old(stage_.card().state())) losses.emplace_back("the old certificate is still there");
    const bool pruned = std::holds_alternative<messages::PruneResult>(last.last);
    if (!pruned && last.failure() != Reason::nothing_to_delete)
      losses.push_back("the undisturbed run ended with " + last.in_words());
    return losses;
  }

 private:
  static bool has_old(const CardState& state) { return !certificate_in(state, authentication_slot).empty(); }
  void renew_and_keep() {
    stage_.start_over();
    stage_.use_settings("renewal.home_slot = \"never\"\n");
    stage_.plug();
    const auto renewed = stage_.renew();
    for (const auto& loss : stage_.losses(renewed)) ADD_FAILURE() << "before the deletion: " << loss;
    stage_.keep();
    before_ = stage_.card().state();
    kept_ = true;
  }

  CardState before_;
  bool kept_ = false;
};

/// A certificate for signatures alone is due: both legs, and its key is back in slot 9c.
class SignatureRenewal final : public CardErrand {
 public:
  using CardErrand::CardErrand;
  void begin() override {
    stage_.start_over();
    stage_.use_settings(
        "renewal.window = \"P7D\"\nrenewal.purposes = [\"login\", \"signature\"]\n"
        "authority.signature_label = \"signature\"\n");
    old_ = {Algorithm::ec_p256, PinPolicy::always, generate_key(Algorithm::ec_p256)};
    const auto certificate = stage_.bank().issue_as(
        {.usage = "critical,digitalSignature,nonRepudiation", .extended_usage = "emailProtection"},
        public_key_info(old_.private_key), test::default_user, 5);
    stage_.change([&](CardState& state) {
      state.keys[signature_slot] = old_;
      state.objects[certificate_object_of(signature_slot)] = certificate_object(certificate);
    });
    issued_before_ = stage_.issued();
  }
  JobRun once() override { return stage_.renew(); }
  Sentences damage() const override {
    auto losses = stage_.damaged_secrets();
    const CardState now = stage_.card().state();
    if (now.keys.at(authentication_slot) != stage_.first_state().keys.at(authentication_slot))
      losses.emplace_back("the key that logs in changed");
    if (!CardStage::has_pair(now, signature_slot) && !CardStage::has_pair(now, first_retired_slot))
      losses.emplace_back("no pair on the card signs");
    return losses;
  }
  Sentences losses(const JobRun& last) const override {
    auto losses = damage();
    const CardState now = stage_.card().state();
    constexpr std::size_t in_use = 3;
    if (now.keys.size() != in_use + stage_.untold_keys().size())
      losses.push_back("the card has " + std::to_string(now.keys.size()) + " keys");
    if (!CardStage::has_pair(now, signature_slot)) losses.emplace_back("there is no pair in slot 9c");
    if (now.keys.at(signature_slot) == old_) losses.emplace_back("the old key is still in slot 9c");
    if (!certificate_in(now, first_retired_slot).empty())
      losses.emplace_back("there is still a certificate in the spare slot");
    if (const auto issued = stage_.issued() - issued_before_; issued != 2)
      losses.push_back("the bank issued " + std::to_string(issued) + " certificates");
    for (const auto& record : renewal::Journal::open(paths::journal_file())->history(10))
      if (record.state != renewal::State::completed) losses.emplace_back("a renewal is not complete");
    const bool renewed = std::holds_alternative<messages::RenewResult>(last.last);
    if (!renewed && last.failure() != Reason::not_due)
      losses.push_back("the undisturbed run ended with " + last.in_words());
    return losses;
  }

 private:
  static constexpr unsigned signature_slot = 0x9C;
  KeySlot old_;
  std::size_t issued_before_ = 0;
};

template <class Made>
std::unique_ptr<CardErrand> make(CardStage& stage) {
  return std::make_unique<Made>(stage);
}

struct Errand {
  const char* name;
  std::unique_ptr<CardErrand> (*make)(CardStage&);
};

void PrintTo(const Errand& errand, std::ostream* out) {
  *out << errand.name;
}

class CardErrandSweep : public testing::TestWithParam<std::tuple<Errand, CutKind>> {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
  }
  /// The commands of an undisturbed run.
  static std::vector<std::string> rehearse(CardStage& stage, CardErrand& errand) {
    errand.begin();
    stage.plug();
    const auto run = errand.once();
    for (const auto& loss : errand.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    return stage.card().commands();
  }
};

TEST_P(CardErrandSweep, loses_nothing_at_any_command) {
  const auto& [what, kind] = GetParam();
  CardStage stage;
  const auto errand = what.make(stage);
  const auto commands = rehearse(stage, *errand);
  faults::Tally tally;
  const auto points = kind.points_among(commands);
  const auto count = static_cast<unsigned>(points.size());
  const auto these =
      faults::points_of_this_run(count, std::min(count, kind.writes_only ? one_of_few : one_of_many));
  for (const unsigned which : these) {
    const unsigned number = points[which - 1];
    const std::string point =
        std::string(kind.words) + " command " + std::to_string(number) + " (" + commands[number - 1] + ")";
    errand->begin();
    stage.plug(kind.at(number));
    const auto cut_off = errand->once();
    EXPECT_FALSE(blames_somebody(cut_off, kind)) << point << ": " << cut_off.in_words();
    EXPECT_TRUE(stage.card().struck()) << point << " was never reached";
    for (const auto& damage : errand->damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    const bool out = kind.pulls() || errand->happens_elsewhere();
    if (out) stage.pull();
    errand->meanwhile();
    if (out) stage.plug();
    tally.add(point, errand->losses(errand->once()));
  }
  tally.report(std::string("ykcs11, ") + what.name + ", " + kind.words + " each command");
}

std::string name_of(const testing::TestParamInfo<std::tuple<Errand, CutKind>>& about) {
  return std::string(std::get<0>(about.param).name) + "_" + std::get<1>(about.param).name;
}

INSTANTIATE_TEST_SUITE_P(
    Ykcs11, CardErrandSweep,
    testing::Combine(testing::Values(Errand{"enrolment", make<FirstEnrolment>},
                                     Errand{"enrolment_beside_another", make<EnrolmentBesideAnother>},
                                     Errand{"enrolment_beside", make<EnrolmentBeside>},
                                     Errand{"signatures", make<SignatureRenewal>},
                                     Errand{"pruning", make<CardPruning>},
                                     Errand{"kept_key_put_back", kept_key_put_back}),
                     testing::Values(pulled_before, answer_lost, fault, memory_fault, fault_after)),
    name_of);

// It writes nothing, so that nothing can fail while it writes.
INSTANTIATE_TEST_SUITE_P(Ykcs11WithoutWriting, CardErrandSweep,
                         testing::Combine(testing::Values(Errand{"kept_key_refused", kept_key_refused}),
                                          testing::Values(pulled_before, answer_lost, fault)),
                         name_of);

}  // namespace
}  // namespace koshin::cards
