// SPDX-License-Identifier: MIT
// What the functions of the screens (screen.hpp) are made of.
#pragma once

#include <string>

#include "foundation/base/calendar.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "page_key.hpp"
#include "screen_content.hpp"

namespace koshin::ui::screens {

/// The input of a screen.
struct Scene {
  const Model& model;
  const Settings& settings;
  TimePoint now;
  bool enrolling() const { return model.task == Task::enroll; }
  bool has_others() const { return !model.others.empty(); }
  /// Whether a step has been started.
  bool has_begun() const;
  /// A text that a re-issue has words of its own for.
  Words of_task(TaskKey key) const { return {key.of(enrolling()), {}}; }
};

Button close_button(Button::Kind kind = Button::Kind::secondary);
Button next_token(Button::Kind kind);
/// The kind of a close button beside next_token() as the main button.
Button::Kind beside_next(const Scene& scene);
Button give_up_button();
Button check_button();
Button pin_change_button();
/// Keeps what there is, and has the focus: nobody deletes with the Enter key.
Button keep_button(PageKey label, const std::string& action);
/// The box of a failure, and the list of other tokens, where there are any.
void add_failure(ScreenContent& content, const Scene& scene);
void add_others(ScreenContent& content, const Scene& scene);

}  // namespace koshin::ui::screens
