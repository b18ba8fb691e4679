// SPDX-License-Identifier: MIT
// Icons in the notification area: what a click, the balloon's end and a new notification area do. The person
// is played by the messages that Explorer sends for them. To be run in a session that has a notification area
// (on_a_screen.sh).
#include "desktop/notifications.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::desktop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr UINT icon_message = WM_APP + 1;  // tray_icon_windows.hpp

class NotificationsTest : public testing::Test {
 protected:
  NotificationsTest() {
    notifications_ = Notifications::connect(
        {.chosen = [this](const std::string& tag,
                          const std::string& action) { told_.push_back(tag + ": " + action); },
         .closed = [this](const std::string& tag) { told_.push_back(tag + " closed"); }});
  }
  static HWND window() { return FindWindowW(L"koshin.notifications", nullptr); }
  /// What Explorer sends for the icon with that number, and then what was told.
  std::vector<std::string> after(UINT event, WORD number) {
    SendMessageW(window(), icon_message, 0, MAKELPARAM(event, number));
    if (WaitForSingleObject(notifications_->handle(), 0) == WAIT_OBJECT_0) notifications_->process();
    return std::exchange(told_, {});
  }
  Notifications::Shown show(const std::string& tag, bool asks, bool stays = true) {
    Message message{.title = "証明書の有効期限 <1>",
                    .body = "a\nb",
                    .actions = {},
                    .urgency = Urgency::critical,
                    .stays = stays};
    if (asks) message.actions = {{"default", "Open"}, {"renew", "今すぐ更新"}, {"later", "Later"}};
    return notifications_->show(tag, message);
  }

  std::unique_ptr<Notifications> notifications_;
  std::vector<std::string> told_;
};

TEST_F(NotificationsTest, AClickIsTheDefaultActionAndTheIconStaysUntilItIsWithdrawn) {
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  EXPECT_THAT(after(NIN_BALLOONUSERCLICK, 1), ElementsAre("page: default"));
  EXPECT_THAT(after(NIN_SELECT, 1), ElementsAre("page: default"));
  EXPECT_TRUE(notifications_->showing());
  notifications_->withdraw("page");
  EXPECT_FALSE(notifications_->showing());
  EXPECT_THAT(after(NIN_SELECT, 1), IsEmpty());
}

TEST_F(NotificationsTest, AQuestionOutlivesItsBalloon) {
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  EXPECT_THAT(after(NIN_BALLOONTIMEOUT, 1), IsEmpty());
  EXPECT_THAT(after(NIN_SELECT, 1), ElementsAre("page: default"));
}

TEST_F(NotificationsTest, AMessageThatOnlyInformsIsGoneOnceItWasReadOrItsBalloonHasGone) {
  ASSERT_EQ(show("result", false, false), Notifications::Shown::without_actions);
  EXPECT_THAT(after(NIN_BALLOONTIMEOUT, 1), ElementsAre("result closed"));
  ASSERT_EQ(show("module", false), Notifications::Shown::without_actions);
  EXPECT_THAT(after(NIN_BALLOONTIMEOUT, 2), IsEmpty());
  EXPECT_THAT(after(NIN_SELECT, 2), ElementsAre("module closed"));
  EXPECT_FALSE(notifications_->showing());
}

TEST_F(NotificationsTest, ANewMessageWithTheSameTagTakesThePlaceOfTheFirst) {
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  ASSERT_EQ(show("other", true), Notifications::Shown::with_actions);
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  EXPECT_THAT(after(NIN_SELECT, 1), ElementsAre("page: default"));
  EXPECT_THAT(after(NIN_SELECT, 2), ElementsAre("other: default"));
  EXPECT_THAT(after(NIN_SELECT, 3), IsEmpty());
}

TEST_F(NotificationsTest, AreThereAgainInANewNotificationArea) {
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  NOTIFYICONDATAW icon{};
  icon.cbSize = sizeof icon;
  icon.hWnd = window();
  icon.uID = 1;
  ASSERT_TRUE(Shell_NotifyIconW(NIM_DELETE, &icon));  // as with Explorer's end
  EXPECT_FALSE(Shell_NotifyIconW(NIM_MODIFY, &icon));
  SendMessageW(window(), RegisterWindowMessageW(L"TaskbarCreated"), 0, 0);
  EXPECT_TRUE(Shell_NotifyIconW(NIM_MODIFY, &icon));
}

TEST_F(NotificationsTest, EndWithTheirProgramsObject) {
  ASSERT_EQ(show("page", true), Notifications::Shown::with_actions);
  notifications_.reset();
  EXPECT_EQ(window(), nullptr);
}

}  // namespace
}  // namespace koshin::desktop
