// SPDX-License-Identifier: MIT
// Which remembered certificates are worth a reminder, and at which threshold.
#include "renewal/policy/reminder.hpp"

#include <algorithm>

#include "renewal/policy/decision.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/thresholds.hpp"

namespace koshin::renewal {

namespace {

/// Whether the decision concerns a certificate whose expiry is the person's affair. A certificate without a
/// key or one that another computer has written is looked into when the token comes.
bool is_about_expiry(const std::string& decision) {
  for (const Decision one : {Decision::not_due, Decision::due, Decision::snoozed, Decision::resume_unfinished,
                             Decision::pending_at_authority, Decision::expired_in_grace,
                             Decision::reissue_needed, Decision::cannot_be_told})
    if (decision == to_string(one)) return true;
  return false;
}

bool is_replaced(const std::string& sha256, std::span<const Record> records) {
  return std::ranges::any_of(records, [&](const Record& record) {
    return record.state == State::completed && record.old_sha256 == sha256;
  });
}

/// Nothing that is known has taken the certificate's place, and it has not been expired for too long.
bool concerns_the_person(const TokenMemory& memory, std::span<const Record> records, const Settings& bank,
                         TimePoint now) {
  return memory.not_after && !memory.certificate_sha256.empty() && is_about_expiry(memory.last_decision) &&
         !is_replaced(memory.certificate_sha256, records) &&
         now <= add(*memory.not_after, bank.renewal.window);
}

}  // namespace

std::optional<Reminder> reminder_due(const TokenMemory& memory, std::span<const Record> records,
                                     const Settings& bank, TimePoint now) {
  if (!concerns_the_person(memory, records, bank, now)) return std::nullopt;
  const TimePoint not_after = *memory.not_after;
  const auto all = thresholds_of(not_after, bank);
  Reminder reminder{{}, days_left(not_after, now)};
  for (const Threshold& threshold : all)
    if (threshold.begins <= now) reminder.threshold = threshold.name;
  const std::size_t told =
      memory.told_sha256 == memory.certificate_sha256 ? rank(all, memory.notified_threshold) : 0;
  if (rank(all, reminder.threshold) <= told) return std::nullopt;
  return reminder;
}

bool is_mail_worth_a_try(const TokenMemory& memory, std::span<const Record> records, const Settings& bank,
                         TimePoint now) {
  return memory.last_notified && now - *memory.last_notified < mail_tried_for &&
         memory.told_sha256 == memory.certificate_sha256 && concerns_the_person(memory, records, bank, now);
}

}  // namespace koshin::renewal
