// SPDX-License-Identifier: MIT
#include "resident/unattended_sitting.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/sitting.hpp"

namespace koshin::resident {
namespace {

using messages::Event;
using messages::Job;

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

/// The fingerprints of what is left to renew on the token. `known`: what the sitting has had so far.
std::vector<std::string> left_on(messages::TokenReport token, const std::vector<renewal::Record>& records,
                                 const Settings& settings, TimePoint now,
                                 const std::vector<std::string>& known) {
  renewal::assign_banks(token, renewal::claims_of(settings));
  const auto unfinished = renewal::of_bank(records, token, settings);
  std::vector<std::string> left;
  for (const auto& one : renewal::certificates_of_sitting(token, unfinished, settings, now, known))
    left.push_back(one.sha256);
  return left;
}

/// Each job names its certificate, so that one that fails is never taken for another. Where nothing is due
/// as far as can be seen without the PIN, the first job names none, and goes on with whatever is left to do.
std::vector<std::string> plan(const Job& job, const std::vector<renewal::Record>& unfinished,
                              const Settings& settings, TimePoint now,
                              const std::function<Event(const Job&)>& run) {
  std::vector<std::string> left;
  if (const auto token = look_at(job, run)) left = left_on(*token, unfinished, settings, now, {});
  if (left.empty()) left.emplace_back();
  return left;
}

}  // namespace

Event renew_all_unattended(const Job& job, const std::vector<renewal::Record>& unfinished,
                           const Settings& settings, TimePoint now,
                           const std::function<Event(const Job&)>& run) {
  if (settings.expect.purposes.size() == 1) return run(job);
  std::vector<std::string> left = plan(job, unfinished, settings, now, run), known;
  std::optional<Event> answer;
  while (!left.empty()) {
    Job next = job;
    next.certificate_sha256 = left.front();
    known.push_back(left.front());
    left.erase(left.begin());
    Event end = run(next);
    const bool on = goes_on(end);
    const auto* renewed = std::get_if<messages::RenewResult>(&end);
    if (renewed != nullptr) {  // with the PIN the token may show more
      known.push_back(renewed->new_certificate.sha256);
      left = left_on(renewed->token, unfinished, settings, now, known);
    }
    const bool told = answer && !std::holds_alternative<messages::RenewResult>(*answer);
    if (!told) answer = std::move(end);
    if (!on) break;
  }
  return *answer;
}

}  // namespace koshin::resident
