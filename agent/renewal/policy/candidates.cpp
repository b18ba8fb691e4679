// SPDX-License-Identifier: MIT
#include "renewal/policy/candidates.hpp"

#include <algorithm>

#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;

bool is_candidate(const CertificateReport& certificate, const Settings::Expect& expect) {
  return certificate.replaced_by.empty() && certificate.key_state != messages::KeyState::missing &&
         is_ours(certificate, expect);
}

bool has_expired(const CertificateReport& certificate, TimePoint now) {
  return now > certificate.not_after;
}

}  // namespace

std::vector<const CertificateReport*> candidates(const messages::TokenReport& token,
                                                 const Settings::Expect& expect) {
  std::vector<const CertificateReport*> result;
  for (const CertificateReport& certificate : token.certificates) {
    if (is_candidate(certificate, expect)) result.push_back(&certificate);
  }
  return result;
}

std::vector<const CertificateReport*> renewable(const messages::TokenReport& token, Purpose purpose,
                                                const Settings& settings, TimePoint now) {
  auto ours = candidates(token, settings.expect);
  std::erase_if(ours, [&](const auto* one) {
    return one->purpose != purpose || is_left_behind(*one, token, settings, now) ||
           authenticator_of(*one, token, settings, now) == nullptr;
  });
  return ours;
}

std::string other_candidates(const messages::TokenReport& token, std::string_view sha256,
                             const Settings::Expect& expect) {
  std::string text;
  for (const CertificateReport* one : candidates(token, expect)) {
    if (one->sha256 != sha256)
      text += (text.empty() ? "" : ", ") + describe_certificate(*one) + " SHA-256 " + one->sha256;
  }
  return text;
}

bool issuers_compete(const messages::TokenReport& token, const Settings::Expect& expect) {
  const auto purposes = renewed_purposes(expect);
  return std::any_of(purposes.begin(), purposes.end(), [&](Purpose purpose) {
    auto ours = candidates(token, expect);
    std::erase_if(ours, [&](const auto* one) { return one->purpose != purpose; });
    const bool known =
        std::any_of(ours.begin(), ours.end(), [](const auto* one) { return one->issuer_vouched; });
    return !known && std::any_of(ours.begin(), ours.end(), [&](const auto* one) {
      return one->issuer_key != ours.front()->issuer_key;
    });
  });
}

const CertificateReport* authenticator_of(const CertificateReport& certificate,
                                          const messages::TokenReport& token, const Settings& settings,
                                          TimePoint now) {
  if (certificate.purpose == Purpose::log_in) return &certificate;
  auto fitting = candidates(token, settings.expect);
  std::erase_if(fitting, [&](const auto* one) {
    return one->purpose != Purpose::log_in || has_expired(*one, now) || !has_begun(*one, now);
  });
  const auto same =
      std::ranges::find_if(fitting, [&](const auto* one) { return one->subject == certificate.subject; });
  if (same != fitting.end()) return *same;
  return fitting.size() == 1 ? fitting.front() : nullptr;
}

bool is_left_behind(const CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now) {
  if (!has_expired(certificate, now)) return false;
  const bool for_long = now > add(certificate.not_after, settings.renewal.window);
  return std::any_of(token.certificates.begin(), token.certificates.end(), [&](const auto& other) {
    if (!is_candidate(other, settings.expect) || has_expired(other, now)) return false;
    if (other.purpose != certificate.purpose && other.purpose != Purpose::log_in) return false;
    if (certainty_of_key(other) < certainty_of_key(certificate)) return false;
    if (!has_begun(other, now)) return !other.lineage.empty() && other.lineage == certificate.lineage;
    return other.issuer_vouched == certificate.issuer_vouched ? for_long : other.issuer_vouched;
  });
}

}  // namespace koshin::renewal
