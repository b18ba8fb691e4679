// SPDX-License-Identifier: MIT
#include "job_run.hpp"

#include <algorithm>

#include "foundation/jobs/job_runner.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::cards {

std::optional<Reason> JobRun::failure() const {
  const auto* failure = std::get_if<Failure>(&last);
  return failure == nullptr ? std::nullopt : std::optional<Reason>(failure->reason);
}

bool JobRun::tells_of_seen_old() const {
  return std::ranges::find(notices, "old_certificate_seen_on_token") != notices.end();
}

JobRun run_worker_job(messages::Job job, const std::filesystem::path& settings, const Given& given) {
  job.settings_file = settings.string();
  std::vector<SecureBuffer> values;
  const auto give = [&](messages::SecretKind kind, const std::string& value) {
    if (value.empty()) return;
    job.secrets.push_back(kind);
    values.push_back(SecureBuffer::copy_of({value.data(), value.size()}));
  };
  give(messages::SecretKind::pin, given.pin);
  give(messages::SecretKind::security_officer_pin, given.so_pin);
  give(messages::SecretKind::reissue_code, given.code);
  give(messages::SecretKind::puk, given.puk);
  give(messages::SecretKind::new_pin, given.new_pin);
  std::vector<const SecureBuffer*> secrets;
  for (const SecureBuffer& value : values) secrets.push_back(&value);
  JobRun run;
  const auto note = [&](const messages::Event& event) {
    if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) run.notices.push_back(notice->code);
    if (const auto* touch = std::get_if<messages::TouchEvent>(&event)) run.touches.push_back(*touch);
  };
  constexpr std::chrono::seconds deadline{60};
  run.last = run_job(job, secrets, note, deadline);
  return run;
}

}  // namespace koshin::cards
