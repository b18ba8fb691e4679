// SPDX-License-Identifier: MIT
// Reminders of certificates whose token is not inserted: it lies in a drawer, and nothing else would tell.
#pragma once

#include <chrono>
#include <string>

#include "foundation/base/language.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "ui-bridge/mail/mail_errand.hpp"

namespace koshin::ui {

/// Tells of each reminder that is due by the journal (renewal/policy/reminder.hpp): a desktop message without
/// buttons, which says which token to insert, and the mail of that threshold, where mail is configured. What
/// was told is stored, so that nothing is told twice; where there was no desktop and the mail did not go out,
/// it is due again at the next run. A mail that did not go out beside a message, here or at an insertion, is
/// tried again without that message (renewal::is_mail_worth_a_try). At most `most_reminders` are told in one
/// run, those that expire first; the others are due at the next. Waits for the mails (each at most four
/// minutes), and tries no more where five of them have failed. A cut after a message or mail and before it is
/// stored tells, or sends, the same once more. Makes nothing for a user without a journal, and tells nothing
/// while another process of this user does. Where a message goes with the program that shows it (on Windows)
/// it stays until the messages were closed, at most `longest_shown`; the journal is closed then, and a
/// process that begins meanwhile tells what has become due. A journal that cannot be used is told of once, as
/// wrong settings are (where that cannot be written down, on a full or read-only disk, at each run); a
/// damaged one stays where it is. Throws FailureError{journal_unusable} or {disk_full} then, and
/// std::system_error. `errand` sends the mails, one after the other.
void remind(const Deployment& deployment, Language language, MailErrand& errand);

/// The settings are wrong, so nothing can be looked up, and nobody would be told of what expires: says so on
/// the desktop, without buttons, as the agent does and once for each mistake (desktop::ToldMistake). Where
/// nothing shows messages it is told at a later run. Nothing for a user without a journal, nor while another
/// process of this user tells. Stays as remind() does. Throws std::system_error.
void tell_of_wrong_settings(const Failure& mistake, Language language);

inline constexpr std::size_t most_reminders = 5;
/// A working day: a message that came in a locked session is there when the person is.
inline constexpr std::chrono::hours longest_shown{8};

}  // namespace koshin::ui
