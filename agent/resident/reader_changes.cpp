// SPDX-License-Identifier: MIT
// What happened to the cards between two snapshots of PC/SC.
#include "resident/reader_changes.hpp"

#include <algorithm>
#include <optional>

namespace koshin::resident {
namespace {

const ReaderState* find(const std::vector<ReaderState>& readers, std::string_view name) {
  const auto found =
      std::find_if(readers.begin(), readers.end(), [&](const ReaderState& r) { return r.name == name; });
  return found == readers.end() ? nullptr : &*found;
}

CardChange arrival(const ReaderState& now) {
  return now.exclusive ? CardChange::held : CardChange::inserted;
}

std::optional<CardChange> change_of(const ReaderState& before, const ReaderState& now) {
  if (now.mute) return before.mute ? std::nullopt : std::optional(CardChange::unusable);
  if (!now.card) return before.card ? std::optional(CardChange::removed) : std::nullopt;
  if (!before.card) return arrival(now);
  if (before.events != now.events || before.atr != now.atr) return CardChange::swapped;
  if (before.exclusive && !now.exclusive) return CardChange::released;
  return {};
}

}  // namespace

std::string_view to_string(CardChange change) {
  switch (change) {
    case CardChange::inserted:
      return "inserted";
    case CardChange::removed:
      return "removed";
    case CardChange::swapped:
      return "swapped";
    case CardChange::held:
      return "held";
    case CardChange::released:
      return "released";
    case CardChange::unusable:
      return "unusable";
  }
  return "";
}

std::vector<ReaderChange> changes_between(const std::vector<ReaderState>& before,
                                          const std::vector<ReaderState>& after) {
  std::vector<ReaderChange> changes;
  for (const ReaderState& was : before) {
    if (was.card && find(after, was.name) == nullptr) {
      changes.push_back({CardChange::removed, was.name, was.atr});
    }
  }
  for (const ReaderState& now : after) {
    const ReaderState* was = find(before, now.name);
    const ReaderState nothing{.name = now.name, .events = now.events};
    const auto change = change_of(was == nullptr ? nothing : *was, now);
    if (!change) continue;
    // A card that went mute was there before: those who use it must hear that it is gone.
    if (*change == CardChange::unusable && was != nullptr && was->card) {
      changes.push_back({CardChange::removed, now.name, was->atr});
    }
    changes.push_back({*change, now.name, now.card ? now.atr : std::string()});
  }
  return changes;
}

std::vector<std::string> doubtful_after_restart(std::vector<ReaderState>& before,
                                                const std::vector<ReaderState>& after) {
  std::vector<std::string> doubtful;
  for (ReaderState& was : before) {
    const ReaderState* now = find(after, was.name);
    if (now == nullptr) continue;
    was.events = now->events;
    if (was.card && now->card && was.atr == now->atr) doubtful.push_back(was.name);
  }
  return doubtful;
}

}  // namespace koshin::resident
