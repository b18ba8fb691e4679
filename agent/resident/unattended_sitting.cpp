// SPDX-License-Identifier: MIT
#include "resident/unattended_sitting.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "renewal/policy/sitting.hpp"

namespace koshin::resident {
namespace {

using messages::Event;
using messages::Job;

bool was_renewed(const Event& event) {
  return std::holds_alternative<messages::RenewResult>(event);
}

bool goes_on(const Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  return failure == nullptr || !renewal::ends_sitting(*failure);
}

/// The token as it shows without the PIN; empty where it cannot be looked at.
std::optional<messages::TokenReport> look_at(const Job& renewal,
                                             const std::function<Event(const Job&)>& run) {
  Job job;
  job.kind = messages::JobKind::inspect;
  job.settings_file = renewal.settings_file;
  job.bank = renewal.bank;
  job.module = renewal.module;
  job.token_uri = renewal.token_uri.substr(0, renewal.token_uri.find('?'));  // without the pin-source
  const Event event = run(job);
  const auto* found = std::get_if<messages::InspectResult>(&event);
  if (found == nullptr || found->tokens.size() != 1) return {};
  return found->tokens.front();
}

/// What is left to renew after the first job. One that was not renewed is still due, and the first of the
/// list.
std::vector<std::string> left_after(const Event& first, const Job& job, const Settings& settings,
                                    TimePoint now, const std::function<Event(const Job&)>& run) {
  const auto* renewed = std::get_if<messages::RenewResult>(&first);
  const auto token = renewed != nullptr ? std::optional(renewed->token) : look_at(job, run);
  std::vector<std::string> left;
  if (!token) return left;
  for (const auto& one : renewal::certificates_of_sitting(*token, {}, settings, now))
    left.push_back(one.sha256);
  if (renewed == nullptr && !left.empty()) left.erase(left.begin());
  return left;
}

}  // namespace

Event renew_all_unattended(const Job& job, const Settings& settings, TimePoint now,
                           const std::function<Event(const Job&)>& run) {
  Event answer = run(job);
  const bool alone = settings.expect.purposes.size() == 1;
  if (alone || !goes_on(answer)) return answer;
  for (const std::string& sha256 : left_after(answer, job, settings, now, run)) {
    Job next = job;
    next.certificate_sha256 = sha256;
    Event end = run(next);
    const bool on = goes_on(end);
    if (was_renewed(answer)) answer = std::move(end);
    if (!on) break;
  }
  return answer;
}

}  // namespace koshin::resident
