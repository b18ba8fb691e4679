// SPDX-License-Identifier: MIT
// Which job gets which of the entered secrets, and what is left when they are wiped.
#include "ui-bridge/wizard/entered_secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;
using messages::SecretKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class Entered : public testing::Test {
 protected:
  void enter_all() {
    secrets_.take_pin(secret("1234"));
    secrets_.take_passphrase(secret("phrase"));
    secrets_.take_code(secret("code"));
    secrets_.take_resetting_secret(secret("puk"));
    secrets_.take_new_pin(secret("5678"));
  }
  std::vector<std::pair<SecretKind, std::string>> given(JobKind kind) const {
    messages::Job job;
    job.kind = kind;
    std::vector<SecureBuffer> frames;
    secrets_.give_to(job, frames);
    std::vector<std::pair<SecretKind, std::string>> all;
    for (std::size_t i = 0; i < job.secrets.size(); ++i)
      all.emplace_back(job.secrets[i], std::string(frames.at(i).view().begin(), frames.at(i).view().end()));
    return all;
  }

  Model model_;
  EnteredSecrets secrets_{model_};
};

TEST_F(Entered, EachJobGetsWhatItNeedsAndNoMore) {
  enter_all();
  EXPECT_THAT(given(JobKind::renew),
              ElementsAre(Pair(SecretKind::pin, "1234"), Pair(SecretKind::passphrase, "phrase")));
  EXPECT_THAT(given(JobKind::enroll),
              ElementsAre(Pair(SecretKind::pin, "1234"), Pair(SecretKind::passphrase, "phrase"),
                          Pair(SecretKind::reissue_code, "code")));
  EXPECT_THAT(given(JobKind::change_pin),
              ElementsAre(Pair(SecretKind::pin, "1234"), Pair(SecretKind::new_pin, "5678")));
}

TEST_F(Entered, APinIsSetByWhoeverTheTokenAsksFor) {
  enter_all();
  EXPECT_THAT(given(JobKind::reset_pin),
              ElementsAre(Pair(SecretKind::security_officer_pin, "puk"), Pair(SecretKind::new_pin, "5678")));
  model_.pin_change.by_puk = true;
  EXPECT_THAT(given(JobKind::reset_pin),
              ElementsAre(Pair(SecretKind::puk, "puk"), Pair(SecretKind::new_pin, "5678")));
}

TEST_F(Entered, AnotherPinLeavesTheCode) {
  enter_all();
  model_.final_try_confirmed = true;
  secrets_.wipe_pins();
  EXPECT_FALSE(model_.has_pin || model_.has_passphrase || model_.has_resetting_secret ||
               model_.final_try_confirmed);
  EXPECT_TRUE(model_.has_code);
  EXPECT_THAT(given(JobKind::enroll), ElementsAre(Pair(SecretKind::reissue_code, "code")));
  EXPECT_THAT(given(JobKind::reset_pin), IsEmpty()) << "the new PIN is gone too";
}

TEST_F(Entered, NothingIsLeftOfWhatIsWiped) {
  enter_all();
  secrets_.wipe();
  EXPECT_FALSE(model_.has_code);
  for (const JobKind kind : {JobKind::renew, JobKind::enroll, JobKind::change_pin, JobKind::reset_pin})
    EXPECT_THAT(given(kind), IsEmpty());
}

}  // namespace
}  // namespace koshin::ui
