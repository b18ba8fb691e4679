// SPDX-License-Identifier: MIT
// When to renew, by dates alone.
#include "foundation/base/clock.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::renewal {

Validity validity(TimePoint not_before, TimePoint not_after, const Settings::Renewal& policy, TimePoint now) {
  if (now > not_after)
    return now > add(not_after, policy.grace) ? Validity::expired : Validity::expired_in_grace;
  if (now + clock_skew < not_before) return Validity::not_yet_valid;
  return now < due_from(not_after, policy) ? Validity::current : Validity::due;
}

bool has_begun(const messages::CertificateReport& certificate, TimePoint now) {
  return now + clock_skew >= certificate.not_before;
}

TimePoint due_from(TimePoint not_after, const Settings::Renewal& policy) {
  return subtract(not_after, policy.window);
}

long days_left(TimePoint not_after, TimePoint now) {
  return static_cast<long>(std::chrono::floor<std::chrono::days>(not_after - now).count());
}

bool is_past_renewal(messages::Purpose purpose, TimePoint not_after, const Settings::Renewal& policy,
                     TimePoint now) {
  return purpose == messages::Purpose::log_in && now > add(not_after, policy.grace);
}

WayOn way_on(const Record& record, bool old_is_past_renewal) {
  if (record.state >= State::issued) return WayOn::renew;
  if (record.enrollment || old_is_past_renewal) return WayOn::enroll;
  return needs_a_person(record) ? WayOn::insist : WayOn::renew;
}

}  // namespace koshin::renewal
