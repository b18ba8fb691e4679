// SPDX-License-Identifier: MIT
// The ways in which a command to a card is cut off, for the sweeps.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "job_run.hpp"
#include "piv_card.hpp"

namespace koshin::cards {

struct CutKind {
  const char* name;
  const char* words;
  Fault::Kind kind;
  Status status = 0;         ///< what a refused command is answered with
  bool writes_only = false;  ///< only commands that change what the card keeps
  /// Whether the card is out afterwards.
  bool pulls() const { return kind == Fault::Kind::pulled_before || kind == Fault::Kind::answer_lost; }
  Fault at(unsigned number) const { return {kind, number, status}; }
  /// The numbers, from 1, of the commands that are cut so.
  std::vector<unsigned> points_among(const std::vector<std::string>& commands) const {
    std::vector<unsigned> points;
    for (unsigned number = 1; number <= commands.size(); ++number)
      if (is_for(commands[number - 1])) points.push_back(number);
    return points;
  }
  /// Whether this command (PivCard::commands()) is cut so.
  bool is_for(std::string_view command) const {
    constexpr std::array<std::string_view, 6> writes{"24 ", "2c ", "47 ", "db ", "f6 ", "ff "};
    return !writes_only || std::ranges::any_of(writes, [&](auto one) { return command.starts_with(one); });
  }
};

inline void PrintTo(const CutKind& kind, std::ostream* out) {
  *out << kind.name;
}

inline constexpr CutKind pulled_before{"pulled_before", "card pulled before", Fault::Kind::pulled_before};
inline constexpr CutKind answer_lost{"answer_lost", "answer lost after", Fault::Kind::answer_lost};

/// ISO 7816-4, table 6: no precise diagnosis; memory failure. The card does nothing and stays in its reader.
inline constexpr CutKind fault{"fault", "fault 6F00 at", Fault::Kind::refused, 0x6F00};
inline constexpr CutKind memory_fault{"memory_fault", "fault 6581 at", Fault::Kind::refused, 0x6581, true};
/// The card does it, and stays in its reader: what the module has read before is out of date.
inline constexpr CutKind fault_after{"fault_after", "fault 6F00 after", Fault::Kind::done_and_refused, 0x6F00,
                                     true};

/// Failures that a person would take for a mistake of theirs, or of koshin's.
inline bool blames_somebody(std::optional<Reason> reason) {
  if (!reason) return false;
  constexpr std::array blame{Reason::pin_incorrect,    Reason::pin_locked,
                             Reason::so_pin_incorrect, Reason::so_pin_required,
                             Reason::pin_expired,      Reason::pin_not_set,
                             Reason::internal_error,   Reason::management_key_unsupported};
  return std::ranges::find(blame, *reason) != blame.end();
}

/// The same of a run that was cut so. Of a card that fails and stays, ykcs11 has one answer for a wrong
/// management key and a failure, and a card that does not say how it keeps its key is taken for one whose key
/// is to be given: that blames nobody as long as the failure says so.
inline bool blames_somebody(const JobRun& run, const CutKind& kind) {
  const auto* failure = std::get_if<Failure>(&run.last);
  if (failure == nullptr) return false;
  const std::string_view detail = failure->detail;
  const bool key_or_card =
      failure->reason == Reason::so_pin_incorrect &&
      (detail.ends_with(", or the token failed") || detail.ends_with(", or the card failed"));
  const bool no_answer = failure->reason == Reason::so_pin_required &&
                         detail.find("(the card did not answer") != std::string_view::npos;
  const bool left_open = !kind.pulls() && (key_or_card || no_answer);
  return !left_open && blames_somebody(run.failure());
}

}  // namespace koshin::cards
