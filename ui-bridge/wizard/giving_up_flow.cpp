// SPDX-License-Identifier: MIT
#include "giving_up_flow.hpp"

namespace koshin::ui {

void GivingUpFlow::offer() {
  if (!model_.can_give_up) return;
  secrets_.wipe();
  show_afresh(Screen::give_up);
}

void GivingUpFlow::give_up() {
  model_.old_as_read = model_.old_certificate;  // the job changes nothing there
  run(orders_.give_up(), JobRun::Secrets::none, [this](const auto& event) { given_up(event); });
}

void GivingUpFlow::given_up(const messages::Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  if (failure != nullptr && failure->reason != Reason::nothing_unfinished) return exits_.fail_with(*failure);
  if (model_.old_as_read) model_.old_as_read = renewal::once_given_up(*model_.old_as_read);
  exits_.finish(Outcome::closed);
}

}  // namespace koshin::ui
