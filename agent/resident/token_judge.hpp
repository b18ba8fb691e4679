// SPDX-License-Identifier: MIT
// The agent's decisions about a token that was looked at, one for each bank, and what follows from them: a
// renewal by itself, a person who is told, or nothing.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "foundation/settings/settings.hpp"
#include "resident/present_tokens.hpp"
#include "resident/unattended.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

class TokenJudge {
 public:
  /// `tokens`: those that are there; their standing at each bank is written here. Both outlive this.
  TokenJudge(World& world, PresentTokens& tokens) : world_(world), tokens_(tokens) {}

  /// The banks; new settings are a reason to try again what has failed.
  void use(std::shared_ptr<const Deployment> deployment);
  /// All tokens with this key, which were looked at for that reason. One look serves all banks.
  void judge(const renewal::TokenKey& key, renewal::Trigger trigger);
  /// A renewal by itself has ended; `failure` is empty when it completed, or waits for the authority. True
  /// where the token was put in again meanwhile, and is to be judged like a new one.
  bool renewal_ended(const renewal::TokenKey& token, const std::optional<Failure>& failure,
                     std::string_view bank) {
    return pace_.ended(token, failure, world_.now(), bank);
  }

 private:
  struct Known;      ///< what the journal knows of a token
  struct Judgement;  ///< one token as one bank sees it

  void judge_for(const Settings& bank, const renewal::TokenKey& key, renewal::Trigger trigger,
                 const Known& known);
  void act_on(const Judgement& judgement, const Known& known, renewal::Trigger trigger);
  bool acts_by_itself(const Judgement& judgement) const;
  bool is_time_to_renew(const Judgement& judgement, TimePoint from) const;
  void prompt(const Judgement& judgement);

  World& world_;
  PresentTokens& tokens_;
  std::shared_ptr<const Deployment> deployment_;
  UnattendedPace pace_;
};

}  // namespace koshin::resident
