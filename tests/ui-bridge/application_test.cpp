// SPDX-License-Identifier: MIT
// koshin-ui with a window that is no page: what it is shown, and what its end means.
#include "ui-bridge/desk/application.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <cstdio>

#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::ui {
namespace {

/// Writes down what it is shown, and does what `answer` makes of it.
struct FakeView : View {
  using Answer = std::function<void(const Model&, Wizard&, ViewListener&)>;
  struct Log {
    std::vector<Screen> shown;
    std::vector<std::string> notices;
    std::size_t empty_screens = 0, opened = 0, closed = 0, shown_again = 0;
  };

  FakeView(boost::asio::io_context& context, Wizard& wizard, ViewListener& listener, Log& log, Answer answer,
           bool can_open)
      : context_(context),
        wizard_(wizard),
        listener_(listener),
        log_(log),
        answer_(std::move(answer)),
        can_open_(can_open) {}

  void open() override {
    ++log_.opened;
    can_open_ ? listener_.person_acted() : listener_.failed();
  }
  PageAddress show_again() override {
    ++log_.shown_again;
    return {"file:///somewhere", "http://127.0.0.1:1/"};
  }
  void show_instead(const Notice& notice) override { log_.notices.push_back(notice.title); }
  void show(const Model& model) override {
    if (log_.shown.empty() || log_.shown.back() != model.screen) log_.shown.push_back(model.screen);
    if (model.content.empty()) ++log_.empty_screens;
    boost::asio::post(context_, [this, model] { answer_(model, wizard_, listener_); });
  }
  void close() override { ++log_.closed; }
  bool is_watched() const override { return false; }

 private:
  boost::asio::io_context& context_;
  Wizard& wizard_;
  ViewListener& listener_;
  Log& log_;
  Answer answer_;
  bool can_open_;
};

class ApplicationTest : public testing::Test {
 protected:
  ApplicationTest() {
    test::isolate_user(directory_.path());
    // What started the tests is no agent that may end.
    EXPECT_NE(std::freopen("/dev/null", "r", stdin), nullptr);
  }

  Outcome run(const FakeView::Answer& answer, bool can_open = true) {
    Options options;
    options.page_only = true;
    options.language = "en";
    return run(std::move(options), answer, can_open);
  }

  Outcome run(Options options, const FakeView::Answer& answer, bool can_open = true) {
    Application application(settings_, std::move(options),
                            [&](boost::asio::io_context& context, Wizard& wizard, ViewListener& listener) {
                              return std::make_unique<FakeView>(context, wizard, listener, log_, answer,
                                                                can_open);
                            });
    return application.run();
  }

  test::TemporaryDirectory directory_;
  Settings settings_;
  FakeView::Log log_;
};

TEST_F(ApplicationTest, AnyWindowShowsEachScreenAndItsButtonsEndTheWizard) {
  const auto outcome = run([](const Model& model, Wizard& wizard, ViewListener& listener) {
    if (model.screen != Screen::interrupted) return;  // no module is named in these settings
    listener.person_acted();
    wizard.act({.name = "close", .token_uri = {}, .key = {}, .user = {}});
  });
  EXPECT_EQ(outcome, Outcome::closed);
  EXPECT_EQ(log_.shown, (std::vector{Screen::loading, Screen::interrupted, Screen::finished}));
  EXPECT_EQ(log_.empty_screens, 0U) << "whatever is shown, something stands on it";
  EXPECT_EQ(log_.opened, 1U);
  EXPECT_EQ(log_.closed, 1U);
}

TEST_F(ApplicationTest, AWindowThatCannotBeBroughtUpIsTheEndAndNoTokenIsLookedAt) {
  EXPECT_EQ(run([](const Model&, Wizard&, ViewListener&) {}, false), Outcome::failed);
  EXPECT_EQ(log_.shown, std::vector{Screen::finished});
  EXPECT_EQ(log_.closed, 1U);
}

/// Where the desktop shows no messages either.
TEST_F(ApplicationTest, WhereNoWindowIsPossibleTheViewShowsANoticeToWhoeverHasAskedForOne) {
  const test::ScopedEnvironment no_messages{{{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"}}};
  const auto shown = [this](bool page_only) {
    Options options;
    options.page_only = page_only;
    options.window_possible = false;
    options.language = "en";
    log_ = {};
    EXPECT_EQ(run(std::move(options), [](const Model&, Wizard&, ViewListener&) {}), Outcome::failed);
    EXPECT_EQ(log_.opened, 0U);
    return log_.notices.size();
  };
  EXPECT_EQ(shown(true), 1U);
  EXPECT_EQ(shown(false), 0U) << "the agent shows a message of its own";
}

TEST_F(ApplicationTest, AWindowThatFailsAfterSomebodyHasSeenItChangesNothing) {
  bool told = false;
  const auto outcome = run([&told](const Model& model, Wizard& wizard, ViewListener& listener) {
    if (model.screen != Screen::interrupted) return;
    if (!std::exchange(told, true)) listener.failed();
    wizard.act({.name = "close", .token_uri = {}, .key = {}, .user = {}});
  });
  EXPECT_EQ(outcome, Outcome::closed);
}

}  // namespace
}  // namespace koshin::ui
