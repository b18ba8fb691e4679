// SPDX-License-Identifier: MIT
// One conversation for each token, with the best means there are.
#include "resident/prompter.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"

namespace koshin::resident {
namespace {

constexpr const char* waiting_tag = "waiting";
constexpr const char* journal_tag = "journal";

/// For whichever bank.
bool is_same_token(const TokenPlace& one, const TokenPlace& other) {
  return one.token == other.token && one.uri == other.uri;
}

}  // namespace

Prompter::Prompter(Post post, Tasks& tasks, CommandMaker ui_command, Language language, Listener listener,
                   const NotifierMaker& make_notifier)
    : post_(std::move(post)),
      tasks_(tasks),
      ui_command_(std::move(ui_command)),
      language_(language),
      listener_(std::move(listener)),
      notifier_(make_notifier(
          {.chosen = [this](const std::string& tag, const std::string& action) { chosen(tag, action); },
           .closed = [this](const std::string& tag) { notification_closed(tag); }})) {}

Prompter::Place Prompter::find(const TokenPlace& place) {
  return std::find_if(open_.begin(), open_.end(),
                      [&](const Open& open) { return open.prompt.place == place; });
}

Prompter::Place Prompter::find(const std::shared_ptr<UiProcess>& ui) {
  return std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.ui == ui; });
}

void Prompter::prompt(const Prompt& prompt) {
  const auto open = find(prompt.place);
  if (open != open_.end() && open->ui) {
    if (open->leaving) {
      open->next = prompt;
    } else {
      open->prompt = prompt;
      open->ui->tell_again(prompt);
    }
    return;
  }
  std::string tag;
  if (open != open_.end()) {
    tag = open->tag;
    open_.erase(open);
  }
  if (!has_room()) return wait(prompt);
  if (!start_ui(prompt)) plain(prompt, std::move(tag));
}

bool Prompter::has_room() const {
  const auto pages = static_cast<std::size_t>(
      std::count_if(open_.begin(), open_.end(), [](const Open& open) { return open.ui != nullptr; }));
  return pages < most_pages && open_.size() - pages < most_notifications;
}

void Prompter::wait(const Prompt& prompt) {
  const auto same = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](const Prompt& waiting) { return waiting.place == prompt.place; });
  if (same != waiting_.end()) {
    *same = prompt;
    return;
  }
  waiting_.push_back(prompt);
  log::info(log::Event::none, "The person is told of this token after the others.",
            {{"KOSHIN_TOKEN", prompt.place.uri}});
  tell_who_waits();
}

void Prompter::forget_waiting(const TokenPlace& place) {
  if (std::erase_if(waiting_, [&](const Prompt& waiting) { return waiting.place == place; }) != 0)
    tell_who_waits();
}

void Prompter::tell_who_waits() {
  if (waiting_.empty()) return notifier_->withdraw(waiting_tag);
  std::vector<std::string> labels;
  for (const Prompt& prompt : waiting_) labels.push_back(name_of(prompt, language_));
  (void)notifier_->show(waiting_tag, notice_for_waiting(labels, language_), {});
}

void Prompter::begin_next() {
  if (waiting_.empty() || !has_room()) return;
  const Prompt next = waiting_.front();
  waiting_.pop_front();
  tell_who_waits();
  prompt(next);
}

bool Prompter::start_ui(const Prompt& prompt) {
  const auto command = ui_command_(prompt);
  if (!command) return false;
  auto ui = std::make_shared<UiProcess>();
  open_.push_back({.prompt = prompt, .ui = ui});
  log::info(log::Event::notified, "koshin-ui tells the person.", {{"KOSHIN_TOKEN", prompt.place.uri}});
  const bool started = tasks_.start([this, ui, command = *command](const std::stop_token& stop) {
    const auto went_on = [&](const std::string& uri) { post_([this, ui, uri] { ui_went_on(ui, uri); }); };
    const UiProcess::End end = ui->run(command, stop, went_on);
    if (!stop.stop_requested()) post_([this, ui, end] { ui_ended(ui, end); });
  });
  if (!started) open_.pop_back();
  return started;
}

/// The person has gone on to one of the tokens that wait, on the same page.
void Prompter::ui_went_on(const std::shared_ptr<UiProcess>& ui, const std::string& token_uri) {
  const auto open = find(ui);
  if (open == open_.end()) return;
  const renewal::TokenKey before = open->prompt.place.token;
  const std::string bank = open->prompt.place.bank;  // whose the page is
  const auto next = std::find_if(waiting_.begin(), waiting_.end(), [&](const Prompt& waiting) {
    return waiting.place.uri == token_uri && waiting.place.bank == bank;
  });
  if (next != waiting_.end()) {
    open->prompt = *next;
    waiting_.erase(next);
    tell_who_waits();
  } else {  // the person was not to be told of it yet
    open->prompt = {};
    open->prompt.place = {listener_.token_of(token_uri).value_or(renewal::TokenKey{}), token_uri, bank};
  }
  listener_.closed(before);
}

void Prompter::ui_ended(const std::shared_ptr<UiProcess>& ui, UiProcess::End end) {
  const auto open = find(ui);
  if (open == open_.end()) return;
  const Open ended = *open;
  open_.erase(open);
  if (ended.next) {
    prompt(*ended.next);
  } else if (end == UiProcess::End::failed && !ended.leaving) {
    log::warning(log::Event::none, "koshin-ui failed; a plain notification stands in.",
                 {{"KOSHIN_TOKEN", ended.prompt.place.uri}});
    plain(ended.prompt);
  } else if (ended.prompt.wrong_settings && end == UiProcess::End::done) {
    listener_.told_of_settings(*ended.prompt.wrong_settings);
  }
  listener_.closed(ended.prompt.place.token);
  begin_next();
}

void Prompter::plain(const Prompt& prompt, std::string tag) {
  if (tag.empty()) tag = "token:" + std::to_string(++notifications_);
  const Notice notice = notice_for(prompt, language_);
  Notifier::Actions actions;
  if (ui_command_(prompt))
    actions.emplace_back("renew",
                         (prompt.wrong_settings ? texts::desk_open : texts::desk_renew_now).in(language_));
  if (!prompt.wrong_settings) actions.emplace_back("snooze", texts::desk_later.in(language_));
  const bool shown = notifier_->show(tag, notice, actions);
  if (shown) open_.push_back({.prompt = prompt, .tag = std::move(tag)});
  if (shown && prompt.wrong_settings) listener_.told_of_settings(*prompt.wrong_settings);
  log::info(
      log::Event::notified,
      (shown ? "Notified the person: " : "Nobody shows notifications in this session; the message was: ") +
          notice.title + ": " + notice.body,
      {{"KOSHIN_TOKEN", prompt.place.uri}});
}

void Prompter::chosen(const std::string& tag, const std::string& action) {
  const auto open =
      std::find_if(open_.begin(), open_.end(), [&](const Open& o) { return !o.ui && o.tag == tag; });
  if (open == open_.end()) return;
  const Prompt prompt = open->prompt;
  open_.erase(open);
  notifier_->withdraw(tag);
  if (action == "snooze") {
    log::info(log::Event::snoozed, "The person wants to be reminded next time.",
              {{"KOSHIN_TOKEN", prompt.place.uri}});
    listener_.snoozed(prompt.place);
  } else if (action == "renew") {
    start_ui(prompt);
  }
  begin_next();
}

void Prompter::notification_closed(const std::string& tag) {
  std::erase_if(open_, [&](const Open& open) { return !open.ui && open.tag == tag; });
  begin_next();
}

void Prompter::token_renamed(const TokenPlace& before, const std::string& uri) {
  for (Prompt& waiting : waiting_)
    if (is_same_token(waiting.place, before)) waiting.place.uri = uri;
  for (Open& open : open_)
    if (is_same_token(open.prompt.place, before)) open.prompt.place.uri = uri;
}

void Prompter::token_removed(const TokenPlace& place) {
  const auto waited =
      std::erase_if(waiting_, [&](const Prompt& waiting) { return is_same_token(waiting.place, place); });
  if (waited != 0) tell_who_waits();
  bool room = false;
  for (auto open = open_.begin(); open != open_.end();) {
    const auto one = open++;
    if (!is_same_token(one->prompt.place, place)) continue;
    if (one->ui) {
      one->leaving = true;
      one->next.reset();
      one->ui->tell_token_removed();
      continue;
    }
    const std::string tag = one->tag;
    open_.erase(one);
    notifier_->withdraw(tag);
    room = true;
  }
  if (room) begin_next();
}

void Prompter::settled(const TokenPlace& place) {
  forget_waiting(place);
  const auto open = find(place);
  if (open == open_.end() || open->leaving) return;
  if (open->ui) return open->ui->tell_settled();
  const std::string tag = open->tag;
  open_.erase(open);
  notifier_->withdraw(tag);
  begin_next();
}

void Prompter::settings_are_wrong(const Failure& mistake) {
  if (find(wrong_settings_place) != open_.end()) return;
  Prompt prompt;
  prompt.place = wrong_settings_place;
  prompt.wrong_settings = mistake;
  if (!has_room() || !start_ui(prompt)) plain(prompt);
}

bool Prompter::journal_is_unusable(const Failure& why) {
  return notifier_->show(journal_tag, notice_for_journal(why, language_), {});
}

void Prompter::journal_is_usable() {
  notifier_->withdraw(journal_tag);
}

void Prompter::module_in_trouble(const std::string& module, const Failure& failure) {
  notifier_->show("module:" + module, notice_for(module, failure, language_), {});
}

}  // namespace koshin::resident
