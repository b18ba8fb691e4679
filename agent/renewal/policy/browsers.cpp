// SPDX-License-Identifier: MIT
#include "renewal/policy/browsers.hpp"

#include <algorithm>

#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {

namespace {

std::string beginning(const std::string& serial, const std::string& other) {
  constexpr std::size_t least = 8;
  const auto differs = std::mismatch(serial.begin(), serial.end(), other.begin(), other.end()).first;
  const auto common = static_cast<std::size_t>(differs - serial.begin());
  return serial.substr(0, std::max(least, common + 1));
}

/// The certificate on the token that the new one stands beside; null: none.
const messages::CertificateReport* replaced_in(const messages::RenewResult& result, TimePoint now) {
  if (const std::string& renewed = result.old_certificate.sha256; !renewed.empty())
    return find_certificate(result.token, renewed);
  const messages::CertificateReport* latest = nullptr;
  for (const auto& one : result.token.certificates) {
    if (one.replaced_by != result.new_certificate.sha256 || !is_offered_by_browsers(one, now)) continue;
    if (latest == nullptr || is_earlier(*latest, one)) latest = &one;
  }
  return latest;
}

}  // namespace

bool concerns_browsers(const messages::CertificateReport& certificate) {
  return !certificate.sha256.empty() && certificate.purpose == messages::Purpose::log_in;
}

bool is_offered_by_browsers(const messages::CertificateReport& certificate, TimePoint now) {
  return concerns_browsers(certificate) && certificate.not_after > now &&
         certificate.key_state != messages::KeyState::missing;
}

std::optional<BrowserChoice> choice_in_browsers(const messages::RenewResult& result, TimePoint now) {
  const messages::CertificateReport& fresh = result.new_certificate;
  if (result.dry_run || !concerns_browsers(fresh)) return {};
  const messages::CertificateReport* old = replaced_in(result, now);
  if (old == nullptr || !is_offered_by_browsers(*old, now)) return {};
  return BrowserChoice{.old_sha256 = old->sha256,
                       .new_serial = beginning(fresh.serial, old->serial),
                       .old_serial = beginning(old->serial, fresh.serial),
                       .new_until = fresh.not_after,
                       .old_until = old->not_after};
}

StoreState state_of(const StoreFinding& found) {
  if (!found.has_it) return StoreState::lacks_it;
  return found.has_key ? StoreState::has_it : StoreState::keyless;
}

}  // namespace koshin::renewal
