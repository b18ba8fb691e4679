// SPDX-License-Identifier: MIT
#include "check_flow.hpp"

namespace koshin::ui {

void CheckFlow::check_computer() {
  jobs_.let_ready_go();
  secrets_.wipe();
  model_.failure.reset();
  model_.checks.clear();
  model_.checked_from_current |= model_.screen == Screen::current;
  model_.screen = Screen::computer;
  run(orders_.check_computer(), JobRun::Secrets::none, [this](const auto& event) { checked(event); });
}

void CheckFlow::checked(const messages::Event& event) {
  if (const auto* failure = std::get_if<Failure>(&event)) return exits_.fail_with(*failure);
  if (const auto* result = std::get_if<messages::DoctorResult>(&event)) model_.checks = result->checks;
  show(Screen::computer);
}

}  // namespace koshin::ui
