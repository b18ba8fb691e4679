// SPDX-License-Identifier: MIT
// Readers and cards as PC/SC last told of them, and what happened between two such snapshots. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace koshin::resident {

struct ReaderState {
  std::string name;
  bool card = false;       ///< a card that answered to power-on
  bool mute = false;       ///< something is in the reader and does not answer
  bool exclusive = false;  ///< another program holds the card for itself alone
  std::string atr{};       ///< hexadecimal, empty without a card
  unsigned events = 0;     ///< PC/SC's count of insertions and removals, modulo 2^16
  bool operator==(const ReaderState&) const = default;
};

enum class CardChange {
  inserted,
  removed,
  swapped,   ///< gone and here again (or another card) between two snapshots: counts as removed and inserted
  held,      ///< inserted, and held exclusively: not to be asked yet
  released,  ///< the exclusive holder let go
  unusable,  ///< inserted the wrong way round, or dead
};
std::string_view to_string(CardChange change);

struct ReaderChange {
  CardChange change;
  std::string reader;
  std::string atr;
};

/// In the order of `after`; removals of readers that are gone come first. A reader that vanished took its
/// card along.
std::vector<ReaderChange> changes_between(const std::vector<ReaderState>& before,
                                          const std::vector<ReaderState>& after);

/// After the PC/SC service was away its counts begin anew: a card that looks the same may be another one.
/// Returns the readers to look at again; what plainly went or came is told by changes_between, for which
/// `before` is returned with the counts of `after`.
std::vector<std::string> doubtful_after_restart(std::vector<ReaderState>& before,
                                                const std::vector<ReaderState>& after);

}  // namespace koshin::resident
