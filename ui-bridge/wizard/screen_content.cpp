// SPDX-License-Identifier: MIT
// The content of the present screen, and parts shared by several screens.
#include "screen_content.hpp"

#include <algorithm>

#include "content_parts.hpp"
#include "screens.hpp"

namespace koshin::ui {

namespace screens {

bool Scene::has_begun() const {
  return std::any_of(model.steps.begin(), model.steps.end(),
                     [](const StepView& step) { return step.state != StepView::State::waiting; });
}

Button close_button(Button::Kind kind) {
  return {words("close"), "close", kind};
}

Button next_token(Button::Kind kind) {
  return {words("others.next"), "next_token", kind};
}

Button::Kind beside_next(const Scene& scene) {
  return scene.has_others() ? Button::Kind::secondary : Button::Kind::primary;
}

Button give_up_button() {
  return {words("give_up.offer"), "offer_giving_up", Button::Kind::link};
}

Button check_button() {
  return {words("computer.offer"), "check_computer", Button::Kind::link};
}

Button pin_change_button() {
  return {words("pin_change.offer"), "to_pin_change", Button::Kind::link};
}

Button keep_button(PageKey label, const std::string& action) {
  Button button{words(label), action};
  button.focused = true;
  return button;
}

void add_failure(ScreenContent& content, const Scene& scene) {
  if (scene.model.failure) content.emplace_back(FailureBox{});
}

void add_others(ScreenContent& content, const Scene& scene) {
  if (scene.has_others()) content.emplace_back(other_tokens(scene.model.others));
}

}  // namespace screens

ScreenContent content_of(const Model& model, const Settings& settings, TimePoint now) {
  return row(model.screen).content({model, settings, now});
}

}  // namespace koshin::ui
