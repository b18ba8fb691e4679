// SPDX-License-Identifier: MIT
#include "renewal/policy/left_over.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "renewal/policy/recall.hpp"

namespace koshin::renewal {
namespace {

/// Whether a later record proves that no pair of an earlier record is left.
bool settles(const Record& later, const Record& earlier) {
  if (later.token != earlier.token || later.token_label != earlier.token_label) return false;
  const bool same_pair = later.key_id == earlier.key_id;
  return same_pair || (later.state == State::completed && later.old_sha256 == earlier.old_sha256);
}

}  // namespace

bool is_note_of_untold_key(const Record& record) {
  return record.state == State::abandoned && record.pair_refused && record.request.empty() &&
         record.certificate.empty() && !record.public_key.empty() && record.last_failure &&
         record.last_failure->reason == Reason::given_up;
}

bool is_given_back(const Record& note, TimePoint now) {
  constexpr std::chrono::days patience{30};
  return is_note_of_untold_key(note) && note.changed + patience <= now;
}

Record note_of_untold_key(const Record& planned, Bytes public_key) {
  Record note;
  note.token = planned.token;
  note.token_label = planned.token_label;
  note.bank = planned.bank;
  note.key_algorithm = planned.key_algorithm;
  note.key_id = planned.key_id;
  note.public_key = std::move(public_key);
  note.started = planned.started;
  note.pair_refused = true;
  note.state = State::abandoned;
  note.last_failure =
      Failure{Reason::given_up,
              "a key without certificate was found where this computer's koshin was about to make one; its "
              "slot counts as free when the key is still there, without a certificate, in 30 days",
              {}};
  return note;
}

std::vector<Record> records_with_unused_pairs(const std::vector<Record>& newest_first,
                                              const std::vector<TokenMemory>& memories) {
  std::vector<Record> left;
  for (auto record = newest_first.begin(); record != newest_first.end(); ++record) {
    const bool made = record->state == State::abandoned && !record->same_key && !record->public_key.empty() &&
                      !is_note_of_untold_key(*record);
    const bool settled = std::any_of(newest_first.begin(), record,
                                     [&](const Record& later) { return settles(later, *record); });
    const bool gone = std::any_of(memories.begin(), memories.end(), [&](const TokenMemory& memory) {
      return key_seen_to_be_gone(*record, &memory);
    });
    if (made && !settled && !gone) left.push_back(*record);
  }
  return left;
}

std::vector<Record> latest_abandoned(const std::vector<Record>& newest_first) {
  std::vector<Record> found;
  for (auto record = newest_first.begin(); record != newest_first.end(); ++record) {
    if (is_note_of_untold_key(*record)) continue;
    const bool is_last = std::none_of(newest_first.begin(), record, [&](const Record& later) {
      return !is_note_of_untold_key(later) && later.token == record->token &&
             later.token_label == record->token_label;
    });
    if (is_last && record->state == State::abandoned && record->last_failure) found.push_back(*record);
  }
  return found;
}

}  // namespace koshin::renewal
