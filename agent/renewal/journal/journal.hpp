// SPDX-License-Identifier: MIT
// The journal: every intent is written durably before its effect. SQLite with synchronous=FULL, one file per
// user. Functions throw FailureError{journal_unusable} or {disk_full}.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "foundation/base/clock.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// What becomes of a damaged file. It is replaced only by a process that says so to a person.
enum class IfDamaged { replace, leave };

class Journal {
 public:
  /// Opens the journal file or creates it (0600), migrates older schemas, refuses newer ones. Throws
  /// FailureError{journal_unusable} or {disk_full}, with advice. A corrupt file is renamed, never deleted,
  /// with the time of `clock` in its new name, and what can still be read of it is in the journal that the
  /// next call opens: the failure alone says how much that is, and that a renewal may be forgotten.
  static std::unique_ptr<Journal> open(const std::filesystem::path& file,
                                       const WallClock& clock = current_time);
  /// open() for whoever shows the failure to nobody: a corrupt file stays where it is, for a process that
  /// does.
  static std::unique_ptr<Journal> open_unless_damaged(const std::filesystem::path& file);
  /// Opens the journal file as it is, for reading alone: it is not made, migrated, given other permissions or
  /// renamed, and functions that change it throw FailureError{journal_unusable}. (SQLite may make its
  /// companion files.) Throws the same where there is no file, or it is damaged or of another version.
  static std::unique_ptr<Journal> open_to_read(const std::filesystem::path& file);
  /// open(), or open_unless_damaged(), for whoever shows what is in it to a person. Where the file or its
  /// folder cannot be written to, as on a disk that is for reading only or full, it is opened as it is.
  static std::unique_ptr<Journal> open_to_show(const std::filesystem::path& file,
                                               IfDamaged damaged = IfDamaged::replace);
  /// A journal that opens its file at the first call of one of its functions, by open_unless_damaged(): a job
  /// that only inspects a token needs none, and does not say what becomes of one.
  /// `damaged`: of ensure_open().
  static std::unique_ptr<Journal> open_when_needed(const std::filesystem::path& file,
                                                   const WallClock& clock = current_time,
                                                   IfDamaged damaged = IfDamaged::replace);
  /// Opens the file now, for a job that certainly needs the journal and reports what is thrown: by open(), or
  /// by open_unless_damaged() where a damaged one is left.
  virtual void ensure_open() {}
  virtual ~Journal() = default;

  /// The latest unfinished record with this manufacturer, model and serial number; empty when there is none.
  virtual std::optional<Record> unfinished(const TokenKey& token) = 0;
  /// All unfinished records, in ascending order of their numbers.
  virtual std::vector<Record> all_unfinished() = 0;
  /// Inserts the record (and assigns its number) or updates it, in one durable transaction. The only place
  /// where a state is stored.
  virtual void save(Record& record) = 0;
  /// The latest `limit` records, newest first.
  virtual std::vector<Record> history(std::size_t limit) = 0;
  /// The latest `limit` records of this token, newest first.
  virtual std::vector<Record> history_of(const TokenKey& token, std::size_t limit) = 0;
  /// The memory of a token. `bank`: the bank of decision and reminders (TokenMemory::bank); empty: the bank
  /// without a name.
  virtual std::optional<TokenMemory> memory(const TokenKey& token, std::string_view bank) = 0;
  std::optional<TokenMemory> memory(const TokenKey& token) { return memory(token, {}); }
  /// The memories of all tokens: for each token one without a bank, and one for each bank with an entry.
  virtual std::vector<TokenMemory> memories() = 0;
  /// Changes the memory of a token in one transaction, so that concurrent changes of other processes are
  /// kept. `change` receives the present memory; for a new token an empty one with its key.
  virtual void remember(const TokenKey& token, std::string_view bank,
                        const std::function<void(TokenMemory&)>& change) = 0;
  void remember(const TokenKey& token, const std::function<void(TokenMemory&)>& change) {
    remember(token, {}, change);
  }
  /// Whether the mail about this certificate at this reminder threshold was sent; under the names that
  /// agent/hooks/due_hooks.hpp gives, whether a hook has run for the certificate.
  virtual bool mailed(std::string_view certificate_sha256, std::string_view threshold) = 0;
  /// Records that this mail was sent, or that the hook has run.
  virtual void remember_mailed(std::string_view certificate_sha256, std::string_view threshold,
                               TimePoint sent) = 0;
};

/// A lock per token across processes, held until the object is destroyed; the operating system releases it
/// when the process dies.
class TokenLock {
 public:
  /// Throws FailureError{token_busy}; the detail names the process that holds the lock.
  static std::unique_ptr<TokenLock> acquire(const TokenKey& token);
  virtual ~TokenLock() = default;
};

}  // namespace koshin::renewal
