// SPDX-License-Identifier: MIT
// When the person is told on the desktop, and what the answers do. (What is said: desk_messages.hpp.)
#include <boost/asio/post.hpp>

#include "application.hpp"
#include "desk_messages.hpp"
#include "foundation/log/log.hpp"

namespace koshin::ui {

/// Shows the question for the present state.
Notifier::Delivery Application::ask() {
  const auto answer = [this](const std::string& key) { answered(key); };
  if (const auto& mistake = options_.occasion.obstacle)
    return notifier_->show(about_wrong_settings(*mistake, language_), answer);
  const Subject subject = subject_of(options_.occasion, journal_);
  const auto record = subject.memory ? journal_.latest_unfinished(subject.memory->token) : std::nullopt;
  const bool waits = record && record->state == renewal::State::pending;
  return notifier_->show(question(subject, options_.occasion.due, waits, settings_, language_, now()),
                         answer);
}

void Application::notify() {
  notifier_ = Notifier::connect(context_);
  const auto delivery = ask();
  log::info(log::Event::notified, "the person was told", {{"KOSHIN_REASON", options_.occasion.reason}});
  // Without buttons there is no answer to wait for: the message has announced the page, or could not be
  // shown.
  if (delivery != Notifier::Delivery::shown) open_view();
}

void Application::send_mail_when_due() {
  if (const auto memory = journal_.memory_of(options_.occasion.certificate_sha256))
    if (const auto threshold =
            journal_.read([&](auto& journal) { return mail_due(settings_, *memory, journal); }))
      mail_.send(*threshold, *memory, options_.occasion.settings_file);
}

/// Replaces an unanswered message by a new one; an open page needs none. If the new message cannot be shown,
/// the old one stays with its buttons.
void Application::told_again(const ParentLink::News& news) {
  if (ended_) return;
  options_.occasion.reason = news.reason;
  options_.occasion.certificate_sha256 = news.certificate;
  options_.occasion.due = news.due;
  options_.occasion.purpose = news.purpose;
  try {
    send_mail_when_due();
    if (open_ || opening_ || !notifier_) return;
    wizard_.set_occasion(options_.occasion);
    ask();
    log::info(log::Event::notified, "the person was told again", {{"KOSHIN_REASON", news.reason}});
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the person could not be told again",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
  }
}

void Application::answered(const std::string& key) {
  if (ended_) return;
  if (key == "renew" || key == "default") {
    opening_ = true;
    return boost::asio::post(context_, [this] { open_view(); });
  }
  if (key == "later") {
    return wizard_.end(snooze_from_desktop() ? Outcome::snoozed : Outcome::closed);
  }
  wizard_.end(Outcome::closed);
}

/// False when the snooze could not be stored: the person is then asked again as before.
bool Application::snooze_from_desktop() {
  const auto memory = subject_of(options_.occasion, journal_).memory;
  if (!memory) return true;
  return !journal_.remember(memory->token, [this](auto& known) { known.snoozed_at = now(); });
}

/// Tells the parent about the new token, so that it opens no second page.
void Application::went_on(const std::string& token_uri) {
  if (parent_) parent_->tell_went_on(token_uri);
  log::info(log::Event::none, "the page goes on with the next token", {{"KOSHIN_TOKEN", token_uri}});
}

std::optional<Failure> Application::snooze(const messages::TokenReport& token) {
  const auto put_off = [&](renewal::TokenMemory& memory) {
    memory.label = token.label;
    memory.module = token.module;
    if (const auto& certificate = wizard_.model().certificate) {
      memory.certificate_sha256 = memory.told_sha256 = certificate->sha256;
      memory.not_after = certificate->not_after;
      memory.purpose = certificate->purpose;
    }
    memory.snoozed_at = now();
  };
  return journal_.remember(renewal::token_key(token), put_off);
}

}  // namespace koshin::ui
