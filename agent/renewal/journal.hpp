// SPDX-License-Identifier: MIT
// The journal: every intent is written here, durably, before its effect. SQLite, synchronous=FULL, one file per user.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/failure.hpp"
#include "foundation/messages.hpp"

namespace koshin::renewal {

using Bytes = std::vector<std::uint8_t>;

/// Where a renewal stands: the last thing that is durably known. Order is the order of progress.
enum class State {
  planned,    ///< key_id chosen; C_GenerateKeyPair may or may not have happened
  generated,  ///< public_key known
  requested,  ///< request (PKCS#10) signed; it may or may not have been sent
  pending,    ///< the authority answered: later (ask_again)
  issued,     ///< certificate received and checked; C_CreateObject may or may not have happened
  written,    ///< certificate object is on the token and was read back
  completed,  ///< the new certificate has logged in
  abandoned,  ///< given up: the authority has said no, or a person said so
};
std::string_view to_string(State state);

struct TokenKey {  ///< manufacturer + model + serial
  std::string manufacturer, model, serial;
  bool operator==(const TokenKey&) const = default;
};

/// One renewal (or enrolment) of one token.
struct Record {
  std::int64_t number = 0;  ///< given by the journal
  TokenKey token;
  std::string token_label;
  bool enrollment = false;          ///< a re-issue: no old certificate authenticates it
  std::string old_sha256;           ///< hexadecimal; empty for an enrolment
  std::string key_algorithm;        ///< "ec-p256"
  bool same_key = false;            ///< EST 'renew': certifies the old key again, nothing is generated
  State state = State::planned;
  Bytes key_id;                     ///< CKA_ID of the new pair
  Bytes public_key, request, certificate;  ///< DER, empty until known
  std::optional<TimePoint> ask_again;
  std::optional<Failure> last_failure;
  TimePoint started{}, changed{};
  TimePoint new_not_after{};        ///< of the issued certificate
};

/// What the agent and `koshin status` remember about a token.
struct TokenMemory {
  TokenKey token;
  std::string label, module;  ///< the module that owned it last
  std::string certificate_sha256;
  std::optional<TimePoint> last_seen, not_after, snoozed_at, last_notified;
  std::string last_decision;
  std::string notified_threshold;
  bool pin_source_refused = false;  ///< the unattended PIN was wrong once: never again until the source changes
  std::string pin_source_stamp;     ///< identity of the source when it was refused (path, mtime, size), no secret
};

class Journal {
 public:
  /// Opens or makes it (0600), migrates older schemas, refuses newer ones. Throws FailureError{journal_unusable} with
  /// what to do. A corrupt file is kept aside, never deleted.
  static std::unique_ptr<Journal> open(const std::filesystem::path& file);
  virtual ~Journal() = default;

  /// The one unfinished renewal of this token, if any.
  virtual std::optional<Record> unfinished(const TokenKey& token) = 0;
  virtual std::vector<Record> all_unfinished() = 0;
  /// Inserts (number is given) or updates, in one durable transaction. State changes happen only here.
  virtual void save(Record& record) = 0;
  /// Newest first.
  virtual std::vector<Record> history(std::size_t limit) = 0;
  virtual std::optional<TokenMemory> memory(const TokenKey& token) = 0;
  virtual std::vector<TokenMemory> memories() = 0;
  virtual void remember(const TokenMemory& memory) = 0;
};

/// A lock per token across processes, held until destroyed; released by the system when the process dies.
class TokenLock {
 public:
  /// Throws FailureError{token_busy} naming the holder's process.
  static std::unique_ptr<TokenLock> acquire(const TokenKey& token);
  virtual ~TokenLock() = default;
};

}  // namespace koshin::renewal
