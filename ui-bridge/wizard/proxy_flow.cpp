// SPDX-License-Identifier: MIT
#include "proxy_flow.hpp"

#include <utility>

#include "foundation/secrets/secret_input.hpp"

namespace koshin::ui {

bool ProxyFlow::asks_after(const messages::Event& end) {
  const auto* failure = std::get_if<Failure>(&end);
  if (failure == nullptr || !login_.is_asked_by(*failure) || jobs_.token_is_gone()) return false;
  model_.failure = *failure;
  show(Screen::proxy_login);
  return true;
}

bool ProxyFlow::enter_password(SecureBuffer password) {
  if (model_.screen != Screen::proxy_login || jobs_.is_running() || password.empty()) return false;
  login_.drop_password();
  if (refuse(secret_is_unusable(password))) return true;
  login_.take_password(std::move(password));
  return true;
}

bool ProxyFlow::answer(const Action& action) {
  if (!login_.answer(action.user)) return false;
  model_.failure.reset();
  model_.screen = Screen::unlock;
  if (!model_.has_pin) show(Screen::unlock);
  return model_.has_pin;
}

}  // namespace koshin::ui
