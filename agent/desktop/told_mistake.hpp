// SPDX-License-Identifier: MIT
// Which mistake in the settings, and which trouble with the journal, the person has been told of: each is
// told once, by the agent of this log-in or the next, or by a reminder.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/system/file_lock.hpp"

namespace koshin::desktop {

/// The same reason at the same place: what a person would read is the same.
bool is_same_mistake(const Failure& one, const Failure& other);

/// Kept in a file of the user's state folder, told-settings-mistake or told-journal-mistake.
class ToldMistake {
 public:
  enum class In { settings, journal };
  explicit ToldMistake(In what = In::settings) : what_(what) {}
  bool is(const Failure& mistake) const;
  /// From before a message is shown until end(): no other process of this user tells meanwhile what the
  /// person is being told and has not answered yet. False while another one tells. The right goes with the
  /// process.
  bool begin();
  void end() { telling_.reset(); }
  /// To be called when the person has been told. A cut between the two tells once more.
  void keep(const Failure& mistake);
  /// All is right: the same mistake, made again, is told again.
  void forget();

 private:
  /// "told-settings-mistake" and `more`.
  std::string name(const char* more) const;
  std::filesystem::path file_if_any() const;

  In what_;
  std::unique_ptr<FileLock> telling_;
  std::optional<Failure> kept_;  ///< beside the file: that may not be there, or not be writable
};

}  // namespace koshin::desktop
