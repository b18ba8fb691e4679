// SPDX-License-Identifier: MIT
#include "renewal/policy/browsers.hpp"

#include <algorithm>

namespace koshin::renewal {

namespace {

std::string beginning(const std::string& serial, const std::string& other) {
  constexpr std::size_t least = 8;
  const auto differs = std::mismatch(serial.begin(), serial.end(), other.begin(), other.end()).first;
  const auto common = static_cast<std::size_t>(differs - serial.begin());
  return serial.substr(0, std::max(least, common + 1));
}

}  // namespace

bool concerns_browsers(const messages::CertificateReport& certificate) {
  return !certificate.sha256.empty() && certificate.purpose == messages::Purpose::log_in;
}

std::optional<BrowserChoice> choice_in_browsers(const messages::CertificateReport& fresh,
                                                const messages::CertificateReport* old) {
  if (old == nullptr || !concerns_browsers(fresh) || !concerns_browsers(*old)) return {};
  return BrowserChoice{.new_serial = beginning(fresh.serial, old->serial),
                       .old_serial = beginning(old->serial, fresh.serial),
                       .new_until = fresh.not_after,
                       .old_until = old->not_after};
}

StoreState state_of(const StoreFinding& found) {
  if (!found.has_it) return StoreState::lacks_it;
  return found.has_key ? StoreState::has_it : StoreState::keyless;
}

}  // namespace koshin::renewal
