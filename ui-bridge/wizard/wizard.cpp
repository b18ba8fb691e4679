// SPDX-License-Identifier: MIT
// Which flow has which button, in the table below.
#include "wizard.hpp"

#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

namespace koshin::ui {

/// What a button on a screen does: a function of the wizard, or of one of its flows.
struct Wizard::Rule {
  using Perform = void (*)(Wizard&, const Action&);
  Screen screen;
  std::string_view action;
  Perform perform;
  bool while_busy = false;

  template <auto function, typename Part>
  static void call(Part& part, const Action& action) {
    if constexpr (std::is_invocable_v<decltype(function), Part&, const Action&>) {
      (part.*function)(action);
    } else {
      (part.*function)();
    }
  }
  template <auto function>
  static void here(Wizard& wizard, const Action& action) {
    call<function>(wizard, action);
  }
  template <auto flow, auto function>
  static void in(Wizard& wizard, const Action& action) {
    call<function>(wizard.*flow, action);
  }
};

// NOLINTNEXTLINE(readability-function-size): a table, with a line for each button
std::span<const Wizard::Rule> Wizard::rules() {
  constexpr Rule::Perform close = Rule::here<&Wizard::close>;
  constexpr Rule::Perform start_anew = Rule::here<&Wizard::start_anew>;
  constexpr Rule::Perform next_token = Rule::in<&Wizard::opening_, &OpeningFlow::next_token>;
  constexpr Rule::Perform check_computer = Rule::in<&Wizard::check_, &CheckFlow::check_computer>;
  constexpr Rule::Perform to_reissue = Rule::in<&Wizard::reissue_, &ReissueFlow::ask>;
  constexpr Rule::Perform final_try = Rule::in<&Wizard::unlock_, &UnlockFlow::confirm_final_try>;
  constexpr Rule::Perform change_pin = Rule::in<&Wizard::pin_, &PinFlow::change>;
  constexpr Rule::Perform reset_pin = Rule::in<&Wizard::pin_, &PinFlow::reset>;
  constexpr Rule::Perform set_pin_on_reader = Rule::in<&Wizard::pin_, &PinFlow::set_on_reader>;
  constexpr Rule::Perform offer_deletion = Rule::in<&Wizard::deletion_, &DeletionFlow::offer>;
  constexpr Rule::Perform keep_old = Rule::in<&Wizard::deletion_, &DeletionFlow::keep_old>;
  constexpr Rule::Perform offer_giving_up = Rule::in<&Wizard::giving_up_, &GivingUpFlow::offer>;
  static constexpr Rule table[] = {
      {Screen::loading, "close", close, true},
      {Screen::unlock, "close", close, true},
      {Screen::unlock, "confirm_final_try", final_try},
      {Screen::unlock, "unlock_on_reader", Rule::in<&Wizard::unlock_, &UnlockFlow::unlock_on_reader>},
      {Screen::unlock, "to_reissue", to_reissue},
      {Screen::unlock, "to_pin_change", change_pin},
      {Screen::notice, "next", Rule::in<&Wizard::renewal_, &RenewalFlow::next_from_notice>},
      {Screen::notice, "close", close},
      {Screen::start, "execute", Rule::in<&Wizard::renewal_, &RenewalFlow::execute>},
      {Screen::start, "close", close},
      {Screen::renewing, "cancel", Rule::in<&Wizard::renewal_, &RenewalFlow::cancel>, true},
      {Screen::completed, "close", close},
      {Screen::completed, "offer_deletion", offer_deletion},
      {Screen::completed, "next_token", next_token},
      {Screen::completed, "back_to_start", start_anew},
      {Screen::delete_old, "keep_old", keep_old},
      {Screen::delete_old, "confirm_deletion", Rule::in<&Wizard::deletion_, &DeletionFlow::confirm>},
      {Screen::delete_confirm, "keep_old", keep_old},
      {Screen::delete_confirm, "confirm_final_try", final_try},
      {Screen::delete_confirm, "delete_on_reader",
       Rule::in<&Wizard::deletion_, &DeletionFlow::delete_on_reader>},
      {Screen::interrupted, "back_to_start", start_anew},
      {Screen::interrupted, "to_reissue", to_reissue},
      {Screen::interrupted, "close", close},
      {Screen::interrupted, "check_computer", check_computer},
      {Screen::interrupted, "offer_giving_up", offer_giving_up},
      {Screen::interrupted, "insist", Rule::in<&Wizard::renewal_, &RenewalFlow::insist>},
      {Screen::interrupted, "to_pin_reset", reset_pin},
      {Screen::interrupted, "next_token", next_token},
      {Screen::computer, "back_to_start", start_anew},
      {Screen::computer, "close", close, true},
      {Screen::reissue, "start_enrollment", Rule::in<&Wizard::reissue_, &ReissueFlow::start_enrollment>},
      {Screen::reissue, "look_again", start_anew},
      {Screen::reissue, "close", close},
      {Screen::pending, "ask_again", Rule::in<&Wizard::renewal_, &RenewalFlow::ask_again>},
      {Screen::pending, "close", close},
      {Screen::pending, "offer_giving_up", offer_giving_up},
      {Screen::pending, "next_token", next_token},
      {Screen::give_up, "keep_renewal", start_anew},
      {Screen::give_up, "give_up", Rule::in<&Wizard::giving_up_, &GivingUpFlow::give_up>},
      {Screen::current, "offer_deletion", offer_deletion},
      {Screen::current, "to_reissue", to_reissue},
      {Screen::current, "close", close},
      {Screen::current, "to_pin_change", change_pin},
      {Screen::current, "check_computer", check_computer},
      {Screen::current, "next_token", next_token},
      {Screen::pin_change, "leave_pin", start_anew},
      {Screen::pin_change, "close", close},
      {Screen::pin_change, "confirm_final_try", final_try},
      {Screen::pin_change, "set_pin_on_reader", set_pin_on_reader},
      {Screen::pin_change, "to_pin_reset", reset_pin},
      {Screen::pin_reset, "leave_pin", start_anew},
      {Screen::pin_reset, "set_pin_on_reader", set_pin_on_reader},
      {Screen::pin_changed, "leave_pin", start_anew},
      {Screen::pin_changed, "close", close},
      {Screen::proxy_login, "use_proxy_login", Rule::here<&Wizard::use_proxy_login>},
      {Screen::proxy_login, "close", close},
      {Screen::put_off, "next_token", next_token},
      {Screen::put_off, "close", close},
  };
  return table;
}

Wizard::Wizard(WizardHost& host, const Settings& settings, Occasion occasion)
    : host_(host),
      occasion_(std::move(occasion)),
      proxy_login_(model_, settings),
      jobs_(host_, model_, secrets_, proxy_login_),
      presenter_(model_, settings, host_),
      shared_(model_, settings, host_, presenter_, secrets_, jobs_, orders_, *this) {}

void Wizard::open() {
  if (occasion_.obstacle) return fail_with(*occasion_.obstacle);
  opening_.look_at_tokens();
}

bool Wizard::act(const Action& action) {
  for (const Rule& rule : rules()) {
    if (rule.screen != model_.screen || rule.action != action.name) continue;
    if (job_running() && !rule.while_busy) return false;
    rule.perform(*this, action);
    return true;
  }
  return false;
}

void Wizard::on_event(const messages::Event& event) {
  if (job_running()) {
    pin_.on_event(event);
    if (progress_.on_event(event)) presenter_.tell();
  }
  jobs_.on_event(event);
}

void Wizard::use_proxy_login(const Action& action) {
  if (proxy_.answer(action)) unlock_.use_pin();
}

void Wizard::finish(Outcome outcome) {
  jobs_.abandon();
  secrets_.wipe();
  proxy_login_.forget();
  model_.outcome = outcome;
  model_.remaining = model_.what_remains();
  presenter_.show(Screen::finished);
  host_.finished();
}

void Wizard::close() {
  if (job_running()) jobs_.stop();
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

void Wizard::end(Outcome outcome) {
  if (model_.screen == Screen::finished) return;
  const bool done = model_.new_certificate && model_.what_remains_of_sitting() == Remaining::nothing;
  finish(done ? Outcome::completed : outcome);
}

void Wizard::on_token_removed() {
  const bool screen_asks_for_it =
      model_.screen == Screen::completed && !job_running() && store_.ask_for_token_anew();
  if (model_.screen == Screen::finished || screen_asks_for_it) return;
  if (!jobs_.token_was_removed()) end(Outcome::token_removed);
}

void Wizard::store_is_asked(const std::string& sha256) {
  store_.is_asked(sha256);
  presenter_.tell();
}

void Wizard::store_has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found) {
  if (store_.has_told(sha256, found)) presenter_.tell();
}

void Wizard::on_hooks_failed(const std::vector<std::string>& names) {
  std::set<std::string> all(model_.failed_hooks.begin(), model_.failed_hooks.end());
  all.insert(names.begin(), names.end());
  model_.failed_hooks.assign(all.begin(), all.end());
  presenter_.tell();
}

void Wizard::warn_idle(std::optional<long> seconds_left) {
  if (model_.idle_seconds_left == seconds_left) return;
  model_.idle_seconds_left = seconds_left;
  presenter_.tell();
}

}  // namespace koshin::ui
