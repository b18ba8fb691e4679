// SPDX-License-Identifier: MIT
#include "renewal/policy/left_over.hpp"

#include <algorithm>

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

std::vector<Record> records_with_unused_pairs(const std::vector<Record>& newest_first,
                                              const std::vector<TokenMemory>& memories) {
  std::vector<Record> left;
  for (auto record = newest_first.begin(); record != newest_first.end(); ++record) {
    const bool made = record->state == State::abandoned && !record->same_key && !record->public_key.empty();
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
    const bool is_last = std::none_of(newest_first.begin(), record, [&](const Record& later) {
      return later.token == record->token && later.token_label == record->token_label;
    });
    if (is_last && record->state == State::abandoned && record->last_failure) found.push_back(*record);
  }
  return found;
}

}  // namespace koshin::renewal
