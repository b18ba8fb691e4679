// SPDX-License-Identifier: MIT
// Sends the notice by mail once for each reminder threshold, through koshin-mail; the journal remembers what
// went out.
#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/settings/settings.hpp"
#include "foundation/system/child_process.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::ui {

/// The reminder threshold whose mail is to be sent now; empty when mail is not configured, nothing expires,
/// or it went out.
std::optional<std::string> mail_due(const Settings& settings, const renewal::TokenMemory& memory,
                                    renewal::Journal& journal);

class MailErrand {
 public:
  MailErrand() = default;
  /// Gives a mail that is on its way a few seconds, then ends it; the next start tries it again.
  ~MailErrand();
  MailErrand(const MailErrand&) = delete;
  MailErrand& operator=(const MailErrand&) = delete;

  /// Runs koshin-mail beside everything else, for the memory's bank. `threshold` is what mail_due() said.
  void send(const std::string& threshold, const renewal::TokenMemory& memory,
            const std::string& settings_file);

 private:
  void run(const std::vector<std::string>& arguments, const std::string& certificate,
           const std::string& threshold);

  std::mutex mutex_;
  std::unique_ptr<ChildProcess> child_;
  std::future<void> done_;
};

}  // namespace koshin::ui
