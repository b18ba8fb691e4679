// SPDX-License-Identifier: MIT
// One run through the journal's memories.
#include "reminders.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "desktop/message_text.hpp"
#include "desktop/notifications.hpp"
#include "desktop/told_mistake.hpp"
#include "foundation/base/calendar.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"
#include "foundation/texts/desk.hpp"
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

/// What the person was told without the mail that belongs to it.
struct OwedMail {
  const Settings* bank = nullptr;
  renewal::TokenMemory memory;
};

struct Errands {
  std::vector<DueReminder> due;  ///< those that expire first come first
  std::vector<OwedMail> owed;
};

Errands errands(const Deployment& deployment, renewal::Journal& journal, TimePoint now) {
  Errands all;
  for (renewal::TokenMemory& memory : renewal::of_banks(journal.memories(), deployment.banks.front())) {
    const Settings* const bank = bank_of(deployment, memory);
    if (bank == nullptr) continue;
    const auto records =
        renewal::of_bank(journal.history_of(memory.token, renewal::records_looked_back), {}, *bank);
    if (auto reminder = renewal::reminder_due(memory, records, *bank, now)) {
      all.due.push_back({bank, std::move(memory), *std::move(reminder)});
    } else if (mail_due(*bank, memory, journal) &&
               renewal::is_mail_worth_a_try(memory, records, *bank, now)) {
      all.owed.push_back({bank, std::move(memory)});
    }
  }
  std::ranges::stable_sort(all.due, {}, [](const DueReminder& one) { return one.reminder.days_left; });
  return all;
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

/// Sends the mail of what `told` says was told last, unless it was sent before. False: none has gone out.
bool send_mail(renewal::Journal& journal, const Settings& bank, const renewal::TokenMemory& told,
               MailErrand& errand) {
  const auto threshold = mail_due(bank, told, journal);
  if (threshold) {
    errand.send(*threshold, told);
    errand.wait();
  }
  return journal.mailed(told.certificate_sha256, mail_threshold(told));
}

struct Told {
  bool person = false;  ///< by whichever way
  bool mail = false;    ///< sent, now or before
};

/// By a desktop message, where there is a desktop, and by mail, where mail is configured. A mail that was not
/// delivered has told nobody; beside a message it is owed, and the next run tries it again (Errands::owed).
Told tell(renewal::Journal& journal, const DueReminder& due, bool shown, MailErrand& errand, TimePoint now) {
  if (shown) keep_told(journal, due, now);  // before the mail, which may take minutes
  renewal::TokenMemory told = due.memory;
  told.told_sha256 = told.certificate_sha256;
  told.notified_threshold = due.reminder.threshold;
  const bool mailed = send_mail(journal, *due.bank, told, errand);
  if (mailed && !shown) keep_told(journal, due, now);
  if (!mailed && !shown) {
    log::warning(log::Event::none,
                 due.bank->mail.url.empty()
                     ? "a reminder is due, and there is neither a desktop nor a mail to tell it by"
                     : "a reminder is due, there is no desktop, and its mail did not go out",
                 {{"KOSHIN_TOKEN_LABEL", printable(due.memory.label, 100)}});
    return {};
  }
  log::info(log::Event::notified, "the person was reminded of a token that is not inserted",
            {{"KOSHIN_TOKEN_LABEL", printable(due.memory.label, 100)},
             {"KOSHIN_BANK", due.memory.bank},
             {"KOSHIN_THRESHOLD", due.reminder.threshold},
             {"KOSHIN_CERTIFICATE", due.memory.certificate_sha256}});
  return {.person = true, .mail = mailed};
}

/// False for a user who has never used koshin, for whom nothing is made.
bool knows_any_token() {
  return paths::has_state_directory() && std::filesystem::exists(paths::journal_file());
}

/// Null while another process of this user has it. (Windows' Task Scheduler may start two at once for one
/// person: in the morning and after a log-in.)
std::unique_ptr<FileLock> only_one() {
  auto lock = FileLock::acquire(paths::state_directory() / "reminders.lock");
  if (auto* const mine = std::get_if<std::unique_ptr<FileLock>>(&lock)) return std::move(*mine);
  log::info(log::Event::none, "another koshin-ui tells the reminders");
  return {};
}

/// Where there is a desktop: messages without buttons, whose end nobody waits for.
std::unique_ptr<desktop::Notifications> desktop_messages() {
  return desktop::Notifications::connect(
      {.chosen = [](const std::string&, const std::string&) {}, .closed = [](const std::string&) {}});
}

/// On the desktop, unless the person was told of this `mistake` before or another process tells of it now.
void tell_once(std::unique_ptr<FileLock> lock, desktop::ToldMistake told, const Failure& mistake,
               desktop::Words words, const char* logged) {
  if (told.is(mistake) || !told.begin()) return;
  const auto desktop = desktop_messages();
  const bool shown =
      desktop && desktop->show("mistake", {.title = std::move(words.title),
                                           .body = std::move(words.body),
                                           .actions = {},
                                           .urgency = desktop::Urgency::critical,
                                           .stays = true}) != desktop::Notifications::Shown::no;
  if (!shown) return;
  log::info(log::Event::notified, logged, {{"KOSHIN_REASON", std::string(info(mistake.reason).id)}});
  lock.reset();
  // What nobody has read, as at a log-off, is told again by the next run.
  if (desktop->stay_until_read(longest_shown)) told.keep(mistake);
}

/// The journal. When it cannot be used, the person is told before the failure is thrown on: nobody would be
/// reminded.
std::unique_ptr<renewal::Journal> journal_or_word(std::unique_ptr<FileLock>& lock, Language language) {
  desktop::ToldMistake told(desktop::ToldMistake::In::journal);
  try {
    // A damaged one stays for whoever can say at length what becomes of it.
    auto journal = renewal::Journal::open_unless_damaged(paths::journal_file());
    told.forget();
    return journal;
  } catch (const FailureError& error) {
    const Failure& why = error.failure();
    log::error(log::Event::none,
               "The journal cannot be used; nothing is told of what expires. " +
                   std::string(info(why.reason).in(Language::en).administrator_action),
               {{"KOSHIN_REASON", info(why.reason).id}, {"KOSHIN_DETAIL", why.detail}});
    tell_once(std::move(lock), std::move(told), why, desktop::words_for_unusable_journal(why, language),
              "the person is told that the journal cannot be used");
    throw;
  }
}

/// One run, as far as its limits go.
class Run {
 public:
  /// `desktop`: null where there is none.
  Run(renewal::Journal& journal, desktop::Notifications* desktop, MailErrand& errand, Language language,
      TimePoint now)
      : journal_(journal), desktop_(desktop), errand_(errand), language_(language), now_(now) {}

  void tell_all(const std::vector<DueReminder>& due) {
    for (const DueReminder& one : due) {
      if (ends()) return;
      const bool shown = desktop_ != nullptr &&
                         desktop_->show(one.memory.certificate_sha256, message_of(one, language_, now_)) !=
                             desktop::Notifications::Shown::no;
      const Told told = tell(journal_, one, shown, errand_, now_);
      if (told.person) ++done_;
      if (!told.mail && !one.bank->mail.url.empty()) ++failed_mails_;
    }
  }

  void send_all(const std::vector<OwedMail>& owed) {
    for (const OwedMail& one : owed) {
      if (ends()) return;
      if (!send_mail(journal_, *one.bank, one.memory, errand_)) {
        ++failed_mails_;
        continue;
      }
      ++done_;
      log::info(log::Event::notified, "the mail that did not go out with its message has gone out now",
                {{"KOSHIN_TOKEN_LABEL", printable(one.memory.label, 100)},
                 {"KOSHIN_BANK", one.memory.bank},
                 {"KOSHIN_CERTIFICATE", one.memory.certificate_sha256}});
    }
  }

 private:
  bool ends() const { return done_ == most_reminders || failed_mails_ == most_failed_mails; }

  renewal::Journal& journal_;
  desktop::Notifications* const desktop_;
  MailErrand& errand_;
  const Language language_;
  const TimePoint now_;
  std::size_t done_ = 0, failed_mails_ = 0;
};

}  // namespace

void tell_of_wrong_settings(const Failure& mistake, Language language) {
  if (!knows_any_token()) return;
  desktop::Words words = desktop::words_for_wrong_settings(mistake, language);
  words.body += '\n' + std::string(texts::desk_settings_wrong_page.in(language));
  if (auto lock = only_one())
    tell_once(std::move(lock), desktop::ToldMistake(), mistake, std::move(words),
              "the person is told that the settings are wrong");
}

void remind(const Deployment& deployment, Language language, MailErrand& errand) {
  if (!knows_any_token()) return;
  auto lock = only_one();
  if (!lock) return;
  desktop::ToldMistake().forget();  // the settings are right: a mistake that is made again is told again
  auto journal = journal_or_word(lock, language);
  const TimePoint now = current_time();
  const Errands all = errands(deployment, *journal, now);
  std::unique_ptr<desktop::Notifications> desktop;
  if (!all.due.empty()) desktop = desktop_messages();
  Run run(*journal, desktop.get(), errand, language, now);
  run.tell_all(all.due);
  run.send_all(all.owed);
  journal.reset();
  lock.reset();
  if (desktop) (void)desktop->stay_until_read(longest_shown);
}

}  // namespace koshin::ui
