// SPDX-License-Identifier: MIT
// When a mail is due, and the child that sends it.
#include "mail_errand.hpp"

#include <system_error>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"
#include "foundation/system/waited_lock.hpp"
#include "renewal/policy/decision.hpp"

namespace koshin::ui {

using std::chrono::steady_clock;

namespace {

// koshin-mail makes three attempts, each with a time limit.
constexpr std::chrono::minutes longest_errand{4};
constexpr std::chrono::seconds time_to_finish{5};
constexpr std::chrono::milliseconds between_tries{1000};

/// The right to send this user's mails, of which the agent's koshin-ui, a reminder and the page each may have
/// one to send, the same one also. Null where another process had it for as long as a mail may take, or a
/// stop was requested. A cut lets it go.
std::unique_ptr<FileLock> right_to_send(const std::stop_token& stop) {
  const auto file = paths::state_directory() / "mail.lock";
  if (auto lock = wait_for_lock(file, longest_errand, between_tries, stop)) return lock;
  log::info(log::Event::none, "another process sends a mail: this one is left to the next occasion");
  return {};
}

}  // namespace

std::string mail_threshold(const renewal::TokenMemory& memory) {
  return memory.notified_threshold.empty() ? "due" : memory.notified_threshold;
}

std::optional<std::string> mail_due(const Settings& settings, const renewal::TokenMemory& memory,
                                    renewal::Journal& journal) {
  if (settings.mail.url.empty() || !memory.not_after || memory.certificate_sha256.empty())
    return std::nullopt;
  // The threshold belongs to the certificate of the last notification, and does not apply to a certificate
  // fetched since.
  if (memory.told_sha256 != memory.certificate_sha256) return std::nullopt;
  // A mail announces an expiry, which is far away for a certificate that another computer has just written.
  if (memory.last_decision == to_string(renewal::Decision::proof_left)) return std::nullopt;
  std::string threshold = mail_threshold(memory);
  if (journal.mailed(memory.certificate_sha256, threshold)) return std::nullopt;
  return threshold;
}

MailErrand::~MailErrand() {
  if (!done_.valid() || done_.wait_for(time_to_finish) == std::future_status::ready) return;
  stop_.request_stop();
  const std::lock_guard lock(mutex_);
  if (child_) child_->terminate();
}

void MailErrand::send(const std::string& threshold, const renewal::TokenMemory& memory) {
  if (done_.valid() && done_.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
    return;  // the running one ends in time; a further mail is sent at the next occasion
  std::vector<std::string> arguments{"--expires",     to_rfc3339(*memory.not_after),
                                     "--token-label", memory.label,
                                     "--purpose",     std::string(to_string(memory.purpose))};
  if (!settings_file_.empty()) arguments.insert(arguments.end(), {"--settings", settings_file_});
  if (!memory.email.empty()) arguments.insert(arguments.end(), {"--email", memory.email});
  if (!memory.bank.empty()) arguments.insert(arguments.end(), {"--bank", memory.bank});
  if (!page_possible_) arguments.emplace_back("--no-page");
  const auto failed = [](const std::exception& error) {
    log::warning(log::Event::mail_failed, "the mail could not be sent or noted",
                 {{"KOSHIN_DETAIL", error.what()}});
  };
  const auto errand = [this, arguments, certificate = memory.certificate_sha256, threshold, failed] {
    try {
      run(arguments, certificate, threshold);
    } catch (const std::exception& error) {
      failed(error);
    }
  };
  try {
    done_ = std::async(std::launch::async, errand);
  } catch (const std::system_error& error) {  // no thread available: the next start tries again
    failed(error);
  }
}

void MailErrand::run(const std::vector<std::string>& arguments, const std::string& certificate,
                     const std::string& threshold) {
  const auto right = right_to_send(stop_.get_token());
  // A handle of its own: this is another thread than the wizard's.
  const auto journal = right ? renewal::Journal::open_unless_damaged(paths::journal_file()) : nullptr;
  if (!journal || journal->mailed(certificate, threshold)) return;
  {
    const std::lock_guard lock(mutex_);
    if (stop_.stop_requested()) return;
    child_ = ChildProcess::start(paths::program("koshin-mail"), arguments);
    child_->close_stdin();
  }
  const auto status = child_->wait_until(steady_clock::now() + longest_errand);
  if (!status) {  // ended before anyone else has the right to send: what it is about counts as not sent
    const std::lock_guard lock(mutex_);
    child_.reset();
  }
  if (!status || status->crashed || status->code != 0) return;  // koshin-mail has logged why
  journal->remember_mailed(certificate, threshold, current_time());
}

}  // namespace koshin::ui
