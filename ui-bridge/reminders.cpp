// SPDX-License-Identifier: MIT
// One run through the journal's memories.
#include "reminders.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <vector>

#include "desktop/notifications.hpp"
#include "foundation/base/calendar.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"
#include "foundation/texts/desk.hpp"
#include "mail_errand.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/reminder.hpp"

namespace koshin::ui {

namespace {

constexpr long pressing_days = 7;

/// Each of them may have taken minutes.
constexpr std::size_t most_failed_mails = 5;

struct DueReminder {
  const Settings* bank = nullptr;
  renewal::TokenMemory memory;
  renewal::Reminder reminder;
};

/// The bank that the memory belongs to; of a memory from before there were several, the first. Null for a
/// bank that the settings do not have any more.
const Settings* bank_of(const Deployment& deployment, const renewal::TokenMemory& memory) {
  if (const Settings* bank = deployment.find(memory.bank)) return bank;
  return memory.bank.empty() ? &deployment.banks.front() : nullptr;
}

std::vector<DueReminder> due_reminders(const Deployment& deployment, renewal::Journal& journal,
                                       TimePoint now) {
  std::vector<DueReminder> due;
  for (renewal::TokenMemory& memory : renewal::of_banks(journal.memories(), deployment.banks.front())) {
    const Settings* const bank = bank_of(deployment, memory);
    if (bank == nullptr) continue;
    const auto records =
        renewal::of_bank(journal.history_of(memory.token, renewal::records_looked_back), {}, *bank);
    if (auto reminder = renewal::reminder_due(memory, records, *bank, now))
      due.push_back({bank, std::move(memory), *std::move(reminder)});
  }
  std::ranges::stable_sort(due, {}, [](const DueReminder& one) { return one.reminder.days_left; });
  return due;
}

desktop::Message message_of(const DueReminder& due, Language language, TimePoint now) {
  const auto& [bank, memory, reminder] = due;
  const TimePoint expiry = *memory.not_after;
  const TimePoint until = add(expiry, bank->renewal.grace);
  const PlaceValue values[] = {{"left", days_left_in_words(reminder.days_left, language)},
                               {"ago", days_ago_in_words(renewal::days_left(now, expiry), language)},
                               {"date", to_local_words(expiry, language)},
                               {"until", to_local_words(until, language)},
                               {"token", printable(memory.label, 100)}};
  const auto [title, body] =
      now <= expiry ? std::array{texts::desk_due_title, texts::desk_remind_due_body}
      : memory.purpose != messages::Purpose::log_in
          ? std::array{texts::desk_expired_in_grace_title, texts::desk_remind_expired_other_body}
      : !renewal::is_past_renewal(memory.purpose, expiry, bank->renewal, now)
          ? std::array{texts::desk_expired_in_grace_title, texts::desk_remind_expired_in_grace_body}
          : std::array{texts::desk_reissue_needed_title, texts::desk_remind_reissue_needed_body};
  const bool pressing = reminder.days_left <= pressing_days;
  desktop::Message message{
      .title = std::string(title.in(language)),
      .body = fill_named_places(call_pin(body.in(language), bank->branding.pin_name.in(language)), values),
      .actions = {},
      .urgency = pressing ? desktop::Urgency::critical : desktop::Urgency::normal,
      .stays = true};
  if (!bank->bank().empty()) message.title += " (" + bank->branding.bank_name.in_any(language) + ")";
  return message;
}

void keep_told(renewal::Journal& journal, const DueReminder& due, TimePoint now) {
  journal.remember(due.memory.token, due.memory.bank, [&](renewal::TokenMemory& memory) {
    memory.last_notified = now;
    memory.notified_threshold = due.reminder.threshold;
    memory.told_sha256 = due.memory.certificate_sha256;
  });
}

/// Sends the mail of the reminder's threshold unless it was sent before. False: none has gone out.
bool send_mail(renewal::Journal& journal, const DueReminder& due, const std::string& settings_file) {
  renewal::TokenMemory told = due.memory;
  told.told_sha256 = told.certificate_sha256;
  told.notified_threshold = due.reminder.threshold;
  const auto threshold = mail_due(*due.bank, told, journal);
  if (threshold) {
    MailErrand errand;
    errand.send(*threshold, told, settings_file);
    errand.wait();
  }
  return journal.mailed(told.certificate_sha256, mail_threshold(told));
}

/// By a desktop message, where there is a desktop, and by mail, where mail is configured. A mail that was not
/// delivered has told nobody.
bool tell(renewal::Journal& journal, const DueReminder& due, bool shown, const std::string& settings_file,
          TimePoint now) {
  if (shown) keep_told(journal, due, now);  // before the mail, which may take minutes
  const bool mailed = send_mail(journal, due, settings_file);
  if (mailed && !shown) keep_told(journal, due, now);
  if (!mailed && !shown) {
    log::warning(log::Event::none,
                 due.bank->mail.url.empty()
                     ? "a reminder is due, and there is neither a desktop nor a mail to tell it by"
                     : "a reminder is due, there is no desktop, and its mail did not go out",
                 {{"KOSHIN_TOKEN_LABEL", printable(due.memory.label, 100)}});
    return false;
  }
  log::info(log::Event::notified, "the person was reminded of a token that is not inserted",
            {{"KOSHIN_TOKEN_LABEL", printable(due.memory.label, 100)},
             {"KOSHIN_BANK", due.memory.bank},
             {"KOSHIN_THRESHOLD", due.reminder.threshold},
             {"KOSHIN_CERTIFICATE", due.memory.certificate_sha256}});
  return true;
}

/// False for a user who has never used koshin, for whom nothing is made.
bool knows_any_token() {
  return paths::has_state_directory() && std::filesystem::exists(paths::journal_file());
}

/// Tells what is due, on this desktop if there is one.
void tell_due(Language language, const std::string& settings_file, desktop::Notifications* desktop,
              renewal::Journal& journal, std::span<const DueReminder> due) {
  const TimePoint now = current_time();
  std::size_t told = 0, failed = 0;
  for (const DueReminder& one : due) {
    if (told == most_reminders || failed == most_failed_mails) break;
    const bool shown =
        desktop != nullptr && desktop->show(one.memory.certificate_sha256, message_of(one, language, now)) !=
                                  desktop::Notifications::Shown::no;
    if (tell(journal, one, shown, settings_file, now)) {
      ++told;
    } else if (!one.bank->mail.url.empty()) {
      ++failed;
    }
  }
}

}  // namespace

void remind(const Deployment& deployment, Language language, const std::string& settings_file) {
  if (!knows_any_token()) return;
  // Windows' Task Scheduler may start two at once for one person: in the morning and after a log-in.
  auto lock = FileLock::acquire(paths::state_directory() / "reminders.lock");
  if (std::holds_alternative<FileLock::Holder>(lock))
    return log::info(log::Event::none, "another koshin-ui tells the reminders");
  auto journal = renewal::Journal::open(paths::journal_file());
  const auto due = due_reminders(deployment, *journal, current_time());
  if (due.empty()) return;
  const auto desktop = desktop::Notifications::connect(
      {.chosen = [](const std::string&, const std::string&) {}, .closed = [](const std::string&) {}});
  tell_due(language, settings_file, desktop.get(), *journal, due);
  journal.reset();
  lock = FileLock::Holder{};
  if (desktop) desktop->stay_until_read(longest_shown);
}

}  // namespace koshin::ui
