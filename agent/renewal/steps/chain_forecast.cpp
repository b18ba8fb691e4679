// SPDX-License-Identifier: MIT
// Checks the present certificate against the chain rules for the next one, before a key is generated.
#include "renewal/steps/chain_forecast.hpp"

#include <algorithm>

#include "enrollment/authority/issued_check.hpp"
#include "renewal/token/authorities_at_hand.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using enrollment::ChainParts;

void append(std::vector<Certificate>& to, const std::vector<Certificate>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// The published certificates that may issue.
std::vector<Certificate> published_authorities(const Examination& exam) {
  std::vector<Certificate> found;
  for (const auto& certificate : exam.authority->ca_certificates()) {
    if (enrollment::is_authority(certificate)) found.push_back(certificate);
  }
  return found;
}

/// Whether the candidate has the issuer's key or is above the issuer in the chain: an authority that
/// certified the issuer does not issue users' certificates in its place.
bool is_issuer_or_above(const Certificate& candidate, const Certificate* issuer, const ChainParts& all) {
  constexpr int longest_way = 8;
  for (int hops = 0; issuer != nullptr && hops < longest_way; ++hops) {
    if (candidate.subject() == issuer->subject() && candidate.public_key_der() == issuer->public_key_der())
      return true;
    if (issuer->self_issued()) return false;
    issuer = enrollment::find_issuer(*issuer, all);
  }
  return false;
}

/// Whether an authority that appeared since the present certificate was issued may issue the next one: a
/// published authority below an anchor; a root only where a root has issued the present certificate too, or
/// has its issuer's name.
bool another_may_issue(const Examination& exam, const ChainParts& parts) {
  const Certificate& old = *exam.old_certificate;
  ChainParts all = parts;
  append(all.intermediates, exam.trust_anchors);
  const Certificate* issuer = enrollment::find_issuer(old, all);
  const bool by_root = issuer != nullptr && issuer->self_issued();
  const auto may_issue = [&](const Certificate& candidate) {
    if (is_issuer_or_above(candidate, issuer, all)) return false;
    if (candidate.self_issued() && !by_root && candidate.subject() != old.issuer()) return false;
    return !enrollment::chain_trouble(candidate, parts, exam.context.now());
  };
  const auto published = published_authorities(exam);
  return std::any_of(published.begin(), published.end(), may_issue);
}

/// Forecast without a present certificate: a chain from any published authority to an anchor is required.
ChainForecast forecast_without_old(const Examination& exam, const ChainParts& parts) {
  const auto published = published_authorities(exam);
  const bool leads = std::any_of(published.begin(), published.end(), [&](const auto& authority) {
    return !enrollment::chain_trouble(authority, parts, exam.context.now());
  });
  if (leads) return {};
  return {ChainForecast::Outcome::untrusted,
          "none of the authorities that it publishes leads to a trust anchor"};
}

}  // namespace

ChainParts chain_parts(const Examination& exam, const std::vector<Certificate>& came_along) {
  ChainParts parts;
  const auto published = published_authorities(exam);
  if (!exam.issuer_anchors.empty()) {
    parts.anchors = exam.issuer_anchors;
    parts.intermediates = published;
  } else {
    parts.anchors = exam.trust_anchors;
    append(parts.anchors, published);
  }
  append(parts.intermediates, came_along);
  append(parts.intermediates, exam.authority->shown_certificates());
  if (exam.opened && exam.opened->is_open()) append(parts.intermediates, authorities_on(*exam.opened));
  return parts;
}

ChainForecast forecast_chain(const Examination& exam) {
  const ChainParts parts = chain_parts(exam);
  // A present certificate that is too weak does not predict the next one.
  if (exam.enrolling() || !exam.old_certificate || exam.too_weak) return forecast_without_old(exam, parts);
  const auto trouble = enrollment::chain_trouble(*exam.old_certificate, parts, exam.context.now());
  if (!trouble) return {};
  const auto outcome =
      another_may_issue(exam, parts) ? ChainForecast::Outcome::by_another : ChainForecast::Outcome::untrusted;
  return {outcome, trouble->why};
}

}  // namespace koshin::renewal
