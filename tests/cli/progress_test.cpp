// SPDX-License-Identifier: MIT
// What is drawn while a job runs, and for whom.
#include "cli/progress.hpp"

#include <gmock/gmock.h>

#include <set>

#include "foundation/texts/cli.hpp"

namespace koshin::cli {
namespace {

using messages::Step;
using messages::StepEvent;
using testing::HasSubstr;
using testing::Not;

struct Shown {
  std::string text;
  std::size_t steps, notices;
};

Shown show(const Arguments& arguments, bool terminal, bool utf8 = true) {
  const Console console(arguments, terminal, utf8);
  Progress progress(console);
  testing::internal::CaptureStdout();
  progress.begin(texts::cli_renew_renewing_on, "\"T\"");
  progress.on_event(StepEvent{.step = Step::preflight, .finished = false, .resumed = false, .note = {}});
  progress.on_event(StepEvent{.step = Step::preflight, .finished = true, .resumed = false, .note = {}});
  progress.on_event(messages::NoticeEvent{.code = "pin_count_low", .text = "raw"});
  progress.on_event(
      StepEvent{.step = Step::generate_key_pair, .finished = true, .resumed = true, .note = "ec-p256"});
  progress.on_event(StepEvent{.step = Step::submit, .finished = false, .resumed = false, .note = {}});
  progress.end();
  return {testing::internal::GetCapturedStdout(), progress.steps().size(), progress.notices().size()};
}

TEST(ProgressDisplay, a_terminal_sees_steps_marks_and_a_warning) {
  const Shown shown = show({}, true);
  EXPECT_THAT(shown.text, HasSubstr("Do not remove the token"));
  EXPECT_THAT(shown.text, HasSubstr("  …   Check token, settings and authority\r\x1b[K  ✓   Check token"));
  EXPECT_THAT(shown.text, HasSubstr("  ✓ ! Make a new key pair on the token (done before): ec-p256\n"));
  EXPECT_THAT(shown.text, HasSubstr("A wrong PIN was entered on this token before."));
  EXPECT_THAT(shown.text, testing::EndsWith("Ask the authority for the certificate\n"));
}

TEST(ProgressDisplay, a_pipe_sees_nothing_but_all_is_kept) {
  const Shown shown = show({}, false);
  EXPECT_EQ(shown.text, "");
  EXPECT_EQ(shown.steps, 2U);
  EXPECT_EQ(shown.notices, 1U);
}

TEST(ProgressDisplay, what_is_on_the_token_now_is_told_without_a_terminal_too) {
  const auto told = [](const Arguments& arguments) {
    const Console console(arguments, false, true);
    Progress progress(console);
    testing::internal::CaptureStderr();
    progress.on_event(messages::NoticeEvent{.code = "home_slot_emptied", .text = "raw"});
    progress.on_event(messages::NoticeEvent{.code = "pin_count_low", .text = "raw"});
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(told({}), HasSubstr("Its own slot is being made anew"));
  EXPECT_THAT(told({}), Not(HasSubstr("wrong PIN")));
  Arguments json;
  json.json = true;
  EXPECT_EQ(told(json), "");
}

TEST(ProgressDisplay, a_touch_is_asked_for_and_taken_back) {
  const Console console({}, true, true);
  Progress progress(console);
  testing::internal::CaptureStdout();
  progress.on_event(StepEvent{.step = Step::submit, .finished = false, .resumed = false, .note = {}});
  progress.on_event(messages::TouchEvent{.certain = true, .over = false});
  progress.on_event(messages::TouchEvent{.certain = true, .over = true});
  progress.on_event(StepEvent{.step = Step::submit, .finished = true, .resumed = false, .note = {}});
  const std::string shown = testing::internal::GetCapturedStdout();
  EXPECT_THAT(shown, HasSubstr("Touch the token now: it is waiting for it.\r\x1b[K  ✓"));
}

TEST(ProgressDisplay, a_touch_is_asked_for_without_a_terminal_too) {
  const Console console({}, false, true);
  Progress progress(console);
  testing::internal::CaptureStderr();
  progress.on_event(messages::TouchEvent{.certain = false, .over = false});
  progress.on_event(messages::TouchEvent{.certain = false, .over = true});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "The token is taking its time. If it blinks, touch it.\n");
}

TEST(ProgressDisplay, a_pipe_that_asked_for_it_sees_finished_steps_and_no_control_characters) {
  Arguments arguments;
  arguments.progress = true;
  const Shown shown = show(arguments, false);
  EXPECT_THAT(shown.text, HasSubstr("✓ ! Make a new key pair"));
  EXPECT_THAT(shown.text, Not(HasSubstr("\r")));
  EXPECT_THAT(shown.text, Not(HasSubstr("Ask the authority")));
}

TEST(ProgressDisplay, json_and_quiet_silence_it) {
  Arguments json, quiet;
  json.json = json.progress = true;
  quiet.quiet = quiet.progress = true;
  EXPECT_EQ(show(json, true).text, "");
  EXPECT_EQ(show(quiet, true).text, "");
}

TEST(ProgressDisplay, a_terminal_without_utf8_gets_ascii_marks) {
  EXPECT_THAT(show({}, true, false).text, HasSubstr("  + ! Make a new key pair"));
  EXPECT_THAT(show({}, true, false).text, Not(HasSubstr("✓")));
}

TEST(ProgressDisplay, it_speaks_japanese) {
  Arguments arguments;
  arguments.language = Language::ja;
  EXPECT_THAT(show(arguments, true).text, HasSubstr("✓ ! 新しい鍵をトークンの中に作成 (前回完了済み)"));
}

TEST(ProgressDisplay, exactly_the_steps_whose_effect_stays_are_marked) {
  const Console console({}, true, true);
  const std::set effects_stay{Step::generate_key_pair, Step::submit, Step::write};
  for (const Step step : messages::all_steps) {
    const StepEvent finished{.step = step, .finished = true, .resumed = false, .note = {}};
    testing::internal::CaptureStdout();
    Progress(console).on_event(finished);
    EXPECT_EQ(testing::internal::GetCapturedStdout().find(" ! ") != std::string::npos,
              effects_stay.contains(step))
        << messages::to_string(step);
  }
}

}  // namespace
}  // namespace koshin::cli
