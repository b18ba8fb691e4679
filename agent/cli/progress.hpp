// SPDX-License-Identifier: MIT
// The events of a running job: drawn on a terminal, kept for the JSON document. What a notice says of what is
// on the token now goes to stderr where nothing is drawn.
#pragma once

#include <vector>

#include "cli/console.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::cli {

class Progress {
 public:
  explicit Progress(const Console& console) : console_(console) {}
  /// Prints the headline, "Do not remove the token" and the meaning of the marks.
  void begin(const Text& headline, std::string_view token) const;
  /// begin() for a job that changes nothing.
  void begin_looking(const Text& headline, std::string_view token) const;
  void on_event(const messages::Event& event);
  /// Ends an unfinished line, as after a failure.
  void end();

  const std::vector<messages::StepEvent>& steps() const { return steps_; }  ///< finished ones
  const std::vector<messages::NoticeEvent>& notices() const { return notices_; }

 private:
  void on_step(const messages::StepEvent& step);
  void on_notice(const messages::NoticeEvent& notice);
  /// The question for a touch, taken back when the token has answered; on stderr where nothing is drawn.
  void on_touch(const messages::TouchEvent& touch);

  const Console& console_;
  std::vector<messages::StepEvent> steps_;
  std::vector<messages::NoticeEvent> notices_;
  bool line_open_ = false;
  bool asks_touch_ = false;  ///< the open line asks for a touch
};

}  // namespace koshin::cli
