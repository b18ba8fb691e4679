// SPDX-License-Identifier: MIT
// One conversation for each token: also where two of them say the same of themselves.
#include "resident/prompter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace koshin::resident {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// What the agent's own thread would do next.
class ToDo {
 public:
  void add(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    has_more_.notify_all();
  }
  /// Does what comes until `done` says so.
  void work_until(const std::function<bool()>& done) {
    while (!done()) {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(has_more_.wait_for(lock, 60s, [this] { return !tasks_.empty(); }));
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_more_;
  std::deque<std::function<void()>> tasks_;
};

class FakeNotifier : public Notifier {
 public:
  bool show(const std::string& tag, const Notice&, const Actions&) override {
    std::erase(shown, tag);
    shown.push_back(tag);
    return true;
  }
  void withdraw(const std::string& tag) override { std::erase(shown, tag); }
  bool showing() const override { return !shown.empty(); }
  std::vector<std::string> shown;
};

class PrompterTest : public testing::Test {
 protected:
  PrompterTest() {
    const auto keep = [this](Notifier::Listener) {
      auto notifier = std::make_unique<FakeNotifier>();
      notifier_ = notifier.get();
      return notifier;
    };
    prompter_.emplace([this](std::function<void()> task) { to_do_.add(std::move(task)); }, tasks_,
                      [this](const Prompt& prompt) { return ui_for(prompt); }, Language::en,
                      Prompter::Listener{.closed = [](const auto&) {},
                                         .snoozed = [](const auto&) {},
                                         .token_of = [](const std::string&) { return twin_; }},
                      keep);
  }
  void TearDown() override { tasks_.stop_all(); }
  static Prompt in_slot(const std::string& slot) {
    Prompt prompt;
    prompt.place = {twin_, "pkcs11:serial=1;slot-description=" + slot};
    prompt.token_label = "Twin";
    return prompt;
  }
  std::optional<UiCommand> ui_for(const Prompt& prompt) {
    if (ui_script_.empty()) return {};
    started_.push_back(prompt.place.uri.substr(prompt.place.uri.rfind('=') + 1));
    return UiCommand{"/bin/sh", {"-c", ui_script_}};
  }

  inline static const renewal::TokenKey twin_{"Maker", "Model", "1"};
  ToDo to_do_;
  Tasks tasks_{[this](std::function<void()> task) { to_do_.add(std::move(task)); }};
  std::string ui_script_;
  std::vector<std::string> started_;  ///< slots that a koshin-ui was started for
  FakeNotifier* notifier_ = nullptr;
  std::optional<Prompter> prompter_;
};

TEST_F(PrompterTest, EachOfTwoTwinsHasANotificationOfItsOwn) {
  prompter_->prompt(in_slot("A"));
  prompter_->prompt(in_slot("B"));
  ASSERT_THAT(notifier_->shown, SizeIs(2));
  const std::string of_b = notifier_->shown.back();
  prompter_->prompt(in_slot("B"));
  EXPECT_THAT(notifier_->shown, SizeIs(2)) << "told again, it stands in its own place";
  prompter_->settled(in_slot("A").place);
  EXPECT_THAT(notifier_->shown, SizeIs(1));
  EXPECT_EQ(notifier_->shown.front(), of_b) << "the other one's stays";
}

TEST_F(PrompterTest, TheOtherTwinsPageComesWhenTheFirstOneIsOver) {
  ui_script_ = "read -r line";
  prompter_->prompt(in_slot("A"));
  prompter_->prompt(in_slot("B"));
  EXPECT_THAT(started_, ElementsAre("A"));
  EXPECT_THAT(notifier_->shown, ElementsAre("waiting"));
  prompter_->token_removed(in_slot("A").place);
  to_do_.work_until([this] { return started_.size() == 2; });
  EXPECT_THAT(started_, ElementsAre("A", "B"));
  EXPECT_THAT(notifier_->shown, IsEmpty());
}

TEST_F(PrompterTest, ThePageThatHasGoneOnToTheOtherTwinIsThatOnes) {
  ui_script_ =
      R"(read -r line; printf '{"schema":1,"type":"went_on","token":"pkcs11:serial=1;slot-description=B"}\n'; read -r line)";
  prompter_->prompt(in_slot("A"));
  prompter_->prompt(in_slot("B"));
  ASSERT_THAT(notifier_->shown, ElementsAre("waiting"));
  prompter_->prompt(in_slot("A"));
  to_do_.work_until([this] { return notifier_->shown.empty(); });
  prompter_->prompt(in_slot("B"));
  EXPECT_THAT(notifier_->shown, IsEmpty()) << "it has the page already";
  EXPECT_THAT(started_, ElementsAre("A"));
}

TEST_F(PrompterTest, AConversationFollowsItsTokenToAnotherName) {
  prompter_->prompt(in_slot("A"));
  prompter_->token_renamed(in_slot("A").place, in_slot("C").place.uri);
  prompter_->prompt(in_slot("C"));
  ASSERT_THAT(notifier_->shown, SizeIs(1));
  prompter_->token_removed(in_slot("C").place);
  EXPECT_THAT(notifier_->shown, IsEmpty());
}

}  // namespace
}  // namespace koshin::resident
