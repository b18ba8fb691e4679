// SPDX-License-Identifier: MIT
// How a journal is opened, and what becomes of files that cannot be used.
#include <filesystem>
#include <system_error>

#include "renewal/journal/journal_failure.hpp"
#include "renewal/journal/journal_file.hpp"
#include "renewal/journal/sqlite_journal.hpp"

namespace koshin::renewal {
namespace {

/// Throws fs::filesystem_error, sqlite::Error and FailureError, as each goes wrong. `locked`: the caller
/// holds the lock of lock_journal_file().
std::unique_ptr<Journal> open_to_write(const std::filesystem::path& file, bool locked) {
  provide_file(file, locked);
  return make_sqlite_journal(file, sqlite::Database::Access::writing);
}

[[noreturn]] void refuse(const std::filesystem::filesystem_error& error) {
  fail(error.code() == std::errc::no_space_on_device ? Reason::disk_full : Reason::journal_unusable,
       std::string(error.what()) + ": see that its folder exists, belongs to you and can be written to");
}

/// Throws sqlite::Error for a file that is corrupt, FailureError for whatever else is wrong.
std::unique_ptr<Journal> open_intact(const std::filesystem::path& file, bool locked = false) {
  try {
    return open_to_write(file, locked);
  } catch (const std::filesystem::filesystem_error& error) {
    refuse(error);
  } catch (const sqlite::Error& error) {
    if (error.corrupt()) throw;
    fail(reason_of(error, file), detail_of(error, file));
  }
}

/// Where its folder cannot be written to, SQLite reads a journal only that has no changes in its write-ahead
/// log, and only when it is told that nobody changes the file.
std::unique_ptr<Journal> open_as_it_is(const std::filesystem::path& file) {
  try {
    return Journal::open_to_read(file);
  } catch (const FailureError&) {
    std::filesystem::path log = file;
    std::error_code none;
    const auto changes = std::filesystem::file_size(log += "-wal", none);
    if (!none && changes != 0)
      fail(Reason::journal_unusable,
           file.string() + ": its latest changes are in " + log.string() +
               ", which can be read only where the folder can be written to: see that it can be");
  }
  try {
    return make_sqlite_journal(file, sqlite::Database::Access::reading_unchanging);
  } catch (const sqlite::Error& error) {
    fail(Reason::journal_unusable, detail_of(error, file));
  }
}

/// Another process may have found the damage too, and be done with it by now: its journal is opened then.
std::unique_ptr<Journal> open_or_replace(const std::filesystem::path& file, const std::string& damage,
                                         const WallClock& clock) {
  std::unique_ptr<FileLock> alone;
  try {
    alone = lock_journal_file();
  } catch (const FailureError& error) {  // as on a read-only disk
    fail(error.failure().reason,
         file.string() + " is damaged (" + damage + ") and cannot be kept aside: " + error.failure().detail);
  }
  try {
    return open_intact(file, true);
  } catch (const sqlite::Error& error) {
    // Reported to the caller: a renewal that was under way may be unknown to the new journal.
    fail(Reason::journal_unusable, replace_damaged(file, error.what(), clock()));
  }
}

}  // namespace

std::unique_ptr<Journal> Journal::open(const std::filesystem::path& file, const WallClock& clock) {
  try {
    return open_intact(file);
  } catch (const sqlite::Error& error) {
    return open_or_replace(file, error.what(), clock);
  }
}

std::unique_ptr<Journal> Journal::open_unless_damaged(const std::filesystem::path& file) {
  try {
    return open_intact(file);
  } catch (const sqlite::Error& error) {
    fail(Reason::journal_unusable, detail_of(error, file));
  }
}

std::unique_ptr<Journal> Journal::open_to_read(const std::filesystem::path& file) {
  try {
    return make_sqlite_journal(file, sqlite::Database::Access::reading);
  } catch (const sqlite::Error& error) {
    fail(Reason::journal_unusable, detail_of(error, file));
  }
}

std::unique_ptr<Journal> Journal::open_to_show(const std::filesystem::path& file, IfDamaged damaged) {
  try {
    return open_to_write(file, false);
  } catch (const std::filesystem::filesystem_error& error) {
    std::error_code unknown;
    if (!std::filesystem::exists(file, unknown)) refuse(error);
  } catch (const sqlite::Error& error) {
    if (error.corrupt() && damaged == IfDamaged::replace)
      return open_or_replace(file, error.what(), current_time);
    if (!error.is_about_writing()) fail(reason_of(error, file), detail_of(error, file));
  }
  return open_as_it_is(file);
}

}  // namespace koshin::renewal
