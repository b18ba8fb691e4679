// SPDX-License-Identifier: MIT
// The wizard's jobs and their inputs.
#include <utility>

#include "wizard.hpp"

namespace koshin::ui {

using messages::JobKind;
using messages::SecretKind;
using messages::Step;

messages::Job Wizard::job(JobKind kind) const {
  messages::Job job;
  job.kind = kind;
  job.settings_file = occasion_.settings_file;
  job.bank = occasion_.bank;
  if (const messages::TokenReport* token = model_.current_token()) {
    job.module = token->module;
    job.token_uri = token->uri;
    if (kind == JobKind::inspect || kind == JobKind::doctor) return job;  // need no PIN
    job.protected_path = token->protected_path;
    job.insist_count_low = token->pin_count_low;  // the page warns beside the PIN field
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
  const bool sets_pin = job.kind == JobKind::change_pin || job.kind == JobKind::reset_pin;
  if (job.kind != JobKind::reset_pin) add(pin_, SecretKind::pin);
  if (!sets_pin) add(passphrase_, SecretKind::http_password);
  if (job.kind == JobKind::reset_pin)
    add(resetting_secret_, model_.pin_change.by_puk ? SecretKind::puk : SecretKind::security_officer_pin);
  if (sets_pin) add(new_pin_, SecretKind::new_pin);
  if (job.kind == JobKind::enroll) add(code_, SecretKind::reissue_code);
  const bool meets_proxy =
      job.kind == JobKind::renew || job.kind == JobKind::enroll || job.kind == JobKind::doctor;
  if (meets_proxy && !proxy_login_.empty()) {
    proxy_login_.put_into(job);
    job.secrets.push_back(SecretKind::proxy_password);
    secrets.push_back(SecureBuffer::copy_of(proxy_login_.password().view()));
  }
  let_ready_go();
  running_ = what;
  model_.busy = true;
  host_.start_job(std::move(job), std::move(secrets));
  tell();
}

void Wizard::inspect(bool only_named) {
  messages::Job look;
  look.kind = JobKind::inspect;
  look.settings_file = occasion_.settings_file;
  look.bank = occasion_.bank;
  // All tokens first (for the storage location); the worker handles a URI that describes a token without
  // naming it.
  if (only_named) look.token_uri = occasion_.token_uri;
  asked_for_named_token_ = only_named;
  run(Running::inspecting, std::move(look), false);
}

void Wizard::unlock() {
  // The key type that the start screen proposes, so that the waiting worker has checked the right one.
  if (model_.key.empty() && !settings_.renewal.key_choices.empty())
    model_.key = settings_.renewal.key_choices.front();
  model_.notices.clear();
  messages::Job work = job(JobKind::renew);
  work.await_go = true;
  work.force = insists_;
  if (model_.certificate) work.certificate_sha256 = model_.certificate->sha256;
  work.key = model_.key;
  run(Running::unlocking, std::move(work), true);
}

void Wizard::look_with_pin() {
  messages::Job look = job(JobKind::inspect);
  look.protected_path = model_.current_token()->protected_path;
  look.insist_count_low = model_.current_token()->pin_count_low;
  look.insist_final_try = model_.final_try_confirmed;
  model_.on_reader = look.protected_path;
  run(Running::looking, std::move(look), true);
}

void Wizard::let_ready_go() {
  if (std::exchange(ready_for_key_, {})) host_.let_go();
}

void Wizard::begin_steps() {
  model_.steps.clear();
  for (const messages::Step step : messages::all_steps)
    model_.steps.push_back({step, StepView::State::waiting});
  model_.can_cancel = true;
  cancelled_ = false;
}

void Wizard::renew() {
  const bool enrolling = model_.task == Task::enroll;
  messages::Job work = job(enrolling ? JobKind::enroll : JobKind::renew);
  if (!enrolling && model_.certificate) work.certificate_sha256 = model_.certificate->sha256;
  // The user is passed even when a certificate contains it: the new certificate may go to another, empty
  // token.
  if (enrolling) work.subject_user = model_.certificate ? model_.certificate->common_name : model_.user;
  work.key = model_.key;
  if (!enrolling) work.force = insists_;
  begin_steps();
  for (SittingRow& row : model_.sitting)
    if (model_.certificate && row.certificate.sha256 == model_.certificate->sha256)
      row.state = SittingRow::State::running;
  model_.on_reader = work.protected_path;
  model_.screen = Screen::renewing;
  if (!enrolling && ready_for_key_ == model_.key) {
    ready_for_key_.reset();
    running_ = Running::renewing;
    model_.busy = true;
    host_.go();
    return tell();
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

/// The unused key stays on the token for the next renewal, so that no PIN is needed.
void Wizard::give_up(const Action&) {
  messages::Job work = job(JobKind::cancel);
  work.keep_key = true;
  work.protected_path = false;
  run(Running::giving_up, std::move(work), false);
}

}  // namespace koshin::ui
