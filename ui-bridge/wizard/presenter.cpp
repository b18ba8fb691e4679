// SPDX-License-Identifier: MIT
#include "presenter.hpp"

#include <utility>

#include "renewal/policy/old_certificate.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

void Presenter::show(Screen screen) {
  shown_.screen = screen;
  const bool incomplete = screen == Screen::interrupted || screen == Screen::pending ||
                          screen == Screen::give_up || screen == Screen::finished;
  shown_.can_give_up = false;
  if (incomplete) look_at_unfinished(screen);
  tell();
}

void Presenter::look_at_unfinished(Screen screen) {
  const messages::TokenReport* token = shown_.current_token();
  const auto record = token == nullptr ? std::nullopt : host_.unfinished(*token);
  const bool shows = screen == Screen::interrupted || screen == Screen::pending;
  shown_.can_give_up = shows && record.has_value();
  shown_.keeps_key = record && record->same_key;
  const renewal::TokenProfile& profile = renewal::profile_of(settings_);
  if (shown_.old_as_read) {
    shown_.old_certificate = *shown_.old_as_read;
  } else if (record) {
    const bool seen = shown_.steps.empty() && renewal::shows_old(*token, *record);  // nothing was done since
    shown_.old_certificate = renewal::what_stands_of_old(*record, profile, seen);
  } else {
    const bool unknown =
        token != nullptr && profile.overwrites_certificates() && !host_.records(renewal::token_key(*token));
    shown_.old_certificate = unknown ? renewal::OldCertificate::not_seen : renewal::OldCertificate::untouched;
  }
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
