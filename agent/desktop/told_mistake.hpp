// SPDX-License-Identifier: MIT
// Which mistake in the settings the person has been told of: each is told once, by the agent of this log-in
// or the next, or by a reminder.
#pragma once

#include <memory>
#include <optional>

#include "foundation/failures/failure.hpp"
#include "foundation/system/file_lock.hpp"

namespace koshin::desktop {

/// The same reason at the same place: what a person would read is the same.
bool is_same_mistake(const Failure& one, const Failure& other);

/// Kept in a file of the user's state folder, told-settings-mistake.
class ToldMistake {
 public:
  bool is(const Failure& mistake) const;
  /// From before a message is shown until end(): no other process of this user tells meanwhile what the
  /// person is being told and has not answered yet. False while another one tells. The right goes with the
  /// process.
  bool begin();
  void end() { telling_.reset(); }
  /// To be called when the person has been told. A cut between the two tells once more.
  void keep(const Failure& mistake);
  /// The settings are right: the same mistake, made again, is told again.
  void forget();

 private:
  std::unique_ptr<FileLock> telling_;
  std::optional<Failure> kept_;  ///< beside the file: that may not be there, or not be writable
};

}  // namespace koshin::desktop
