// SPDX-License-Identifier: MIT
// The tokens that are in, and which reader each sits in as far as that can be told. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "renewal/policy/decision.hpp"
#include "resident/reader_changes.hpp"

namespace koshin::resident {

/// What one bank makes of a token.
struct BankStanding {
  std::string bank;
  renewal::Decision decision = renewal::Decision::nothing_of_ours;
  std::optional<TimePoint> not_after{};
  std::string logged{};  ///< what the log said of it last
  struct Told {
    std::string certificate_sha256, threshold;
    TimePoint at{};
  };
  std::optional<Told> told{};  ///< what the person was told of this very token last
};

struct PresentToken {
  renewal::TokenKey key;
  messages::TokenReport report;
  std::string module;                 ///< as configured
  std::string reader;                 ///< PC/SC's name; empty: none that we know of
  std::vector<BankStanding> banks{};  ///< of those that have judged it
  std::optional<TimePoint> look_again{};
  bool seen = false;  ///< by the inspection that is being read

  /// Made where there is none yet.
  BankStanding& standing_at(std::string_view bank);
};

/// For log lines: "“Bank token” (serial 0123)".
std::string describe(const messages::TokenReport& report);

/// The reader a slot belongs to: modules name their slots after PC/SC's readers, cut to 64 bytes
/// (CK_SLOT_INFO). Empty when none of those with a card fits.
std::string reader_of_slot(const std::string& slot_description, const std::vector<ReaderState>& readers);

class PresentTokens {
 public:
  /// The first of them, where two say the same of themselves.
  PresentToken* find(const renewal::TokenKey& key);
  void begin_inspection();
  /// The token that a report of the inspection is about: in the same slot, or else one whose slot none of the
  /// `reports` names any more. Each is found once in an inspection, so that of two tokens that say the same
  /// of themselves neither hides the other.
  PresentToken* find(const messages::TokenReport& report, const std::vector<messages::TokenReport>& reports);
  std::optional<renewal::TokenKey> key_of(const std::string& uri) const;
  PresentToken& add(PresentToken token);
  /// Takes out what sat in this reader.
  std::vector<PresentToken> take_from_reader(const std::string& reader);
  /// Takes out the module's tokens that the inspection has not seen.
  std::vector<PresentToken> take_unseen(const std::string& module);
  const std::vector<PresentToken>& all() const { return tokens_; }
  std::vector<PresentToken>& all() { return tokens_; }

 private:
  template <typename Wanted>
  std::vector<PresentToken> take(Wanted wanted) {
    std::vector<PresentToken> taken, rest;
    for (PresentToken& token : tokens_) (wanted(token) ? taken : rest).push_back(std::move(token));
    tokens_ = std::move(rest);
    return taken;
  }

  std::vector<PresentToken> tokens_;
};

}  // namespace koshin::resident
