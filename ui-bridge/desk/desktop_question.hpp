// SPDX-License-Identifier: MIT
// The question on the desktop whether to renew now, its answers, and the message of how a renewal has ended.
// (What they say: desk_messages.hpp.)
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "desk_journal.hpp"
#include "foundation/base/language.hpp"
#include "foundation/settings/settings.hpp"
#include "notification.hpp"
#include "ui-bridge/wizard/model.hpp"
#include "ui-bridge/wizard/occasion.hpp"

namespace koshin::ui {

class DesktopQuestion {
 public:
  struct Answers {
    std::function<void()> renew;
    /// Outcome::snoozed, or Outcome::closed, also where "later" could not be written down: the person is then
    /// asked again as before.
    std::function<void(Outcome)> not_now;
  };

  /// `occasion`, as it is at any time, and all the others outlive this.
  DesktopQuestion(boost::asio::io_context& context, const Occasion& occasion, const Settings& settings,
                  DeskJournal& journal, Language language, Answers answers);

  /// Asks. False where no answer will come: the message has only announced the window, or could not be shown.
  bool ask();
  /// Whether a question stands on the desktop.
  bool is_asked() const { return notifier_ != nullptr; }
  /// In its place; if the new one cannot be shown, the old one stays with its buttons.
  void ask_again();
  /// The window is the answer.
  void drop() { notifier_.reset(); }
  /// How a renewal has ended, for a person who looks at no window.
  void tell_result(const Model& model);
  void withdraw();

 private:
  Notifier::Delivery show_question();
  void answered(const std::string& key);
  bool put_off();

  boost::asio::io_context& context_;
  const Occasion& occasion_;
  const Settings& settings_;
  DeskJournal& journal_;
  Language language_;
  Answers answers_;
  std::unique_ptr<Notifier> notifier_;
};

}  // namespace koshin::ui
