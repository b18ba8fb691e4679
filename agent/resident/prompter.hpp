// SPDX-License-Identifier: MIT
// Talks to the person, of each token for each bank: through koshin-ui; where that is not there or fails,
// through a plain notification; where there is none, through the log.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>

#include "foundation/failures/failure.hpp"
#include "resident/notifier.hpp"
#include "resident/tasks.hpp"
#include "resident/ui_process.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

class Prompter {
 public:
  struct Listener {
    std::function<void(const renewal::TokenKey&)> closed;
    std::function<void(const TokenPlace&)> snoozed;
    /// The token that is in and has this URI.
    std::function<std::optional<renewal::TokenKey>(const std::string& uri)> token_of;
    /// The person was told of this mistake: koshin-ui has done so, or a notification stands.
    std::function<void(const Failure& mistake)> told_of_settings = [](const Failure&) {};
  };
  /// `post` runs a task in the agent's own thread and may be called from any; `make_notifier` makes what
  /// shows notifications.
  using Post = std::function<void(std::function<void()> task)>;
  using NotifierMaker = std::function<std::unique_ptr<Notifier>(Notifier::Listener)>;
  /// How koshin-ui is started for a prompt; nothing where it is not installed.
  using CommandMaker = std::function<std::optional<UiCommand>(const Prompt&)>;
  Prompter(Post post, Tasks& tasks, CommandMaker ui_command, Language language, Listener listener,
           const NotifierMaker& make_notifier);

  void prompt(const Prompt& prompt);
  /// For whichever banks.
  void token_removed(const TokenPlace& place);
  void token_renamed(const TokenPlace& before, const std::string& uri);
  /// Nothing is to be told of this token any more: a message that nobody has answered is taken back.
  void settled(const TokenPlace& place);
  void module_in_trouble(const std::string& module, const Failure& failure);
  /// A mistake that the person is being told of is not told beside that.
  void settings_are_wrong(const Failure& mistake);
  /// False when nobody shows notifications in this session.
  bool journal_is_unusable(const Failure& why);
  void journal_is_usable();
  /// A message or page about the settings is open.
  bool tells_of_settings() { return find(wrong_settings_place) != open_.end(); }
  /// Something is on the screen.
  bool busy() const { return !open_.empty() || !waiting_.empty() || notifier_->showing(); }

  /// A person reads one page at a time, and a computer with sixty due tokens starts one. Plain notifications
  /// stand beside each other.
  static constexpr std::size_t most_pages = 1;
  static constexpr std::size_t most_notifications = 5;

 private:
  struct Open {
    Prompt prompt;
    std::shared_ptr<UiProcess> ui{};  ///< empty: a plain notification
    std::string tag{};                ///< of that
    bool leaving = false;             ///< koshin-ui was told that the token is out, and ends soon
    std::optional<Prompt> next{};  ///< the token came back meanwhile: what a koshin-ui after that one tells
  };
  using Place = std::list<Open>::iterator;

  Place find(const TokenPlace& place);
  Place find(const std::shared_ptr<UiProcess>& ui);
  /// Whether one more conversation may begin.
  bool has_room() const;
  /// Behind those that are open; the person is told which tokens wait.
  void wait(const Prompt& prompt);
  void forget_waiting(const TokenPlace& place);
  void tell_who_waits();
  void begin_next();
  bool start_ui(const Prompt& prompt);
  void ui_ended(const std::shared_ptr<UiProcess>& ui, UiProcess::End end);
  void ui_went_on(const std::shared_ptr<UiProcess>& ui, const std::string& token_uri);
  /// `tag`: of the notification that this one takes the place of; empty: of none.
  void plain(const Prompt& prompt, std::string tag = {});
  void chosen(const std::string& tag, const std::string& action);
  void notification_closed(const std::string& tag);

  Post post_;
  Tasks& tasks_;
  CommandMaker ui_command_;
  Language language_;
  Listener listener_;
  std::unique_ptr<Notifier> notifier_;
  std::list<Open> open_;
  std::list<Prompt> waiting_;
  unsigned long notifications_ = 0;
};

}  // namespace koshin::resident
