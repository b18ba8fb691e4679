// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "card_errand.hpp"
#include "foundation/system/paths.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cards {
namespace {

constexpr const char* keeping = "renewal.key = \"renew\"\n";
constexpr const char* refusal = "403:not registered";

/// The old certificate is in 9a at last, byte for byte, whatever was cut.
class RefusedKeptKey : public CardErrand {
 public:
  explicit RefusedKeptKey(CardStage& stage) : CardErrand(stage) {
    stage.bank().set("repeat_key", "anew");  // at each point
  }
  /// However it was cut: what a run says to have read is on the card.
  JobRun once() override {
    JobRun run = stage_.renew();
    if (run.tells_of_seen_old() && !stage_.old_pair_is_there())
      ADD_FAILURE() << "the old certificate is said to be on the token, and is not: " << run.in_words();
    return run;
  }
  Sentences losses(const JobRun& last) const override {
    auto losses = damage();
    if (!stage_.old_pair_is_there()) losses.emplace_back("the old certificate is not in slot 9a");
    if (last.failure() != Reason::proof_failed)
      losses.push_back("the undisturbed run ended with " + last.in_words());
    else if (std::get<Failure>(last.last).detail.find("the old certificate is on the token") ==
             std::string::npos)
      losses.push_back("it is not said where the old certificate is: " + last.in_words());
    if (!last.tells_of_seen_old()) losses.emplace_back("no notice tells that the old certificate was read");
    return losses;
  }
};

class NeverTaken final : public RefusedKeptKey {
 public:
  using RefusedKeptKey::RefusedKeptKey;
  ~NeverTaken() override { stage_.bank().set("login.status", "0"); }
  void begin() override {
    stage_.start_over();
    stage_.use_settings(keeping);
    stage_.bank().set("login.status", refusal);
  }
  Sentences damage() const override {
    auto losses = stage_.damage();
    if (!stage_.old_pair_is_there()) losses.emplace_back("the old certificate was overwritten");
    return losses;
  }
};

class TakenNoMore final : public RefusedKeptKey {
 public:
  using RefusedKeptKey::RefusedKeptKey;
  ~TakenNoMore() override { stage_.bank().set("login.status", "0"); }
  void begin() override {
    if (!kept_) write_and_cut();
    stage_.come_back();
    stage_.bank().set("login.status", refusal);
  }
  /// The new certificate in 9a has logged in, or the old one is there.
  Sentences damage() const override { return stage_.damage(); }

 private:
  /// The card is pulled where it would be read back.
  void write_and_cut() {
    stage_.bank().set("login.status", "0");
    stage_.start_over();
    stage_.use_settings(keeping);
    stage_.plug();
    const auto whole = stage_.renew();
    for (const auto& loss : stage_.losses(whole)) ADD_FAILURE() << "before: " << loss;
    stage_.start_over_to_fail_at_last_writing(keeping, Fault::Kind::answer_lost);
    EXPECT_EQ(stage_.renew().failure(), Reason::token_removed);
    stage_.keep();
    EXPECT_FALSE(stage_.old_pair_is_there()) << "it is overwritten, once the new one has logged in";
    for (const auto& damage : stage_.damage()) ADD_FAILURE() << "before: " << damage;
    kept_ = true;
  }

  bool kept_ = false;
};

}  // namespace

std::unique_ptr<CardErrand> kept_key_refused(CardStage& stage) {
  return std::make_unique<NeverTaken>(stage);
}

std::unique_ptr<CardErrand> kept_key_put_back(CardStage& stage) {
  return std::make_unique<TakenNoMore>(stage);
}

}  // namespace koshin::cards
