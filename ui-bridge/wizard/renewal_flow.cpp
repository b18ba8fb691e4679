// SPDX-License-Identifier: MIT
#include "renewal_flow.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/inventory.hpp"

namespace koshin::ui {

void RenewalFlow::open() {
  consent_.begin(model_.proof_left);
  sitting_.plan();
}

void RenewalFlow::begin_with_pin() {
  reissue_.is_wanted() ? renew() : check();
}

void RenewalFlow::begin_on_reader() {
  reissue_.is_wanted() ? renew() : go_on();
}

void RenewalFlow::check() {
  // The key type that the start screen proposes, so that the waiting worker has checked the right one.
  if (model_.key.empty() && !settings_.renewal.key_choices.empty())
    model_.key = settings_.renewal.key_choices.front();
  model_.notices.clear();
  model_.old_as_read.reset();
  run(orders_.renew_when_told(consent_.insists()), JobRun::Secrets::entered,
      [this](const auto& event) { checked(event); });
}

void RenewalFlow::checked(const messages::Event& event) {
  if (std::holds_alternative<messages::ReadyEvent>(event)) {
    model_.pin_was_right();
    return go_on();
  }
  if (proxy_.asks_after(event)) return;
  if (const auto* failure = std::get_if<Failure>(&event)) return exits_.fail_with(*failure);
  // Possible before the login.
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  go_on();
}

void RenewalFlow::go_on() {
  model_.failure.reset();
  switch (consent_.next(model_.resumed)) {
    case Consent::Next::notice:
      return show(Screen::notice);
    case Consent::Next::choice:
      return show(Screen::start);
    case Consent::Next::renewal:
      return renew();
  }
}

void RenewalFlow::next_from_notice(const Action& action) {
  consent_.notice_was_read();
  model_.snooze = action.checked;
  model_.failure.reset();
  if (!action.checked) return show(Screen::start);
  if (refuse(host_.snooze(*model_.current_token()))) return;
  if (model_.others.empty()) return exits_.finish(Outcome::snoozed);
  jobs_.let_ready_go();
  secrets_.wipe();
  show(Screen::put_off);
}

void RenewalFlow::execute(const Action& action) {
  const auto choices = model_.storage();
  const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const StorageChoice& choice) {
    return choice.token->uri == action.token_uri && choice.obstacle.empty();
  });
  const auto& keys = settings_.renewal.key_choices;
  const bool offered = action.key.empty() || std::find(keys.begin(), keys.end(), action.key) != keys.end();
  if (chosen == choices.end() || !offered) return;
  model_.key = action.key;
  model_.token = static_cast<std::size_t>(chosen - choices.begin());
  model_.failure.reset();
  if (reissue_.is_wanted()) {
    show(Screen::unlock);  // the PIN of the chosen token is needed
  } else {
    renew();
  }
}

void RenewalFlow::cancel() {
  if (!model_.can_cancel) return;
  model_.can_cancel = false;
  cancelled_ = true;
  jobs_.stop();
  tell();
}

void RenewalFlow::ask_again() {
  if (model_.pending && model_.pending->ask_again > host_.now()) return;
  if (auto why = why_administrators_alone()) return exits_.fail_with(std::move(*why));
  if (reissue_.is_wanted()) return reissue_.ask_for_another_code();
  consent_.give();
  show(Screen::unlock);
}

void RenewalFlow::insist() {
  consent_.insist();
  exits_.start_anew();
}

void RenewalFlow::renew() {
  const bool enrolling = reissue_.is_wanted();
  messages::Job work = enrolling ? orders_.enroll(reissue_.user()) : orders_.renew(consent_.insists());
  cancelled_ = false;
  model_.old_as_read.reset();
  progress_.begin(work.protected_path);
  sitting_.begin_one();
  model_.screen = Screen::renewing;
  const auto end = [this](const messages::Event& event) { renewed(event); };
  if (!enrolling && jobs_.go_on(model_.key, end)) return tell();
  model_.notices.clear();
  run(std::move(work), JobRun::Secrets::entered, end);
}

void RenewalFlow::renewed(const messages::Event& event) {
  const auto* result = std::get_if<messages::RenewResult>(&event);
  // The waiting worker ended when it was told to continue, or the token had logged off.
  if (result != nullptr && result->dry_run && !cancelled_) return renew();
  if (proxy_.asks_after(event)) return;
  consent_.is_used_up();
  if (result != nullptr && !result->dry_run) note_in_browsers(*result);
  sitting_.note(event);
  if (!cancelled_ && sitting_.takes_next(event)) {
    consent_.insist_no_more();
    return renew();
  }
  const auto* failure = std::get_if<Failure>(&event);
  // The PIN is asked before the authority: the code was not used yet.
  const bool about_pin =
      failure != nullptr && (is_about_pin(failure->reason) || failure->reason == Reason::pin_expired);
  about_pin ? secrets_.wipe_pins() : secrets_.wipe();
  if (!sitting_.shows_results()) end_with(event);
}

/// The token as it shows after this renewal also tells what is left of the pairs of earlier ones.
void RenewalFlow::note_in_browsers(const messages::RenewResult& result) {
  std::erase_if(model_.in_browsers,
                [&](renewal::BrowserChoice& earlier) { return !earlier.with_those_on(result.token); });
  auto choice = renewal::choice_in_browsers(result, host_.now());
  if (!choice) return;
  // The certificate of an earlier renewal of this page may be an old one by now.
  std::erase_if(model_.in_browsers, [&](const renewal::BrowserChoice& earlier) {
    const auto* const fresh = renewal::find_certificate(result.token, earlier.new_sha256);
    return fresh != nullptr && fresh->replaced_by == choice->new_sha256;
  });
  model_.in_browsers.push_back(std::move(*choice));
}

/// The end of the only certificate's renewal.
void RenewalFlow::end_with(const messages::Event& event) {
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  const auto* result = std::get_if<messages::RenewResult>(&event);
  if (result == nullptr) return exits_.fail_with(failure_of(event, "the renewal ended without a result"));
  if (result->dry_run)
    return exits_.fail_with({Reason::interrupted, "cancelled before anything was changed", {}});
  complete(*result);
}

void RenewalFlow::complete(const messages::RenewResult& result) {
  progress_.completed();
  model_.pin_was_right();
  model_.new_certificate = result.new_certificate;
  deletion_.offer_after(result);
  show(Screen::completed);
  if (jobs_.token_is_gone()) exits_.finish(Outcome::completed);
}

void RenewalFlow::show_pending(const messages::PendingResult& pending) {
  secrets_.wipe();
  model_.pending = pending;
  show(Screen::pending);
}

}  // namespace koshin::ui
