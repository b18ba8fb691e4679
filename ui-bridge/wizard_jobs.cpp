// SPDX-License-Identifier: MIT
// The wizard's jobs: what each is given, and what its end does to the model.
#include <algorithm>

#include "foundation/log.hpp"
#include "opening.hpp"
#include "wizard.hpp"

namespace koshin::ui {

using messages::JobKind;
using messages::SecretKind;
using messages::Step;

namespace {

/// What another PIN, or the same person a second time, can mend at once.
bool is_about_pin(Reason reason) {
  return reason == Reason::pin_incorrect || reason == Reason::pin_length_invalid ||
         reason == Reason::pin_count_low || reason == Reason::pin_final_try ||
         reason == Reason::pin_cancelled;
}

}  // namespace

messages::Job Wizard::job(JobKind kind) const {
  messages::Job job;
  job.kind = kind;
  job.settings_file = occasion_.settings_file;
  if (const messages::TokenReport* token = model_.current_token()) {
    job.module = token->module;
    job.token_uri = token->uri;
    job.protected_path = token->protected_path;
    job.insist_count_low = token->pin_count_low;  // the page says so where the PIN is asked for
  }
  job.insist_final_try = model_.final_try_confirmed;
  return job;
}

void Wizard::run(Running what, messages::Job job, bool with_secrets) {
  std::vector<SecureBuffer> secrets;
  const auto add = [&](const SecureBuffer& secret, SecretKind kind) {
    if (!with_secrets || secret.empty()) return;
    job.secrets.push_back(kind);
    secrets.push_back(SecureBuffer::copy_of(secret.view()));
  };
  add(pin_, SecretKind::pin);
  add(passphrase_, SecretKind::http_password);
  if (job.kind == JobKind::enroll) add(code_, SecretKind::reissue_code);
  let_ready_go();
  running_ = what;
  model_.busy = true;
  host_.start_job(std::move(job), std::move(secrets));
  host_.changed();
}

void Wizard::inspect(bool only_named) {
  messages::Job look;
  look.kind = JobKind::inspect;
  look.settings_file = occasion_.settings_file;
  // The whole list first (for the storage location); a URI that describes rather than names a token is left
  // to the worker.
  if (only_named) look.token_uri = occasion_.token_uri;
  asked_for_named_token_ = only_named;
  run(Running::inspecting, std::move(look), false);
}

void Wizard::unlock() {
  // What Start will propose, so that the one that is ready is the right one.
  if (model_.key.empty() && !settings_.renewal.key_choices.empty())
    model_.key = settings_.renewal.key_choices.front();
  model_.notices.clear();
  messages::Job work = job(JobKind::renew);
  work.await_go = true;
  if (model_.certificate) work.certificate_sha256 = model_.certificate->sha256;
  work.key = model_.key;
  run(Running::unlocking, std::move(work), true);
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

void Wizard::let_ready_go() {
  if (std::exchange(ready_for_key_, {})) host_.let_go();
}

void Wizard::begin_steps() {
  model_.steps.clear();
  for (const Step step : {Step::preflight, Step::generate_key_pair, Step::sign_request, Step::submit,
                          Step::check_issued, Step::write, Step::read_back, Step::prove})
    model_.steps.push_back({step, StepView::State::waiting});
  model_.can_cancel = true;
  cancelled_ = false;
}

void Wizard::renew() {
  const bool enrolling = model_.task == Task::enroll;
  messages::Job work = job(enrolling ? JobKind::enroll : JobKind::renew);
  if (!enrolling && model_.certificate) work.certificate_sha256 = model_.certificate->sha256;
  // Named also when a certificate names it: the new one may go to another, empty token.
  if (enrolling) work.subject_user = model_.certificate ? model_.certificate->common_name : model_.user;
  work.key = model_.key;
  begin_steps();
  model_.on_reader = work.protected_path;
  model_.screen = Screen::renewing;
  if (!enrolling && ready_for_key_ == model_.key) {
    ready_for_key_.reset();
    running_ = Running::renewing;
    model_.busy = true;
    host_.go();
    return host_.changed();
  }
  model_.notices.clear();
  run(Running::renewing, std::move(work), true);
}

void Wizard::remove_old() {
  if (!model_.deletable) return;
  messages::Job work = job(JobKind::prune);
  work.certificate_sha256 = model_.deletable->sha256;
  model_.on_reader = work.protected_path;
  run(Running::deleting, std::move(work), true);
}

void Wizard::on_event(const messages::Event& event) {
  if (!job_running()) {
    if (messages::is_final(event)) ready_for_key_.reset();  // the one that waited is gone
    return;
  }
  if (const auto* step = std::get_if<messages::StepEvent>(&event)) {
    on_step(*step);
  } else if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) {
    on_notice(*notice);
  } else if (std::holds_alternative<messages::ReadyEvent>(event)) {
    on_ready();
  } else {
    on_final(event);
  }
}

void Wizard::on_step(const messages::StepEvent& event) {
  if (running_ != Running::renewing) return;
  const auto found = std::find_if(model_.steps.begin(), model_.steps.end(),
                                  [&](const StepView& view) { return view.step == event.step; });
  if (found == model_.steps.end()) return;
  using State = StepView::State;
  found->state = !event.finished ? State::running : event.resumed ? State::found_done : State::done;
  if (event.step != Step::preflight || event.finished) {
    model_.can_cancel = false;
    model_.on_reader = false;
  }
  host_.changed();
}

void Wizard::on_notice(const messages::NoticeEvent& event) {
  const auto same = [&](const messages::NoticeEvent& known) { return known.code == event.code; };
  if (std::none_of(model_.notices.begin(), model_.notices.end(), same) && model_.notices.size() < 8)
    model_.notices.push_back(event);
  host_.changed();
}

void Wizard::on_final(const messages::Event& event) {
  const Running ended = std::exchange(running_, Running::nothing);
  model_.busy = model_.can_cancel = model_.on_reader = false;
  if (model_.screen == Screen::finished) return;
  switch (ended) {
    case Running::inspecting:
      return inspected(event);
    case Running::refreshing:
      return refreshed(event);
    case Running::unlocking:
      return unlocked(event);
    case Running::renewing:
      return renewed(event);
    case Running::deleting:
      return deleted(event);
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
  Opening first = opening(*model_.current_token(), occasion_, settings_, host_);
  model_.task = first.task;
  model_.certificate = std::move(first.certificate);
  model_.deletable = std::move(first.deletable);
  model_.pending = std::move(first.pending);
  model_.why_reissue = std::move(first.why_reissue);
  model_.resumed = first.resumed;
  if (first.failure) return fail_with(*first.failure);
  if (first.screen == Screen::unlock && model_.current_token()->pin_locked)
    return fail_with({Reason::pin_locked, "the token says its PIN is locked", {}});
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
  if (model_.current_token()->pin_locked)
    return fail_with({Reason::pin_locked, "the token says its PIN is locked", {}});
  host_.changed();
}

void Wizard::unlocked(const messages::Event& event) {
  if (const auto* failure = std::get_if<Failure>(&event)) return fail_with(*failure);
  // Told before the token is even logged in to.
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  after_unlock();
}

void Wizard::show_pending(const messages::PendingResult& pending) {
  wipe_secrets();
  model_.pending = pending;
  show(Screen::pending);
}

void Wizard::renewed(const messages::Event& event) {
  const auto* result = std::get_if<messages::RenewResult>(&event);
  // The one that was ready ended as it was told to go on, or the token had logged it off.
  if (result != nullptr && result->dry_run && !cancelled_) return renew();
  wipe_secrets();
  straight_on_ = false;
  if (const auto* failure = std::get_if<Failure>(&event)) return fail_with(*failure);
  if (const auto* pending = std::get_if<messages::PendingResult>(&event)) return show_pending(*pending);
  if (result == nullptr) return fail_with({Reason::worker_failed, "the renewal ended without a result", {}});
  if (result->dry_run) return fail_with({Reason::interrupted, "cancelled before anything was changed", {}});
  for (StepView& step : model_.steps)
    if (step.state != StepView::State::found_done) step.state = StepView::State::done;
  model_.pin_was_right();
  model_.new_certificate = result->new_certificate;
  if (!result->old_certificate.sha256.empty() && host_.replaced(result->old_certificate.sha256))
    model_.deletable = result->old_certificate;
  show(Screen::completed);
  if (token_gone_) finish(Outcome::completed);
}

void Wizard::deleted(const messages::Event& event) {
  wipe_secrets();
  if (const auto* failure = std::get_if<Failure>(&event)) {
    model_.failure = *failure;
    if (is_about_pin(failure->reason) && failure->reason != Reason::pin_cancelled) return retry_pin(*failure);
    return show(Screen::delete_old);
  }
  model_.deleted = true;
  model_.deletable.reset();
  show(model_.new_certificate ? Screen::completed : Screen::current);
}

void Wizard::retry_pin(Failure failure) {
  model_.failure = std::move(failure);
  messages::Job look = job(JobKind::inspect);
  look.insist_final_try = look.protected_path = false;
  run(Running::refreshing, std::move(look), false);
}

void Wizard::fail_with(Failure failure) {
  pin_.clear();
  model_.has_pin = model_.final_try_confirmed = false;
  if (token_gone_) {
    model_.failure = std::move(failure);
    return finish(Outcome::token_removed);
  }
  if (is_about_pin(failure.reason)) {
    model_.screen = Screen::unlock;
    return retry_pin(std::move(failure));
  }
  switch (failure.reason) {
    case Reason::reissue_needed:
    case Reason::reissue_code_invalid:
      model_.task = Task::enroll;
      if (model_.why_reissue.empty()) model_.why_reissue = "expired";
      code_.clear();
      model_.has_code = false;
      if (failure.reason == Reason::reissue_code_invalid) model_.failure = std::move(failure);
      return show(Screen::reissue);
    default:
      model_.failure = std::move(failure);
      show(Screen::interrupted);
  }
}

}  // namespace koshin::ui
