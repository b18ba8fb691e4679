// SPDX-License-Identifier: MIT
#include "job_run.hpp"

#include <utility>
#include <vector>

namespace koshin::ui {

using messages::JobKind;

namespace {

/// Jobs that write to the token.
bool writes(JobKind kind) {
  return kind == JobKind::renew || kind == JobKind::enroll || kind == JobKind::prune ||
         kind == JobKind::change_pin || kind == JobKind::reset_pin;
}

}  // namespace

void JobRun::runs(End end) {
  running_ = shown_.busy = true;
  end_ = std::move(end);
}

void JobRun::start(messages::Job job, Secrets secrets, End end) {
  std::vector<SecureBuffer> frames;
  if (secrets == Secrets::entered) secrets_.give_to(job, frames);
  proxy_login_.give_to(job, frames);
  let_ready_go();
  key_ = job.key;
  awaits_go_ = job.await_go;
  detects_removal_ = writes(job.kind) && !job.await_go;
  runs(std::move(end));
  host_.start_job(std::move(job), std::move(frames));
}

bool JobRun::go_on(const std::string& key, End end) {
  if (ready_for_key_ != key) return false;
  ready_for_key_.reset();
  awaits_go_ = false;
  detects_removal_ = true;
  runs(std::move(end));
  host_.go();
  return true;
}

void JobRun::let_ready_go() {
  if (std::exchange(ready_for_key_, {})) host_.let_go();
}

void JobRun::abandon() {
  let_ready_go();
  end_ = {};
}

void JobRun::on_event(const messages::Event& event) {
  if (!running_) {
    if (messages::is_final(event)) ready_for_key_.reset();  // the waiting worker has ended
    return;
  }
  const bool ready = awaits_go_ && std::holds_alternative<messages::ReadyEvent>(event);
  if (!ready && !messages::is_final(event)) return;
  running_ = shown_.busy = false;
  const End end = std::exchange(end_, {});
  if (!end) {
    if (ready) host_.let_go();
    return;
  }
  if (ready) ready_for_key_ = key_;
  end(event);
}

bool JobRun::token_was_removed() {
  token_gone_ = true;
  if (running_ && detects_removal_) return true;
  if (running_) host_.stop_job();
  return false;
}

}  // namespace koshin::ui
