// SPDX-License-Identifier: MIT
// What is done with a card in the sweeps, beside a renewal.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "card_stage.hpp"

namespace koshin::cards {

using Sentences = std::vector<std::string>;

/// What is done with a card, again and again from the same beginning.
class CardErrand {
 public:
  explicit CardErrand(CardStage& stage) : stage_(stage) {}
  virtual ~CardErrand() = default;
  CardErrand(const CardErrand&) = delete;
  CardErrand& operator=(const CardErrand&) = delete;
  /// The card is out afterwards.
  virtual void begin() = 0;
  virtual JobRun once() = 0;
  /// Whether meanwhile() is about what somebody else does with the card: it is pulled then, after any cut.
  virtual bool happens_elsewhere() const { return false; }
  /// Between the interrupted run and the next one.
  virtual void meanwhile() { stage_.leave_untold_keys(); }
  /// What was lost or done twice, in sentences: after any run at all, and once all is over.
  virtual Sentences damage() const = 0;
  virtual Sentences losses(const JobRun& last) const = 0;

 protected:
  Given all_secrets(const std::string& code = {}) const {
    return {card_pin, management_key_in_hexadecimal(), code};
  }
  JobRun enroll() {
    messages::Job job;
    job.kind = messages::JobKind::enroll;
    job.subject_user = test::default_user;
    return stage_.run(std::move(job), all_secrets(code_));
  }
  CardStage& stage_;
  std::string code_;
};

/// A renewal that keeps the key of 9a, at a bank that takes no log-in with the new certificate.
std::unique_ptr<CardErrand> kept_key_refused(CardStage& stage);
/// The same where the bank has taken the log-in, the new certificate is written, and the power goes; then it
/// takes the log-in no more.
std::unique_ptr<CardErrand> kept_key_put_back(CardStage& stage);

}  // namespace koshin::cards
