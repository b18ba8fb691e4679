// SPDX-License-Identifier: MIT
#include "hooks/due_hooks.hpp"

#include <algorithm>
#include <set>

#include "foundation/log/log.hpp"

namespace koshin::hooks {
namespace {

/// Of one user in a week.
constexpr std::size_t records_looked_at = 200;

bool concerns_hooks(const renewal::Record& record, TimePoint now) {
  return record.state == renewal::State::completed && !record.certificate.empty() &&
         !renewal::is_from_the_future(record, now) && now - record.changed <= hooks_look_back;
}

}  // namespace

std::vector<NewCertificate> new_certificates(renewal::Journal& journal, TimePoint now) {
  std::vector<NewCertificate> found;
  std::set<std::string> renewed_since;
  for (renewal::Record& record : journal.history(records_looked_at)) {  // newest first
    if (record.state == renewal::State::completed) renewed_since.insert(record.old_sha256);
    if (!concerns_hooks(record, now)) continue;
    try {
      auto certificate = enrollment::Certificate::from_der(record.certificate);
      std::string sha256 = certificate.sha256();
      if (renewed_since.contains(sha256)) continue;
      found.push_back({std::move(record), std::move(certificate), std::move(sha256)});
    } catch (const FailureError& error) {
      log::warning(log::Event::hook_failed, "a certificate of the journal cannot be read",
                   {{"KOSHIN_DETAIL", error.failure().detail}});
    }
  }
  std::ranges::reverse(found);
  return found;
}

int HookProgress::next_attempt() const {
  if (journal_.mailed(sha256_, name_)) return 0;
  for (int attempt = 1; attempt <= most_attempts; ++attempt)
    if (!journal_.mailed(sha256_, name_ + ':' + std::to_string(attempt))) return attempt;
  return 0;
}

void HookProgress::begin(int attempt, TimePoint now) {
  journal_.remember_mailed(sha256_, name_ + ':' + std::to_string(attempt), now);
}

}  // namespace koshin::hooks
