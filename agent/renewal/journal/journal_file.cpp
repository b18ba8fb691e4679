// SPDX-License-Identifier: MIT
// A damaged file is replaced in an order that bears a cut at any point: what was rescued is complete before
// the file is touched, and takes its place once it is away.
#include "renewal/journal/journal_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>

#include "foundation/base/clock.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/waited_lock.hpp"
#include "renewal/journal/journal_failure.hpp"
#include "renewal/journal/journal_rescue.hpp"

namespace koshin::renewal {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms private_to_owner = fs::perms::owner_read | fs::perms::owner_write;
constexpr std::array companions{"", "-wal", "-shm"};  // the file itself first

fs::path beside(const fs::path& file, const std::string& suffix) {
  fs::path other = file;
  return other += suffix;
}

/// Complete, whenever the file itself is not there.
fs::path rescued_beside(const fs::path& file) {
  return beside(file, ".rescued");
}

fs::path suspicion_of(const fs::path& file) {
  return beside(file, ".suspect");
}

/// Of the first one that could not be renamed. Companions may be missing.
std::error_code rename_all(const fs::path& file, const fs::path& aside) {
  for (const char* companion : companions) {
    std::error_code error;
    // Not by the error of rename(), which on Windows is the same for whatever is wrong.
    if (!fs::exists(beside(file, companion), error) && !error) continue;
    fs::rename(beside(file, companion), beside(aside, companion), error);
    if (error && error != std::errc::no_such_file_or_directory) return error;
  }
  return {};
}

bool is_taken(const fs::path& name) {
  std::error_code unknown;
  return std::ranges::any_of(
      companions, [&](const char* companion) { return fs::exists(beside(name, companion), unknown); });
}

/// A free one: two files may be damaged within a second.
fs::path name_aside(const fs::path& file, TimePoint now) {
  std::string suffix = ".damaged-" + to_rfc3339(now);
  for (char& c : suffix) {
    if (c == ':') c = '-';
  }
  fs::path aside = beside(file, suffix);
  for (int next = 2; is_taken(aside); ++next) aside = beside(file, suffix + "-" + std::to_string(next));
  return aside;
}

/// With companions that SQLite may have made for it.
void remove_rescued(const fs::path& rescued) {
  std::error_code ignored;
  for (const char* companion : {"", "-wal", "-shm", "-journal"})
    fs::remove(beside(rescued, companion), ignored);
}

void make(const fs::path& file) {
  const fs::path rescued = rescued_beside(file);
  std::error_code unknown;
  if (fs::exists(rescued, unknown)) {
    // The process that has rescued it was cut off before it could rename the companions of the old file.
    // Nothing takes the file's place beside a log of the old one: SQLite would apply it.
    if (const auto failed = rename_all(file, name_aside(file, current_time())))
      throw fs::filesystem_error("cannot keep what is left of the damaged journal", file, failed);
    fs::rename(rescued, file);
    return;
  }
  errno = 0;
  if (!std::ofstream(file, std::ios::app))
    throw fs::filesystem_error("cannot make the file", file, {errno, std::generic_category()});
}

/// An odd file must not stop koshin for good.
Rescued nothing_rescued(const std::string& why) {
  log::warning(log::Event::none, "nothing of the damaged journal can be taken over: " + why);
  return {};
}

/// Copies what can be read to rescued_beside().
Rescued rescue_beside(const fs::path& file) {
  const fs::path fresh = rescued_beside(file);
  remove_rescued(fresh);  // of a run that was cut off before the damaged file was away
  try {
    const Rescued rescued = rescue(file, fresh);
    if (!rescued.anything()) remove_rescued(fresh);
    return rescued;
  } catch (const FailureError& error) {
    remove_rescued(fresh);
    return nothing_rescued(error.failure().detail);
  } catch (const sqlite::Error& error) {
    remove_rescued(fresh);
    if (!error.is_about_writing() && !error.is_of_the_moment()) return nothing_rescued(error.what());
    fail(reason_of(error, fresh), file.string() + " is damaged, and what can be read of it cannot be kept: " +
                                      detail_of(error, fresh));
  }
}

/// What SQLite reads and koshin has not written like that.
std::string garbage_in_words(const Rescued& rescued) {
  std::string words;
  if (rescued.left_out != 0)
    words +=
        "Of " + std::to_string(rescued.left_out) + " entries the content is damaged: they were left out. ";
  if (rescued.without_old != 0)
    words +=
        std::to_string(rescued.without_old) +
        " renewal(s) were taken over without the old certificate that is written back in case: its copy is "
        "damaged. ";
  return words;
}

std::string in_words(const Rescued& rescued) {
  if (!rescued.anything())
    return garbage_in_words(rescued) +
           "A renewal that was under way is forgotten: look with `koshin inspect` for a key without "
           "certificate. The next run begins a new journal.";
  return "What could be read of it was taken over: " + std::to_string(rescued.renewals) + " renewal(s), " +
         std::to_string(rescued.unfinished) + " of them unfinished, and what is known of " +
         std::to_string(rescued.tokens) + " token(s). " + garbage_in_words(rescued) +
         "A renewal that was under way and is not among them (`koshin status`) is forgotten: look "
         "with `koshin inspect` for a key without certificate. The next run goes on with what was taken "
         "over.";
}

}  // namespace

std::unique_ptr<FileLock> lock_journal_file() {
  constexpr std::chrono::seconds longest_wait{30};
  constexpr std::chrono::milliseconds pause{50};
  const fs::path lock_file = paths::runtime_directory() / "journal.lock";
  try {
    if (auto lock = wait_for_lock(lock_file, longest_wait, pause)) return lock;
  } catch (const std::system_error& error) {
    fail(Reason::journal_unusable, error.what());
  }
  fail(Reason::journal_unusable,
       lock_file.string() + ": another process keeps the journal locked; end that one and try again");
}

void provide_file(const fs::path& file, bool locked) {
  std::error_code unknown;
  if (!fs::exists(file, unknown)) {
    const auto lock = locked ? nullptr : lock_journal_file();
    if (!fs::exists(file, unknown)) make(file);
  }
  if (fs::status(file).permissions() != private_to_owner) fs::permissions(file, private_to_owner);
}

void suspect(const fs::path& file) {
  std::ofstream made(suspicion_of(file), std::ios::app);
}

bool is_suspect(const fs::path& file) {
  std::error_code unknown;
  return fs::exists(suspicion_of(file), unknown);
}

void forget_suspicion(const fs::path& file) {
  std::error_code ignored;
  fs::remove(suspicion_of(file), ignored);
}

std::string replace_damaged(const fs::path& file, const std::string& why, TimePoint now) {
  const Rescued rescued = rescue_beside(file);
  const fs::path aside = name_aside(file, now);
  if (const std::error_code failed = rename_all(file, aside)) {
    std::error_code still_there;
    if (fs::exists(file, still_there)) remove_rescued(rescued_beside(file));
    fail(Reason::journal_unusable, file.string() + " is damaged (" + why + ") and cannot be kept as " +
                                       aside.string() + ": " + failed.message() +
                                       ": see that its folder can be written to");
  }
  forget_suspicion(file);
  std::error_code later;  // where it fails, the next opening does it (make())
  if (rescued.anything()) fs::rename(rescued_beside(file), file, later);
  return file.string() + " is damaged (" + why + ") and was kept as " + aside.string() + ". " +
         in_words(rescued);
}

}  // namespace koshin::renewal
