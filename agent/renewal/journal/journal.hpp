// SPDX-License-Identifier: MIT
// The journal: every intent is written here, durably, before its effect. SQLite, synchronous=FULL, one file
// per user.
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

class Journal {
 public:
  /// Opens or makes it (0600), migrates older schemas, refuses newer ones. Throws
  /// FailureError{journal_unusable} with what to do. A corrupt file is kept aside, never deleted,
  /// with the time by `clock` in its name.
  static std::unique_ptr<Journal> open(const std::filesystem::path& file,
                                       const WallClock& clock = current_time);
  /// The same at the first call of one of its functions: a job that looks at a token needs none.
  static std::unique_ptr<Journal> open_when_needed(const std::filesystem::path& file,
                                                   const WallClock& clock = current_time);
  /// Opens it now, for a job that certainly needs it. Throws as open() does.
  virtual void ensure_open() {}
  virtual ~Journal() = default;

  /// The unfinished renewal of this token, if any; of tokens that share all three, the latest.
  virtual std::optional<Record> unfinished(const TokenKey& token) = 0;
  virtual std::vector<Record> all_unfinished() = 0;
  /// Inserts (number is given) or updates, in one durable transaction. State changes happen only here.
  virtual void save(Record& record) = 0;
  /// Newest first.
  virtual std::vector<Record> history(std::size_t limit) = 0;
  virtual std::vector<Record> history_of(const TokenKey& token, std::size_t limit) = 0;
  /// `bank`: whose decision and reminders (TokenMemory::bank); empty: of the bank without a name.
  virtual std::optional<TokenMemory> memory(const TokenKey& token, std::string_view bank) = 0;
  std::optional<TokenMemory> memory(const TokenKey& token) { return memory(token, {}); }
  /// Of each token one without a bank, and one for each bank that something is remembered of.
  virtual std::vector<TokenMemory> memories() = 0;
  /// Changes what is remembered of a token, in one transaction, so that what another process writes meanwhile
  /// is not lost. `change` is given what there is; of a token that is new, an empty one with its key.
  virtual void remember(const TokenKey& token, std::string_view bank,
                        const std::function<void(TokenMemory&)>& change) = 0;
  void remember(const TokenKey& token, const std::function<void(TokenMemory&)>& change) {
    remember(token, {}, change);
  }
  /// Whether the notice about this certificate at this reminder threshold went out by mail.
  virtual bool mailed(std::string_view certificate_sha256, std::string_view threshold) = 0;
  virtual void remember_mailed(std::string_view certificate_sha256, std::string_view threshold,
                               TimePoint sent) = 0;
};

/// A lock per token across processes, held until destroyed; released by the system when the process dies.
class TokenLock {
 public:
  /// Throws FailureError{token_busy} naming the holder's process.
  static std::unique_ptr<TokenLock> acquire(const TokenKey& token);
  virtual ~TokenLock() = default;
};

}  // namespace koshin::renewal
