// SPDX-License-Identifier: MIT
// What a person can do on each screen. The table below is the whole of it; wizard_results.cpp has what jobs
// do to the model.
#include "wizard.hpp"

#include <algorithm>

#include "foundation/log.hpp"
#include "foundation/pin_rules.hpp"
#include "foundation/secret_input.hpp"
#include "opening.hpp"

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
  inspect(false);
}

bool Wizard::act(const Action& action) {
  static constexpr Rule rules[] = {
      {Screen::loading, "close", &Wizard::close, true},
      {Screen::unlock, "close", &Wizard::close, true},
      {Screen::unlock, "confirm_final_try", &Wizard::confirm_final_try},
      {Screen::unlock, "unlock_on_reader", &Wizard::unlock_on_reader},
      {Screen::unlock, "to_reissue", &Wizard::to_reissue},
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
      {Screen::interrupted, "offer_giving_up", &Wizard::offer_giving_up},
      {Screen::interrupted, "insist", &Wizard::insist},
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
  const messages::TokenReport* token = model_.current_token();
  const bool unfinished_shows = screen == Screen::interrupted || screen == Screen::pending;
  model_.can_give_up =
      unfinished_shows && token != nullptr && host_.unfinished(renewal::token_key(*token)).has_value();
  model_.busy = job_running();
  host_.changed();
}

void Wizard::finish(Outcome outcome) {
  let_ready_go();
  wipe_secrets();
  model_.outcome = outcome;
  model_.remaining = model_.what_remains();
  show(Screen::finished);
  host_.finished();
}

bool Wizard::job_is_next() const {
  const Screen screen = model_.screen;
  return !job_running() && !ready_for_key_ &&
         (screen == Screen::unlock || screen == Screen::notice || screen == Screen::start);
}

bool Wizard::needs_passphrase() const {
  return settings_.authority.person_gives_passphrase() && model_.task == Task::renew &&
         model_.screen != Screen::delete_confirm;
}

bool Wizard::refuse(std::optional<Failure> why) {
  if (!why) return false;
  model_.failure = std::move(why);
  host_.changed();
  return true;
}

bool Wizard::enter_pin(SecureBuffer pin) {
  const bool asked = model_.screen == Screen::unlock || model_.screen == Screen::delete_confirm;
  if (!asked || job_running() || model_.current_token() == nullptr) return false;
  // Whoever enters it on the page has been told of a wrong one before.
  const PinConsent consent{.final_try = model_.final_try_confirmed, .count_low = true};
  const std::string& characters = settings_.token.pin_characters;
  if (refuse(why_pin_is_not_tried(*model_.current_token(), characters, &pin, consent))) return true;
  if (needs_passphrase() && !model_.has_passphrase) return false;
  model_.failure.reset();
  pin_ = std::move(pin);
  model_.has_pin = true;
  if (model_.screen == Screen::delete_confirm) {
    remove_old();
  } else if (model_.look_first && model_.task == Task::renew) {
    look_with_pin();
  } else if (model_.task == Task::enroll) {
    renew();
  } else {
    unlock();
  }
  return true;
}

bool Wizard::enter_passphrase(SecureBuffer passphrase) {
  if (model_.screen != Screen::unlock || job_running() || !needs_passphrase() || passphrase.empty())
    return false;
  model_.has_passphrase = false;  // whatever becomes of the new one, the earlier one is over
  if (refuse(secret_is_unusable(passphrase))) return true;
  passphrase_ = std::move(passphrase);
  model_.has_passphrase = true;
  return true;
}

bool Wizard::enter_code(SecureBuffer code) {
  if (model_.screen != Screen::reissue || job_running() || code.empty()) return false;
  model_.has_code = false;
  if (refuse(secret_is_unusable(code))) return true;
  code_ = std::move(code);
  model_.has_code = true;
  return true;
}

void Wizard::confirm_final_try(const Action& action) {
  model_.final_try_confirmed = action.checked;
  host_.changed();
}

/// What is typed on a reader is checked by the token alone; the last try is the person's to risk all the
/// same.
bool Wizard::may_try_on_reader() const {
  const messages::TokenReport& token = *model_.current_token();
  return token.protected_path && (!token.pin_final_try || model_.final_try_confirmed);
}

void Wizard::unlock_on_reader(const Action&) {
  if (!may_try_on_reader()) return;
  if (needs_passphrase() && !model_.has_passphrase) return;
  model_.failure.reset();
  if (model_.look_first && model_.task == Task::renew) {
    look_with_pin();
  } else if (model_.task == Task::enroll) {
    renew();
  } else {
    after_unlock();
  }
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
  finish(Outcome::snoozed);
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
  if (model_.task == Task::enroll) {
    show(Screen::unlock);  // the PIN is that of the token just chosen
  } else {
    renew();
  }
}

void Wizard::back_to_start(const Action&) {
  model_.failure.reset();
  model_.notices.clear();
  wipe_secrets();
  inspect(false);
}

void Wizard::look_again(const Action&) {
  back_to_start({});
}

void Wizard::cancel(const Action&) {
  if (!model_.can_cancel) return;
  model_.can_cancel = false;
  cancelled_ = true;
  host_.stop_job();
  host_.changed();
}

void Wizard::close(const Action&) {
  if (job_running()) host_.stop_job();
  const bool done = model_.screen == Screen::completed;
  const bool waiting = model_.screen == Screen::pending;
  finish(done ? Outcome::completed : waiting ? Outcome::pending : Outcome::closed);
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
  wipe_secrets();
  show(Screen::give_up);
}

void Wizard::keep_renewal(const Action&) {
  inspect(false);
}

/// A person says that the same wrong answer is to be asked for once more.
void Wizard::insist(const Action&) {
  insists_ = true;
  back_to_start({});
}

void Wizard::ask_again(const Action&) {
  if (model_.pending && model_.pending->ask_again > host_.now()) return;
  if (settings_.token.officer_makes_keys()) return fail_with({Reason::so_pin_required, {}, {}});
  if (model_.task == Task::enroll) {  // a code authenticates one request
    model_.why_reissue = "incomplete";
    return show(Screen::reissue);
  }
  straight_on_ = true;
  show(Screen::unlock);
}

void Wizard::to_reissue(const Action&) {
  if (settings_.token.officer_makes_keys()) return fail_with({Reason::so_pin_required, {}, {}});
  model_.task = Task::enroll;
  model_.why_reissue = "asked";
  model_.failure.reset();
  wipe_secrets();
  show(Screen::reissue);
}

void Wizard::start_enrollment(const Action& action) {
  if (!model_.has_code || (needs_user() && action.user.empty())) return;
  model_.user = needs_user() ? action.user : std::string();
  model_.failure.reset();
  show(Screen::start);
}

void Wizard::end(Outcome outcome) {
  if (model_.screen != Screen::finished) finish(model_.new_certificate ? Outcome::completed : outcome);
}

void Wizard::warn_idle(std::optional<long> seconds_left) {
  if (model_.idle_seconds_left == seconds_left) return;
  model_.idle_seconds_left = seconds_left;
  host_.changed();
}

void Wizard::on_token_removed() {
  if (model_.screen == Screen::finished) return;
  token_gone_ = true;
  // A renewal finds out by itself, and then knows what was done and what was not.
  if (running_ == Running::renewing || running_ == Running::deleting) return;
  if (job_running()) host_.stop_job();
  end(Outcome::token_removed);
}

void Wizard::wipe_secrets() {
  pin_.clear();
  passphrase_.clear();
  code_.clear();
  model_.has_pin = model_.has_passphrase = model_.has_code = model_.final_try_confirmed = false;
}

}  // namespace koshin::ui
