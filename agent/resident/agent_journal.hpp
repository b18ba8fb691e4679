// SPDX-License-Identifier: MIT
// The agent's journal: opened on demand, and what is said where it cannot be.
#pragma once

#include <memory>
#include <optional>

#include "desktop/told_mistake.hpp"
#include "foundation/failures/failure.hpp"
#include "renewal/journal/journal.hpp"
#include "resident/prompter.hpp"

namespace koshin::resident {

class AgentJournal {
 public:
  /// `prompter` tells the person, and outlives this.
  explicit AgentJournal(Prompter& prompter) : prompter_(prompter) {}

  /// Throws FailureError{journal_unusable} or {disk_full}. A damaged file stays where it is, for whoever sits
  /// at a command line or at the page: they are told at length what becomes of it.
  renewal::Journal& opened();
  void close() { journal_.reset(); }
  /// What opened() gave was read as well: only then is it known that the journal can be used.
  void is_in_order();
  /// opened(), or reading what it gave, has thrown this when it mattered. The log says so, and what to do,
  /// and the person is told, once.
  void is_unusable(const Failure& why);

 private:
  Prompter& prompter_;
  std::unique_ptr<renewal::Journal> journal_;
  desktop::ToldMistake told_{desktop::ToldMistake::In::journal};
  std::optional<Failure> trouble_;  ///< the latest, which the log has
  bool is_in_order_ = false;
};

}  // namespace koshin::resident
