// SPDX-License-Identifier: MIT
// What the answers of modules show: which tokens have come, which are still there, and which are gone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "renewal/policy/decision.hpp"
#include "resident/present_tokens.hpp"
#include "resident/reader_changes.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

/// Tokens that were looked at, each with the reason.
using Seen = std::vector<std::pair<renewal::TokenKey, renewal::Trigger>>;

class Sightings {
 public:
  /// What a module was asked for.
  struct Look {
    std::string module;
    renewal::Trigger trigger = renewal::Trigger::insertion;
    std::string reader{};      ///< whose card is new; empty: none in particular
    bool reader_gone = false;  ///< it was pulled meanwhile
  };
  struct Result {
    Seen seen{};
    bool found = false;  ///< the new card's token
  };

  /// `tokens` is kept here; `readers`: as they are at any time. All outlive this.
  Sightings(World& world, PresentTokens& tokens, const std::vector<ReaderState>& readers)
      : world_(world), tokens_(tokens), readers_(readers) {}

  /// All that the module shows. Whoever it does not show any more stays until take_unseen().
  Result read(const std::vector<messages::TokenReport>& reports, const Look& look);
  /// Whether any of the module's tokens is gone.
  bool take_unseen(const std::string& module) { return tell_gone(tokens_.take_unseen(module)); }
  bool take_from_reader(const std::string& reader) { return tell_gone(tokens_.take_from_reader(reader)); }

 private:
  void is_still_there(PresentToken& token, const messages::TokenReport& report, const Look& look,
                      Result& result);
  void has_come(const messages::TokenReport& report, const Look& look, Result& result);
  bool tell_gone(const std::vector<PresentToken>& gone);

  World& world_;
  PresentTokens& tokens_;
  const std::vector<ReaderState>& readers_;
};

}  // namespace koshin::resident
