// SPDX-License-Identifier: MIT
#include "job_orders.hpp"

namespace koshin::ui {

using messages::Job;
using messages::JobKind;

Job JobOrders::order(JobKind kind) const {
  Job job;
  job.kind = kind;
  job.settings_file = occasion_.settings_file;
  job.bank = occasion_.bank;
  if (const messages::TokenReport* token = model_.current_token()) {
    job.module = token->module;
    job.token_uri = token->uri;
  }
  return job;
}

Job JobOrders::order_with_pin(JobKind kind) const {
  Job job = order(kind);
  if (const messages::TokenReport* token = model_.current_token()) {
    job.protected_path = token->protected_path;
    job.insist_count_low = token->pin_count_low;  // the page warns beside the PIN field
  }
  job.insist_final_try = model_.final_try_confirmed;
  return job;
}

Job JobOrders::look_at_tokens(bool only_named) const {
  Job job;
  job.kind = JobKind::inspect;
  job.settings_file = occasion_.settings_file;
  job.bank = occasion_.bank;
  if (only_named) job.token_uri = occasion_.token_uri;
  return job;
}

Job JobOrders::look_again() const {
  return order(JobKind::inspect);
}

Job JobOrders::look_with_pin() const {
  return order_with_pin(JobKind::inspect);
}

Job JobOrders::renew_when_told(bool insists) const {
  Job job = renew(insists);
  job.await_go = true;
  return job;
}

Job JobOrders::renew(bool insists) const {
  Job job = order_with_pin(JobKind::renew);
  job.force = insists;
  if (model_.certificate) job.certificate_sha256 = model_.certificate->sha256;
  job.key = model_.key;
  return job;
}

Job JobOrders::enroll(const std::string& user) const {
  Job job = order_with_pin(JobKind::enroll);
  job.subject_user = user;
  job.key = model_.key;
  return job;
}

Job JobOrders::delete_old() const {
  Job job = order_with_pin(JobKind::prune);
  job.certificate_sha256 = model_.deletable->sha256;
  return job;
}

Job JobOrders::give_up() const {
  Job job = order_with_pin(JobKind::cancel);
  job.keep_key = true;
  job.protected_path = false;
  return job;
}

Job JobOrders::check_computer() const {
  return order(JobKind::doctor);
}

Job JobOrders::set_pin(bool changes) const {
  Job job = order_with_pin(changes ? JobKind::change_pin : JobKind::reset_pin);
  if (!changes) job.protected_path = job.protected_path && !model_.pin_change.by_puk;
  return job;
}

}  // namespace koshin::ui
