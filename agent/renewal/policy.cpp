// SPDX-License-Identifier: MIT
// When to renew, and which certificate of a token.
#include "renewal/policy.hpp"

#include <algorithm>
#include <regex>

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

constexpr std::chrono::minutes allowed_skew{5};
// X.520 allows a common name of 64 characters. std::regex recurses once per character, so a hostile one stops
// here.
constexpr std::size_t longest_common_name = 256;

Validity validity_of(const CertificateReport& certificate, const Settings& settings, TimePoint now) {
  return validity(certificate.not_before, certificate.not_after, settings.renewal, now);
}

std::string described(const CertificateReport& certificate) {
  return "\"" + certificate.common_name + "\" (serial " + certificate.serial + ", expires " +
         to_rfc3339(certificate.not_after) + ")";
}

std::vector<const CertificateReport*> candidates(const messages::TokenReport& token,
                                                 const Settings::Expect& expect) {
  std::vector<const CertificateReport*> result;
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.superseded || !certificate.for_client_authentication) continue;
    if (certificate.has_private_key == false || !is_ours(certificate, expect)) continue;
    result.push_back(&certificate);
  }
  return result;
}

/// Why a token has no candidate: what is missing is told apart, since the way out differs.
Failure why_none(const messages::TokenReport& token, const Settings::Expect& expect) {
  const std::string where = " on token \"" + token.label + "\"";
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.superseded || !is_ours(certificate, expect)) continue;
    if (certificate.has_private_key == false) {
      return {Reason::key_not_found, "the private key of " + described(certificate) + " is not" + where, {}};
    }
    if (!certificate.for_client_authentication) {
      return {Reason::certificate_not_found,
              described(certificate) + where + " is not for client authentication",
              {}};
    }
  }
  if (token.certificates.empty()) {
    return {Reason::certificate_not_found, "there is no certificate" + where, {}};
  }
  return {Reason::certificate_not_found,
          "none of the " + std::to_string(token.certificates.size()) + " certificate(s)" + where +
              " has the subject that expect.organization, expect.organizational_unit and "
              "expect.common_name_pattern ask for",
          {}};
}

/// The first to expire. Two that expire at the same instant cannot be told apart by any rule a person would
/// expect.
Choice first_to_expire(std::vector<const CertificateReport*> fitting) {
  std::sort(fitting.begin(), fitting.end(),
            [](const auto* a, const auto* b) { return a->not_after < b->not_after; });
  if (fitting.size() > 1 && fitting[0]->not_after == fitting[1]->not_after) {
    return {nullptr, Failure{Reason::certificate_ambiguous,
                             described(*fitting[0]) + " and " + described(*fitting[1]) +
                                 " both fit: name one by its SHA-256 fingerprint",
                             {}}};
  }
  return {fitting.front(), {}};
}

std::optional<Failure> why_not(const CertificateReport& certificate, const Settings& settings, TimePoint now,
                               bool force) {
  switch (validity_of(certificate, settings, now)) {
    case Validity::not_yet_valid:
      return Failure{Reason::clock_wrong,
                     described(certificate) + " is valid from " + to_rfc3339(certificate.not_before) +
                         " on, but this computer's clock says " + to_rfc3339(now),
                     {}};
    case Validity::expired:
      return Failure{Reason::reissue_needed, described(certificate) + " has expired", {}};
    case Validity::current:
      if (force) return {};
      return Failure{Reason::not_due,
                     described(certificate) + " can be renewed from " +
                         to_rfc3339(due_from(certificate.not_after, settings.renewal)) + " on",
                     {}};
    case Validity::due:
    case Validity::expired_in_grace:
      return {};
  }
  return {};
}

Choice choose_named(const messages::TokenReport& token, std::string_view sha256, const Settings& settings,
                    TimePoint now, bool force) {
  const auto named = std::find_if(token.certificates.begin(), token.certificates.end(),
                                  [&](const CertificateReport& c) { return c.sha256 == sha256; });
  if (named == token.certificates.end()) {
    return {nullptr, Failure{Reason::certificate_not_found,
                             "no certificate on token \"" + token.label + "\" has the SHA-256 fingerprint " +
                                 printable(sha256, 64),
                             {}}};
  }
  if (named->superseded && !force) {
    return {nullptr, Failure{Reason::certificate_not_found,
                             described(*named) + " has been superseded by a later one on the same token",
                             {}}};
  }
  if (named->has_private_key == false || !named->for_client_authentication ||
      !is_ours(*named, settings.expect)) {
    messages::TokenReport only = token;
    only.certificates = {*named};
    only.certificates.front().superseded = false;
    return {nullptr, why_none(only, settings.expect)};
  }
  if (auto failure = why_not(*named, settings, now, force)) return {nullptr, std::move(failure)};
  return {&*named, {}};
}

}  // namespace

Validity validity(TimePoint not_before, TimePoint not_after, const Settings::Renewal& policy, TimePoint now) {
  if (now > not_after)
    return now > add(not_after, policy.grace) ? Validity::expired : Validity::expired_in_grace;
  if (now + allowed_skew < not_before) return Validity::not_yet_valid;
  return now < due_from(not_after, policy) ? Validity::current : Validity::due;
}

TimePoint due_from(TimePoint not_after, const Settings::Renewal& policy) {
  return subtract(not_after, policy.window);
}

long days_left(TimePoint not_after, TimePoint now) {
  return static_cast<long>(std::chrono::floor<std::chrono::days>(not_after - now).count());
}

Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force) {
  if (!sha256.empty()) return choose_named(token, sha256, settings, now, force);
  const auto ours = candidates(token, settings.expect);
  if (ours.empty()) return {nullptr, why_none(token, settings.expect)};

  std::vector<const CertificateReport*> fitting;
  for (const auto* certificate : ours) {
    if (!why_not(*certificate, settings, now, false)) fitting.push_back(certificate);
  }
  if (fitting.empty() && force) {
    for (const auto* certificate : ours) {
      if (!why_not(*certificate, settings, now, true)) fitting.push_back(certificate);
    }
  }
  if (!fitting.empty()) return first_to_expire(std::move(fitting));

  // None fits: the one that is valid longest says why best (an expired one of another user is no news beside
  // it).
  const auto* latest = *std::max_element(
      ours.begin(), ours.end(), [](const auto* a, const auto* b) { return a->not_after < b->not_after; });
  return {nullptr, why_not(*latest, settings, now, force)};
}

bool is_ours(const CertificateReport& certificate, const Settings::Expect& expect) {
  // Nobody has issued it: ykcs11 puts such a certificate beside each key that it makes.
  if (!certificate.subject.empty() && certificate.subject == certificate.issuer) return false;
  if (!expect.organization.empty() && certificate.organization != expect.organization) return false;
  if (!expect.organizational_unit.empty() && certificate.organizational_unit != expect.organizational_unit)
    return false;
  if (expect.common_name_pattern.empty()) return true;
  if (certificate.common_name.size() > longest_common_name) return false;
  try {
    return std::regex_match(certificate.common_name, std::regex(expect.common_name_pattern));
  } catch (const std::regex_error&) {
    fail(Reason::settings_invalid, "expect.common_name_pattern: \"" + expect.common_name_pattern +
                                       "\" is not an ECMAScript regular expression");
  }
}

}  // namespace koshin::renewal
