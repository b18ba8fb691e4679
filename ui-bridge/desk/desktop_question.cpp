// SPDX-License-Identifier: MIT
#include "desktop_question.hpp"

#include <utility>

#include "desk_messages.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"

namespace koshin::ui {

DesktopQuestion::DesktopQuestion(boost::asio::io_context& context, const Occasion& occasion,
                                 const Settings& settings, DeskJournal& journal, Language language,
                                 Answers answers)
    : context_(context),
      occasion_(occasion),
      settings_(settings),
      journal_(journal),
      language_(language),
      answers_(std::move(answers)) {}

/// For the present state.
Notifier::Delivery DesktopQuestion::show_question() {
  const auto answer = [this](const std::string& key) { answered(key); };
  if (const auto& mistake = occasion_.obstacle)
    return notifier_->show(about_wrong_settings(*mistake, language_), answer);
  const Subject subject = subject_of(occasion_, journal_);
  const auto record = subject.memory ? journal_.latest_unfinished(subject.memory->token) : std::nullopt;
  const bool waits = record && record->state == renewal::State::pending;
  return notifier_->show(question(subject, occasion_.due, waits, settings_, language_, current_time()),
                         answer);
}

bool DesktopQuestion::ask() {
  notifier_ = Notifier::connect(context_);
  const auto delivery = show_question();
  log::info(log::Event::notified, "the person was told", {{"KOSHIN_REASON", occasion_.reason}});
  return delivery == Notifier::Delivery::shown;
}

void DesktopQuestion::ask_again() {
  show_question();
  log::info(log::Event::notified, "the person was told again", {{"KOSHIN_REASON", occasion_.reason}});
}

void DesktopQuestion::answered(const std::string& key) {
  if (key == "renew" || key == "default") return answers_.renew();
  answers_.not_now(key == "later" && put_off() ? Outcome::snoozed : Outcome::closed);
}

/// False when it could not be stored.
bool DesktopQuestion::put_off() {
  const auto memory = subject_of(occasion_, journal_).memory;
  if (!memory) return true;
  return !journal_.remember(memory->token, [](auto& known) { known.snoozed_at = current_time(); });
}

void DesktopQuestion::tell_result(const Model& model) {
  const auto message = result_message(model, settings_, language_);
  if (!message) return;
  if (!notifier_) notifier_ = Notifier::connect(context_);
  notifier_->show(*message, {});
}

void DesktopQuestion::withdraw() {
  if (notifier_) notifier_->withdraw();
}

}  // namespace koshin::ui
