// SPDX-License-Identifier: MIT
#include "presenter.hpp"

#include <utility>

namespace koshin::ui {

void Presenter::show(Screen screen) {
  shown_.screen = screen;
  const messages::TokenReport* token = shown_.current_token();
  const bool unfinished_shows = screen == Screen::interrupted || screen == Screen::pending;
  shown_.can_give_up = unfinished_shows && token != nullptr && host_.unfinished(*token).has_value();
  tell();
}

void Presenter::tell() {
  const bool about_check = shown_.screen == Screen::computer || shown_.screen == Screen::interrupted ||
                           shown_.screen == Screen::finished;
  shown_.checked_from_current = shown_.checked_from_current && about_check;
  shown_.asks_passphrase = shown_.needs_passphrase(settings_);
  shown_.asks_user = shown_.needs_user();
  shown_.content = content_of(shown_, settings_, host_.now());
  host_.changed();
}

bool Presenter::refuse(std::optional<Failure> why) {
  if (!why) return false;
  shown_.failure = std::move(why);
  tell();
  return true;
}

}  // namespace koshin::ui
