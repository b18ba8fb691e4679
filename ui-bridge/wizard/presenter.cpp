// SPDX-License-Identifier: MIT
#include "presenter.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/inventory.hpp"
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

bool Presenter::is_about_certificate(const renewal::Record& record,
                                     const messages::TokenReport& token) const {
  if (!shown_.certificate || record.old_sha256 == shown_.certificate->sha256) return true;
  // What the first leg has fetched was not there when this page looked at the token.
  return !shown_.steps.empty() && renewal::find_certificate(token, record.old_sha256) == nullptr &&
         renewal::profile_of(settings_).after_proof(record) == renewal::AfterProof::clear_spare;
}

std::optional<renewal::Record> Presenter::record_about_certificate(
    const messages::TokenReport& token, const std::optional<renewal::Record>& unfinished) {
  if (unfinished && is_about_certificate(*unfinished, token)) return unfinished;
  const auto records = host_.records(renewal::token_key(token));
  if (!records) return std::nullopt;
  for (const renewal::Record& record : *records) {
    const bool ended_before = std::ranges::count(shown_.ended_before, record.number) != 0;
    if (!ended_before && is_about_certificate(record, token)) return record;
  }
  return std::nullopt;
}

renewal::OldCertificate Presenter::old_by_journal(const messages::TokenReport& token,
                                                  const std::optional<renewal::Record>& record) {
  const renewal::TokenProfile& profile = renewal::profile_of(settings_);
  const bool nothing_done = shown_.steps.empty();  // since this page has looked at the token
  if (record) {
    const auto* old = renewal::find_certificate(token, record->old_sha256);
    return renewal::what_stands_of_old(
        *record, profile,
        {.seen = nothing_done && renewal::shows_old(token, *record, profile),
         .due = renewal::is_known_to_be_due(old, settings_.renewal, host_.now())});
  }
  if (!profile.overwrites_certificates() || host_.records(renewal::token_key(token)))
    return renewal::OldCertificate::untouched;
  const auto* old =
      shown_.certificate ? renewal::find_certificate(token, shown_.certificate->sha256) : nullptr;
  const bool seen = nothing_done && old != nullptr && !old->recalled;
  return seen ? renewal::OldCertificate::seen_on_token : renewal::OldCertificate::not_seen;
}

renewal::OldCertificate Presenter::old_certificate() {
  if (shown_.old_as_read) return *shown_.old_as_read;
  const messages::TokenReport* token = shown_.current_token();
  if (token == nullptr) return renewal::OldCertificate::untouched;
  return old_certificate(*token, host_.unfinished(*token));
}

renewal::OldCertificate Presenter::old_certificate(const messages::TokenReport& token,
                                                   const std::optional<renewal::Record>& unfinished) {
  if (shown_.old_as_read) return *shown_.old_as_read;
  return old_by_journal(token, record_about_certificate(token, unfinished));
}

void Presenter::look_at_unfinished(Screen screen) {
  const messages::TokenReport* token = shown_.current_token();
  if (token == nullptr) return;  // what was said last still stands
  const auto unfinished = host_.unfinished(*token);
  const bool shows = screen == Screen::interrupted || screen == Screen::pending;
  shown_.can_give_up = shows && unfinished.has_value();
  shown_.keeps_key = unfinished && unfinished->same_key;
  // The screen that asks whether to give up is about what is given up then.
  const bool of_another =
      screen == Screen::give_up && unfinished && !is_about_certificate(*unfinished, *token);
  shown_.old_certificate =
      of_another ? old_by_journal(*token, unfinished) : old_certificate(*token, unfinished);
}

void Presenter::tell() {
  const bool about_check = shown_.screen == Screen::computer || shown_.screen == Screen::interrupted ||
                           shown_.screen == Screen::finished;
  shown_.checked_from_current = shown_.checked_from_current && about_check;
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
