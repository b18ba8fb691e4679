// SPDX-License-Identifier: MIT
// The actions on each screen, in the table below. wizard_secrets.cpp handles entered secrets,
// wizard_results.cpp the results of jobs.
#include "wizard.hpp"

#include <algorithm>

#include "foundation/log/log.hpp"
#include "opening.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

struct Wizard::Rule {
  Screen screen;
  std::string_view action;
  void (Wizard::*go)(const Action&);
  bool while_busy = false;
};

Wizard::Wizard(WizardHost& host, const Settings& settings, Occasion occasion)
    : host_(host), settings_(settings), occasion_(std::move(occasion)) {}

void Wizard::open() {
  if (occasion_.obstacle) return fail_with(*occasion_.obstacle);
  inspect(false);
}

// NOLINTNEXTLINE(readability-function-size): a table, with a line for each button
bool Wizard::act(const Action& action) {
  static constexpr Rule rules[] = {
      {Screen::loading, "close", &Wizard::close, true},
      {Screen::unlock, "close", &Wizard::close, true},
      {Screen::unlock, "confirm_final_try", &Wizard::confirm_final_try},
      {Screen::unlock, "unlock_on_reader", &Wizard::unlock_on_reader},
      {Screen::unlock, "to_reissue", &Wizard::to_reissue},
      {Screen::unlock, "to_pin_change", &Wizard::to_pin_change},
      {Screen::notice, "next", &Wizard::next_from_notice},
      {Screen::notice, "close", &Wizard::close},
      {Screen::start, "execute", &Wizard::execute},
      {Screen::start, "close", &Wizard::close},
      {Screen::renewing, "cancel", &Wizard::cancel, true},
      {Screen::completed, "close", &Wizard::close},
      {Screen::completed, "offer_deletion", &Wizard::offer_deletion},
      {Screen::delete_old, "keep_old", &Wizard::keep_old},
      {Screen::delete_old, "confirm_deletion", &Wizard::confirm_deletion},
      {Screen::delete_confirm, "keep_old", &Wizard::keep_old},
      {Screen::delete_confirm, "confirm_final_try", &Wizard::confirm_final_try},
      {Screen::delete_confirm, "delete_on_reader", &Wizard::delete_on_reader},
      {Screen::interrupted, "back_to_start", &Wizard::back_to_start},
      {Screen::interrupted, "to_reissue", &Wizard::to_reissue},
      {Screen::interrupted, "close", &Wizard::close},
      {Screen::interrupted, "check_computer", &Wizard::check_computer},
      {Screen::current, "check_computer", &Wizard::check_computer},
      {Screen::computer, "back_to_start", &Wizard::back_to_start},
      {Screen::computer, "close", &Wizard::close, true},
      {Screen::interrupted, "offer_giving_up", &Wizard::offer_giving_up},
      {Screen::interrupted, "insist", &Wizard::insist},
      {Screen::interrupted, "to_pin_reset", &Wizard::to_pin_reset},
      {Screen::reissue, "start_enrollment", &Wizard::start_enrollment},
      {Screen::reissue, "look_again", &Wizard::look_again},
      {Screen::reissue, "close", &Wizard::close},
      {Screen::pending, "ask_again", &Wizard::ask_again},
      {Screen::pending, "close", &Wizard::close},
      {Screen::pending, "offer_giving_up", &Wizard::offer_giving_up},
      {Screen::give_up, "keep_renewal", &Wizard::keep_renewal},
      {Screen::give_up, "give_up", &Wizard::give_up},
      {Screen::current, "offer_deletion", &Wizard::offer_deletion},
      {Screen::current, "to_reissue", &Wizard::to_reissue},
      {Screen::current, "close", &Wizard::close},
      {Screen::current, "to_pin_change", &Wizard::to_pin_change},
      {Screen::pin_change, "leave_pin", &Wizard::leave_pin},
      {Screen::pin_change, "close", &Wizard::close},
      {Screen::pin_change, "confirm_final_try", &Wizard::confirm_final_try},
      {Screen::pin_change, "set_pin_on_reader", &Wizard::set_pin_on_reader},
      {Screen::pin_change, "to_pin_reset", &Wizard::to_pin_reset},
      {Screen::pin_reset, "leave_pin", &Wizard::leave_pin},
      {Screen::pin_reset, "set_pin_on_reader", &Wizard::set_pin_on_reader},
      {Screen::pin_changed, "leave_pin", &Wizard::leave_pin},
      {Screen::pin_changed, "close", &Wizard::close},
      {Screen::proxy_login, "use_proxy_login", &Wizard::use_proxy_login},
      {Screen::proxy_login, "close", &Wizard::close},
      {Screen::completed, "next_token", &Wizard::next_token},
      {Screen::completed, "back_to_start", &Wizard::back_to_start},
      {Screen::pending, "next_token", &Wizard::next_token},
      {Screen::interrupted, "next_token", &Wizard::next_token},
      {Screen::current, "next_token", &Wizard::next_token},
      {Screen::put_off, "next_token", &Wizard::next_token},
      {Screen::put_off, "close", &Wizard::close},
  };
  for (const Rule& rule : rules) {
    if (rule.screen != model_.screen || rule.action != action.name) continue;
    if (job_running() && !rule.while_busy) return false;
    (this->*rule.go)(action);
    return true;
  }
  return false;
}

void Wizard::show(Screen screen) {
  model_.screen = screen;
  const bool incomplete = screen == Screen::interrupted || screen == Screen::pending ||
                          screen == Screen::give_up || screen == Screen::finished;
  model_.can_give_up = false;
  if (incomplete) look_at_unfinished(screen);
  model_.busy = job_running();
  tell();
}

void Wizard::tell() {
  const bool about_check = model_.screen == Screen::computer || model_.screen == Screen::interrupted ||
                           model_.screen == Screen::finished;
  model_.checked_from_current = model_.checked_from_current && about_check;
  model_.asks_passphrase = needs_passphrase();
  model_.asks_user = reissue_.needs_user();
  model_.content = content_of(model_, settings_, host_.now());
  host_.changed();
}

void Wizard::finish(Outcome outcome) {
  let_ready_go();
  secrets_.wipe();
  forget_proxy_login();
  model_.outcome = outcome;
  model_.remaining = model_.what_remains();
  show(Screen::finished);
  host_.finished();
}

void Wizard::after_unlock() {
  model_.failure.reset();
  if (straight_on_) {
    renew();
  } else {
    show(noticed_ || model_.resumed ? Screen::start : Screen::notice);
  }
}

void Wizard::next_from_notice(const Action& action) {
  noticed_ = true;
  model_.snooze = action.checked;
  model_.failure.reset();
  if (!action.checked) return show(Screen::start);
  if (refuse(host_.snooze(*model_.current_token()))) return;
  if (model_.others.empty()) return finish(Outcome::snoozed);
  let_ready_go();
  secrets_.wipe();
  show(Screen::put_off);
}

/// Discards everything about the present token.
void Wizard::next_token(const Action&) {
  if (model_.others.empty()) return;
  const OtherToken next = model_.others.front();
  let_ready_go();
  secrets_.wipe();
  occasion_.token_uri = next.uri;
  occasion_.slot = next.slot;
  occasion_.certificate_sha256 = next.certificate_sha256;
  occasion_.reason = next.decision;
  occasion_.due = 0;
  occasion_.purpose.clear();
  occasion_.reissue_asked = false;
  model_ = {};
  cancelled_ = noticed_ = straight_on_ = insists_ = token_gone_ = false;
  host_.went_on(next.uri);
  inspect(false);
}

void Wizard::execute(const Action& action) {
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

void Wizard::back_to_start(const Action&) {
  model_.failure.reset();
  model_.notices.clear();
  model_.new_certificate.reset();
  model_.deletable.reset();
  model_.in_browsers.clear();
  model_.deleted = false;
  token_gone_ = false;  // the look tells
  secrets_.wipe();
  model_.screen = Screen::loading;  // the present screen is outdated
  inspect(false);
}

void Wizard::look_again(const Action&) {
  back_to_start({});
}

/// Without a PIN: whatever takes it is said to be open.
void Wizard::check_computer(const Action&) {
  let_ready_go();
  secrets_.wipe();
  model_.failure.reset();
  model_.checks.clear();
  model_.checked_from_current |= model_.screen == Screen::current;
  model_.screen = Screen::computer;
  run(Running::checking, orders_.check_computer(), false);
}

void Wizard::cancel(const Action&) {
  if (!model_.can_cancel) return;
  model_.can_cancel = false;
  cancelled_ = true;
  host_.stop_job();
  tell();
}

void Wizard::close(const Action&) {
  if (job_running()) host_.stop_job();
  const bool results = model_.screen == Screen::completed;
  const Remaining left = model_.what_remains_of_sitting();
  const bool done = results && left == Remaining::nothing;
  const bool waiting = model_.screen == Screen::pending || (results && left == Remaining::approval);
  const bool put_off = model_.screen == Screen::put_off;
  finish(done      ? Outcome::completed
         : waiting ? Outcome::pending
         : put_off ? Outcome::snoozed
                   : Outcome::closed);
}

void Wizard::offer_deletion(const Action&) {
  if (!model_.deletable) return;
  model_.failure.reset();
  show(Screen::delete_old);
}

void Wizard::confirm_deletion(const Action&) {
  model_.failure.reset();
  show(Screen::delete_confirm);
}

void Wizard::keep_old(const Action&) {
  model_.failure.reset();
  show(model_.new_certificate ? Screen::completed : Screen::current);
}

void Wizard::delete_on_reader(const Action&) {
  if (may_try_on_reader()) remove_old();
}

void Wizard::offer_giving_up(const Action&) {
  if (!model_.can_give_up) return;
  model_.failure.reset();
  secrets_.wipe();
  show(Screen::give_up);
}

void Wizard::keep_renewal(const Action&) {
  back_to_start({});
}

/// Repeats the request after the same wrong answer, at the person's demand.
void Wizard::insist(const Action&) {
  insists_ = true;
  back_to_start({});
}

std::optional<Failure> Wizard::why_administrators_alone() const {
  const messages::TokenReport* token = model_.current_token();
  return renewal::profile_of(settings_).why_person_cannot_renew(
      token == nullptr ? messages::TokenReport{} : *token, settings_);
}

void Wizard::ask_again(const Action&) {
  if (model_.pending && model_.pending->ask_again > host_.now()) return;
  if (auto why = why_administrators_alone()) return fail_with(std::move(*why));
  if (reissue_.is_wanted()) {
    reissue_.ask_for_another_code();
    return show(Screen::reissue);
  }
  straight_on_ = true;
  show(Screen::unlock);
}

void Wizard::to_reissue(const Action&) {
  if (auto why = why_administrators_alone()) return fail_with(std::move(*why));
  reissue_.ask();
  model_.failure.reset();
  secrets_.wipe();
  show(Screen::reissue);
}

void Wizard::start_enrollment(const Action& action) {
  if (!reissue_.begin_for(action.user)) return;
  model_.failure.reset();
  show(Screen::start);
}

void Wizard::end(Outcome outcome) {
  if (model_.screen == Screen::finished) return;
  const bool done = model_.new_certificate && model_.what_remains_of_sitting() == Remaining::nothing;
  finish(done ? Outcome::completed : outcome);
}

void Wizard::warn_idle(std::optional<long> seconds_left) {
  if (model_.idle_seconds_left == seconds_left) return;
  model_.idle_seconds_left = seconds_left;
  tell();
}

void Wizard::on_token_removed() {
  if (model_.screen == Screen::finished || asks_for_token_anew()) return;
  token_gone_ = true;
  // These jobs detect the removal themselves, and then know what was done: which steps, and which PIN counts.
  if (running_ == Running::renewing || running_ == Running::deleting || running_ == Running::setting_pin)
    return;
  if (job_running()) host_.stop_job();
  end(Outcome::token_removed);
}

}  // namespace koshin::ui
