// SPDX-License-Identifier: MIT
// Reminders by date: what is remembered of a token that lies in a drawer is enough to tell its person in
// time.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "foundation/base/calendar.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

struct Reminder {
  std::string threshold;  ///< as Verdict::threshold
  long days_left = 0;     ///< negative once the certificate has expired
};

/// The reminder that is due, by date alone, for the certificate of the bank's last decision about a token. A
/// threshold of the bank (renewal/policy/thresholds.hpp) has begun since the person was told last, and
/// nothing that is known has taken the certificate's place: a completed record, or a decision that it is not
/// due any more. Empty also once the certificate has been expired for longer than the renewal window, and for
/// a bank that has never decided about the token. `records`: Journal::history_of() the token.
///
/// The caller stores `now` as TokenMemory::last_notified, `threshold` as notified_threshold and the
/// certificate's fingerprint as told_sha256, as for a Verdict: an insertion tells the person again, and no
/// threshold is told twice.
std::optional<Reminder> reminder_due(const TokenMemory& memory, std::span<const Record> records,
                                     const Settings& bank, TimePoint now);

/// How long a mail that did not go out when its person was told is tried again.
inline constexpr std::chrono::days mail_tried_for{7};

/// Whether the mail of what the person was told last, in a message or at an insertion, is worth another try
/// where it did not go out: it was told within `mail_tried_for`, and the certificate is still one that
/// reminders are about. `records` as above.
bool is_mail_worth_a_try(const TokenMemory& memory, std::span<const Record> records, const Settings& bank,
                         TimePoint now);

}  // namespace koshin::renewal
