// SPDX-License-Identifier: MIT
#include "renewal/policy/browsers.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {

namespace {

std::string beginning(const std::string& serial, const std::string& other) {
  constexpr std::size_t least = 8;
  const auto differs = std::mismatch(serial.begin(), serial.end(), other.begin(), other.end()).first;
  const auto common = static_cast<std::size_t>(differs - serial.begin());
  return serial.substr(0, std::max(least, common + 1));
}

/// The certificate on the token that browsers list beside the new one: the one that was renewed, else what an
/// earlier renewal has left; null: none.
const messages::CertificateReport* replaced_in(const messages::RenewResult& result, TimePoint now) {
  const messages::CertificateReport* const renewed =
      find_certificate(result.token, result.old_certificate.sha256);
  if (renewed != nullptr && is_offered_by_browsers(*renewed, now)) return renewed;
  const messages::CertificateReport* latest = nullptr;
  for (const auto& one : result.token.certificates) {
    if (one.replaced_by != result.new_certificate.sha256 || !is_offered_by_browsers(one, now)) continue;
    if (latest == nullptr || is_earlier(*latest, one)) latest = &one;
  }
  return latest;
}

/// What earlier renewals of the lineage have left on the token.
std::vector<BrowserChoice::Other> others_in(const messages::RenewResult& result,
                                            const messages::CertificateReport& old, TimePoint now) {
  std::vector<BrowserChoice::Other> others;
  for (const auto& one : result.token.certificates)
    if (one.replaced_by == result.new_certificate.sha256 && one.sha256 != old.sha256 &&
        is_offered_by_browsers(one, now))
      others.push_back({.sha256 = one.sha256,
                        .serial = beginning(one.serial, result.new_certificate.serial),
                        .until = one.not_after});
  std::ranges::stable_sort(others, std::ranges::greater(), &BrowserChoice::Other::until);
  return others;
}

}  // namespace

bool concerns_browsers(const messages::CertificateReport& certificate) {
  return !certificate.sha256.empty() && certificate.purpose == messages::Purpose::log_in;
}

bool is_offered_by_browsers(const messages::CertificateReport& certificate, TimePoint now) {
  return concerns_browsers(certificate) && certificate.not_after > now &&
         certificate.key_state != messages::KeyState::missing;
}

bool BrowserChoice::without(const std::string& sha256) {
  std::erase_if(others, [&](const Other& other) { return other.sha256 == sha256; });
  if (old_sha256 != sha256) return true;
  if (others.empty()) return false;
  old_sha256 = others.front().sha256;
  old_serial = others.front().serial;
  old_until = others.front().until;
  others.erase(others.begin());
  return true;
}

bool BrowserChoice::with_those_on(const messages::TokenReport& token) {
  std::vector<std::string> old{old_sha256};
  for (const Other& other : others) old.push_back(other.sha256);
  return std::ranges::all_of(old, [&](const std::string& sha256) {
    return find_certificate(token, sha256) != nullptr || without(sha256);
  });
}

std::optional<BrowserChoice> choice_in_browsers(const messages::RenewResult& result, TimePoint now) {
  const messages::CertificateReport& fresh = result.new_certificate;
  if (result.dry_run || !concerns_browsers(fresh)) return {};
  const messages::CertificateReport* old = replaced_in(result, now);
  if (old == nullptr) return {};
  BrowserChoice choice{.old_sha256 = old->sha256,
                       .new_serial = beginning(fresh.serial, old->serial),
                       .old_serial = beginning(old->serial, fresh.serial),
                       .new_until = fresh.not_after,
                       .old_until = old->not_after,
                       .others = others_in(result, *old, now),
                       .new_sha256 = fresh.sha256};
  for (const auto& other : choice.others)
    if (auto longer = beginning(fresh.serial, find_certificate(result.token, other.sha256)->serial);
        longer.size() > choice.new_serial.size())
      choice.new_serial = std::move(longer);
  return choice;
}

StoreState state_of(const StoreFinding& found) {
  if (!found.has_it) return StoreState::lacks_it;
  return found.has_key ? StoreState::has_it : StoreState::keyless;
}

}  // namespace koshin::renewal
