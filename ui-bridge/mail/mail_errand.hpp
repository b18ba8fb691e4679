// SPDX-License-Identifier: MIT
// Sends one mail for each reminder threshold through koshin-mail; the journal records the mails sent.
#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "foundation/system/child_process.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::ui {

/// The reminder threshold whose mail is due; empty when mail is not configured, nothing expires, or the mail
/// was sent.
std::optional<std::string> mail_due(const Settings& settings, const renewal::TokenMemory& memory,
                                    renewal::Journal& journal);

/// The threshold under which the mail of the last notification is kept as sent (Journal::mailed()).
std::string mail_threshold(const renewal::TokenMemory& memory);

class MailErrand {
 public:
  /// `settings_file`: empty for the usual ones. `page_possible`: whether koshin-ui can open its page on this
  /// system; the mail promises the page then, and names the command in a terminal otherwise.
  MailErrand(std::string settings_file, bool page_possible)
      : settings_file_(std::move(settings_file)), page_possible_(page_possible) {}
  /// Gives a running mail a few seconds, then ends it, or the wait for another process's mail; the next start
  /// tries again.
  ~MailErrand();
  MailErrand(const MailErrand&) = delete;
  MailErrand& operator=(const MailErrand&) = delete;

  /// Waits for the running mail, however it ends.
  void wait() {
    if (done_.valid()) done_.wait();
  }
  /// Runs koshin-mail in the background, for the memory's bank. `threshold`: the result of mail_due(). One
  /// mail of a user goes out at a time: while another process sends one, this one waits for at most as long
  /// as a mail may take, and is not sent where the journal has it as sent by then.
  void send(const std::string& threshold, const renewal::TokenMemory& memory);

 private:
  void run(const std::vector<std::string>& arguments, const std::string& certificate,
           const std::string& threshold);

  const std::string settings_file_;
  const bool page_possible_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::unique_ptr<ChildProcess> child_;
  std::future<void> done_;
};

}  // namespace koshin::ui
