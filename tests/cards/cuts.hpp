// SPDX-License-Identifier: MIT
// The ways in which a command to a card is cut off, for the sweeps.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

#include "foundation/failures/failure.hpp"
#include "piv_card.hpp"

namespace koshin::cards {

struct CutKind {
  const char* name;
  const char* words;
  Fault::Kind kind;
};

inline void PrintTo(const CutKind& kind, std::ostream* out) {
  *out << kind.name;
}

inline constexpr CutKind pulled_before{"pulled_before", "card pulled before", Fault::Kind::pulled_before};
inline constexpr CutKind answer_lost{"answer_lost", "answer lost after", Fault::Kind::answer_lost};

/// Failures that a person would take for a mistake of theirs, or of koshin's.
inline bool blames_somebody(std::optional<Reason> reason) {
  if (!reason) return false;
  constexpr std::array blame{Reason::pin_incorrect,    Reason::pin_locked,
                             Reason::so_pin_incorrect, Reason::so_pin_required,
                             Reason::pin_expired,      Reason::pin_not_set,
                             Reason::internal_error,   Reason::management_key_unsupported};
  return std::ranges::find(blame, *reason) != blame.end();
}

}  // namespace koshin::cards
