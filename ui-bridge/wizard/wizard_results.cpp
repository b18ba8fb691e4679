// SPDX-License-Identifier: MIT
// The effects of job events and results on the model.
#include <algorithm>
#include <set>
#include <utility>

#include "opening.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/token_profile.hpp"
#include "wizard.hpp"

namespace koshin::ui {

namespace {

/// Whether another PIN, or a second attempt by the person, may resolve the failure.
bool is_about_pin(Reason reason) {
  return reason == Reason::pin_incorrect || reason == Reason::pin_length_invalid ||
         reason == Reason::secret_unusable || reason == Reason::pin_count_low ||
         reason == Reason::pin_final_try || reason == Reason::pin_cancelled;
}

}  // namespace

void Wizard::on_event(const messages::Event& event) {
  if (!job_running()) {
    if (messages::is_final(event)) ready_for_key_.reset();  // the waiting worker has ended
    return;
  }
  pin_setting_.on_event(event);
  if (const auto* step = std::get_if<messages::StepEvent>(&event)) {
    if (running_ != Running::renewing) return;
    progress_.on_step(*step);
    tell();
  } else if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) {
    progress_.on_notice(*notice);
    tell();
  } else if (const auto* touch = std::get_if<messages::TouchEvent>(&event)) {
    progress_.on_touch(*touch);
    tell();
  } else if (std::holds_alternative<messages::ReadyEvent>(event)) {
    on_ready();
  } else {
    on_final(event);
  }
}

void Wizard::on_ready() {
  if (running_ != Running::unlocking) return;
  running_ = Running::nothing;
  model_.busy = false;
  if (model_.screen == Screen::finished) return host_.let_go();
  ready_for_key_ = model_.key;
  model_.pin_was_right();
  after_unlock();
}

void Wizard::on_final(const messages::Event& event) {
  const Running ended = std::exchange(running_, Running::nothing);
  model_.busy = false;
  progress_.end();
  if (model_.screen == Screen::finished) return;
  switch (ended) {
    case Running::inspecting:
      return inspected(event);
    case Running::refreshing:
      return refreshed(event);
    case Running::looking:
      return looked(event);
    case Running::unlocking:
      return unlocked(event);
    case Running::renewing:
      return renewed(event);
    case Running::deleting:
      return deleted(event);
    case Running::giving_up:
      return given_up(event);
    case Running::checking:
      return checked(event);
    case Running::setting_pin:
      return pin_was_set(event);
    case Running::nothing:
      return;
  }
}

void Wizard::inspected(const messages::Event& event) {
  const auto* result = std::get_if<messages::InspectResult>(&event);
  if (result == nullptr) {
    const auto* failure = std::get_if<Failure>(&event);
    return fail_with(
        failure != nullptr ? *failure : Failure{Reason::worker_failed, "inspect ended without a result", {}});
  }
  model_.tokens = result->tokens;
  model_.token =
      choose_token(model_.tokens, asked_for_named_token_ ? Occasion{} : occasion_, settings_, host_);
  if (model_.token) return open_screen_for_token();
  if (!occasion_.token_uri.empty() && !asked_for_named_token_) return inspect(true);
  if (!result->modules_in_trouble.empty()) return fail_with(result->modules_in_trouble.front().failure);
  fail_with({Reason::token_not_found, {}, {}});
}

void Wizard::open_screen_for_token() {
  find_others();
  open_screen(occasion_);
}

/// The inserted tokens that this page has not handled.
void Wizard::find_others() {
  shown_.emplace_back(model_.current_token()->uri, model_.current_token()->slot_description);
  model_.others = other_tokens_needing_attention(model_.tokens, settings_, host_);
  std::erase_if(model_.others, [this](const OtherToken& other) {
    return std::find(shown_.begin(), shown_.end(), std::pair(other.uri, other.slot)) != shown_.end();
  });
}

void Wizard::open_screen(const Occasion& occasion) {
  Opening first = opening(*model_.current_token(), occasion, settings_, host_);
  model_.task = first.task;
  model_.certificate = std::move(first.certificate);
  model_.deletable = std::move(first.deletable);
  model_.pending = std::move(first.pending);
  model_.why_reissue = std::move(first.why_reissue);
  model_.resumed = first.resumed;
  model_.proof_left = first.proof_left;
  straight_on_ = first.proof_left;  // no change of the token that requires consent
  model_.look_first = first.look_first;
  plan_sitting();
  if (first.failure) return fail_with(*first.failure);
  const auto unusable = pin_is_unusable(*model_.current_token());
  if (first.screen == Screen::unlock && unusable && unusable->reason == Reason::pin_expired)
    return require_pin_change();
  if (first.screen == Screen::unlock && unusable) return fail_with(*unusable);
  show(first.screen);
}

void Wizard::refreshed(const messages::Event& event) {
  if (const auto* result = std::get_if<messages::InspectResult>(&event); result != nullptr && model_.token) {
    const std::string uri = model_.current_token()->uri;
    const auto same = std::find_if(result->tokens.begin(), result->tokens.end(),
                                   [&](const messages::TokenReport& token) { return token.uri == uri; });
    if (same != result->tokens.end())
      *(model_.tokens.begin() + static_cast<std::ptrdiff_t>(*model_.token)) = *same;
  }
  const messages::TokenReport* token = model_.current_token();
  if (token != nullptr && model_.screen != Screen::pin_reset) {
    if (auto unusable = pin_is_unusable(*token, model_.screen == Screen::pin_change))
      return fail_with(std::move(*unusable));
  }
  tell();
}

void Wizard::unlocked(const messages::Event& event) {
  if (ask_proxy_login(event)) return;
  if (const auto* failure = std::get_if<Failure>(&event)) return fail_with(*failure);
  // Possible before the login.
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  after_unlock();
}

/// Decides again after an inspection with the PIN, which supersedes the agent's decision.
void Wizard::looked(const messages::Event& event) {
  const auto* result = std::get_if<messages::InspectResult>(&event);
  if (result == nullptr || result->tokens.size() != 1) {
    const auto* failure = std::get_if<Failure>(&event);
    return fail_with(
        failure != nullptr
            ? *failure
            : Failure{Reason::worker_failed, "the look at the token ended without a result", {}});
  }
  messages::TokenReport& seen = model_.tokens[*model_.token];
  const std::string uri = seen.uri, slot = seen.slot_description;  // distinguishes it from equal tokens
  seen = result->tokens.front();
  seen.uri = uri;
  seen.slot_description = slot;
  model_.pin_was_right();
  Occasion now_known = occasion_;
  now_known.reason.clear();
  open_screen(now_known);
  if (model_.screen != Screen::unlock || model_.task != Task::renew || model_.failure) return secrets_.wipe();
  if (model_.has_pin && (!needs_passphrase() || model_.has_passphrase)) unlock();
}

void Wizard::show_pending(const messages::PendingResult& pending) {
  secrets_.wipe();
  model_.pending = pending;
  show(Screen::pending);
}

void Wizard::on_hooks_failed(const std::vector<std::string>& names) {
  std::set<std::string> all(model_.failed_hooks.begin(), model_.failed_hooks.end());
  all.insert(names.begin(), names.end());
  model_.failed_hooks.assign(all.begin(), all.end());
  tell();
}

void Wizard::renewed(const messages::Event& event) {
  const auto* result = std::get_if<messages::RenewResult>(&event);
  // The waiting worker ended when it was told to continue, or the token had logged off.
  if (result != nullptr && result->dry_run && !cancelled_) return renew();
  if (ask_proxy_login(event)) return;
  straight_on_ = false;
  if (result != nullptr && !result->dry_run) note_in_browsers(*result);
  note_in_sitting(event);
  if (go_on_with_sitting(event)) return;
  const auto* failure = std::get_if<Failure>(&event);
  // The PIN is asked before the authority: the code was not used yet.
  const bool about_pin =
      failure != nullptr && (is_about_pin(failure->reason) || failure->reason == Reason::pin_expired);
  about_pin ? secrets_.wipe_pins() : secrets_.wipe();
  if (show_sitting()) return;
  if (failure != nullptr) return fail_with(*failure);
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  if (result == nullptr) return fail_with({Reason::worker_failed, "the renewal ended without a result", {}});
  if (result->dry_run) return fail_with({Reason::interrupted, "cancelled before anything was changed", {}});
  progress_.completed();
  model_.pin_was_right();
  model_.new_certificate = result->new_certificate;
  offer_deletion_after(*result);
  show(Screen::completed);
  if (token_gone_) finish(Outcome::completed);
}

/// Among several renewed certificates, the one that the new certificate replaces.
void Wizard::offer_deletion_after(const messages::RenewResult& result) {
  model_.deletable.reset();
  // Where the PIN makes no keys, it deletes none either: an administrator does, with the command line.
  if (why_administrators_alone()) return;
  for (const messages::CertificateReport& certificate : result.token.certificates) {
    if (renewal::deletion_of(certificate) != renewal::Deletion::renewed) continue;
    if (certificate.replaced_by != result.new_certificate.sha256) continue;
    const bool later = !model_.deletable || renewal::is_earlier(*model_.deletable, certificate);
    if (later) model_.deletable = certificate;
  }
}

/// The token as it shows after this renewal also tells what is left of the pairs of earlier ones.
void Wizard::note_in_browsers(const messages::RenewResult& result) {
  std::erase_if(model_.in_browsers, [&](const renewal::BrowserChoice& earlier) {
    return renewal::find_certificate(result.token, earlier.old_sha256) == nullptr;
  });
  if (auto choice = renewal::choice_in_browsers(result, host_.now()))
    model_.in_browsers.push_back(std::move(*choice));
}

void Wizard::deleted(const messages::Event& event) {
  secrets_.wipe();
  if (const auto* failure = std::get_if<Failure>(&event)) {
    model_.failure = *failure;
    if (is_about_pin(failure->reason) && failure->reason != Reason::pin_cancelled) return retry_pin(*failure);
    return show(Screen::delete_old);
  }
  model_.deleted = true;
  if (model_.deletable)
    std::erase_if(model_.in_browsers, [&](const renewal::BrowserChoice& choice) {
      return choice.old_sha256 == model_.deletable->sha256;
    });
  model_.deletable.reset();
  show(model_.new_certificate ? Screen::completed : Screen::current);
}

void Wizard::given_up(const messages::Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  if (failure != nullptr && failure->reason != Reason::nothing_unfinished) return fail_with(*failure);
  finish(Outcome::closed);
}

void Wizard::checked(const messages::Event& event) {
  if (const auto* failure = std::get_if<Failure>(&event)) return fail_with(*failure);
  if (const auto* result = std::get_if<messages::DoctorResult>(&event)) model_.checks = result->checks;
  show(Screen::computer);
}

void Wizard::retry_pin(Failure failure) {
  model_.failure = std::move(failure);
  run(Running::refreshing, orders_.look_again(), false);
}

void Wizard::fail_with(Failure failure) {
  secrets_.drop_pin();
  model_.final_try_confirmed = false;
  if (token_gone_) {
    model_.failure = std::move(failure);
    return finish(Outcome::token_removed);
  }
  // Without a token a PIN-related failure of a module cannot be answered by entering a PIN.
  if (is_about_pin(failure.reason) && model_.current_token() != nullptr) {
    model_.screen = Screen::unlock;
    return retry_pin(std::move(failure));
  }
  if (failure.reason == Reason::pin_expired && model_.current_token() != nullptr) return require_pin_change();
  if (reissue_.is_way_on_after(failure)) {
    if (failure.reason == Reason::reissue_code_invalid) model_.failure = std::move(failure);
    return show(Screen::reissue);
  }
  model_.failure = std::move(failure);
  show(Screen::interrupted);
}

}  // namespace koshin::ui
