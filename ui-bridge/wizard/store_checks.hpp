// SPDX-License-Identifier: MIT
// What the system's store of certificates, from which browsers offer them there, says of each renewed
// certificate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model.hpp"

namespace koshin::ui {

class StoreChecks {
 public:
  /// `rows`: what the window shows of it (Model::store, which nobody else changes); outlives this.
  explicit StoreChecks(std::vector<StoreCheck>& rows) : rows_(rows) {}

  /// The store is asked for a renewed certificate.
  void is_asked(const std::string& sha256) { rows_.push_back({.sha256 = sha256}); }
  /// The store has answered; empty: it could not be read, and nothing is said. False where nobody waits for
  /// the answer any more: a token that the person has gone on to has a model of its own.
  bool has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found);
  /// Whether the person is asked to pull the token out and insert it again.
  bool ask_for_token_anew() const;

 private:
  std::vector<StoreCheck>& rows_;
};

}  // namespace koshin::ui
