// SPDX-License-Identifier: MIT
// Which mistake in the settings the person has been told of: each is told once, by the agent of this log-in
// or the next, or by a reminder.
#pragma once

#include <optional>

#include "foundation/failures/failure.hpp"

namespace koshin::desktop {

/// The same reason at the same place: what a person would read is the same.
bool is_same_mistake(const Failure& one, const Failure& other);

/// Kept in a file of the user's state folder, told-settings-mistake.
class ToldMistake {
 public:
  bool is(const Failure& mistake) const;
  /// To be called when the person has been told. A cut between the two tells once more.
  void keep(const Failure& mistake);
  /// The settings are right: the same mistake, made again, is told again.
  void forget();

 private:
  std::optional<Failure> kept_;  ///< beside the file: that may not be there, or not be writable
};

}  // namespace koshin::desktop
