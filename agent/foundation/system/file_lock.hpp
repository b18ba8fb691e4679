// SPDX-License-Identifier: MIT
// A lock that processes of one user hold against each other, by the name of a file.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace koshin {

/// Held until destroyed. The system releases it when the process ends, however it ends; a child does not
/// inherit it. It keeps out the process's own second attempt too.
class FileLock {
 public:
  /// Who holds the lock that was asked for.
  struct Holder {
    long process = 0;  ///< 0 when the system does not tell
    /// "process 4711 (koshin-worker)", or "another process".
    std::string description() const;
  };
  using Outcome = std::variant<std::unique_ptr<FileLock>, Holder>;

  /// Does not wait. Makes the file, private to the user, when it is not there; a link in its place is not
  /// followed. Throws std::system_error naming the file when it cannot be used.
  static Outcome acquire(const std::filesystem::path& file);
  /// As acquire(), for whoever tries again and again: null while another holds it, who is not asked for. (On
  /// Windows that question waits, and the system writes it into its log.)
  static std::unique_ptr<FileLock> try_acquire(const std::filesystem::path& file);
  /// Who holds it, without asking for it; empty when nobody does or the file is not there. Throws
  /// std::system_error.
  static std::optional<Holder> held_by(const std::filesystem::path& file);
  virtual ~FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 protected:
  FileLock() = default;
};

}  // namespace koshin
