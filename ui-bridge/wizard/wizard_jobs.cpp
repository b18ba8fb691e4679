// SPDX-License-Identifier: MIT
// When the wizard starts which job. (What it says: job_orders.hpp.)
#include <utility>

#include "renewal/policy/old_certificate.hpp"
#include "renewal/policy/token_profile.hpp"
#include "wizard.hpp"

namespace koshin::ui {

using messages::JobKind;
using messages::SecretKind;

void Wizard::run(Running what, messages::Job job, bool with_secrets) {
  std::vector<SecureBuffer> secrets;
  if (with_secrets) secrets_.give_to(job, secrets);
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
  model_.old_as_read.reset();
  host_.start_job(std::move(job), std::move(secrets));
  tell();
}

void Wizard::inspect(bool only_named) {
  asked_for_named_token_ = only_named;
  run(Running::inspecting, orders_.look_at_tokens(only_named), false);
}

void Wizard::unlock() {
  // The key type that the start screen proposes, so that the waiting worker has checked the right one.
  if (model_.key.empty() && !settings_.renewal.key_choices.empty())
    model_.key = settings_.renewal.key_choices.front();
  model_.notices.clear();
  run(Running::unlocking, orders_.renew_when_told(insists_), true);
}

void Wizard::look_with_pin() {
  messages::Job look = orders_.look_with_pin();
  model_.on_reader = look.protected_path;
  run(Running::looking, std::move(look), true);
}

void Wizard::let_ready_go() {
  if (std::exchange(ready_for_key_, {})) host_.let_go();
}

void Wizard::renew() {
  const bool enrolling = reissue_.is_wanted();
  messages::Job work = enrolling ? orders_.enroll(reissue_.user()) : orders_.renew(insists_);
  cancelled_ = false;
  progress_.begin(work.protected_path);
  if (model_.certificate) sitting_.begin(model_.certificate->sha256);
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
  messages::Job work = orders_.delete_old();
  model_.on_reader = work.protected_path;
  run(Running::deleting, std::move(work), true);
}

void Wizard::give_up(const Action&) {
  const auto stands = model_.old_certificate;
  run(Running::giving_up, orders_.give_up(), false);
  model_.old_as_read = stands;  // this job changes nothing there, and ends the record that tells
}

void Wizard::look_at_unfinished(Screen screen) {
  const messages::TokenReport* token = model_.current_token();
  const auto record = token == nullptr ? std::nullopt : host_.unfinished(*token);
  const bool shows = screen == Screen::interrupted || screen == Screen::pending;
  model_.can_give_up = shows && record.has_value();
  model_.keeps_key = record && record->same_key;
  const renewal::TokenProfile& profile = renewal::profile_of(settings_);
  if (model_.old_as_read) {
    model_.old_certificate = *model_.old_as_read;
  } else if (record) {
    const bool seen = model_.steps.empty() && renewal::shows_old(*token, *record);  // nothing was done since
    model_.old_certificate = renewal::what_stands_of_old(*record, profile, seen);
  } else {
    const bool unknown =
        token != nullptr && profile.overwrites_certificates() && !host_.records(renewal::token_key(*token));
    model_.old_certificate = unknown ? renewal::OldCertificate::not_seen : renewal::OldCertificate::untouched;
  }
}

}  // namespace koshin::ui
