// SPDX-License-Identifier: MIT
// Errors of SQLite in the words of whoever has the journal.
#include "renewal/journal/journal_failure.hpp"

#include <cstdint>
#include <system_error>

#include "foundation/system/atomic_file.hpp"

namespace koshin::renewal {
namespace {

/// Whether the disk is full. SQLite reports SQLITE_FULL for the database file, and a less specific error for
/// the files beside it.
bool is_full(const sqlite::Error& error, const std::filesystem::path& file) {
  constexpr std::uintmax_t too_little = 256UL * 1024;
  if (error.code() == SQLITE_FULL) return true;
  if (error.code() != SQLITE_IOERR && error.code() != SQLITE_CANTOPEN) return false;
  constexpr std::uintmax_t more_than_ever_needed = 64UL * 1024 * 1024;
  if (largest_file_allowed() < more_than_ever_needed) return true;
  std::error_code ignored;
  const auto space = std::filesystem::space(file.parent_path(), ignored);
  return !ignored && space.available < too_little;
}

/// The end of a sentence, beginning with ": ". Empty for an error of this program's own.
std::string advice(const sqlite::Error& error) {
  switch (error.code()) {
    case SQLITE_CONSTRAINT:
      return "";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ": another process keeps it locked; end that one and try again";
    case SQLITE_FULL:
      return ": make room on its disk and try again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ": it is damaged; the next renewal by a person, or `koshin status`, keeps it aside, takes over "
             "what can be "
             "read of it, and says what is in doubt";
    default:
      return ": see that it and its folder can be written to and try again";
  }
}

}  // namespace

std::string detail_of(const sqlite::Error& error, const std::filesystem::path& file) {
  return file.string() + ": " + error.what() + advice(error);
}

Reason reason_of(const sqlite::Error& error, const std::filesystem::path& file) {
  if (error.code() == SQLITE_CONSTRAINT) return Reason::internal_error;
  return is_full(error, file) ? Reason::disk_full : Reason::journal_unusable;
}

}  // namespace koshin::renewal
