// SPDX-License-Identifier: MIT
// Choice of the certificate that is renewed.
#include "renewal/policy/policy.hpp"

#include <algorithm>
#include <iterator>

#include "renewal/policy/inventory.hpp"
#include "renewal/policy/why_none_fits.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

Validity validity_of(const CertificateReport& certificate, const Settings& settings, TimePoint now) {
  return validity(certificate.not_before, certificate.not_after, settings.renewal, now);
}

bool is_candidate(const CertificateReport& certificate, const Settings::Expect& expect) {
  return certificate.replaced_by.empty() && certificate.key_state != messages::KeyState::missing &&
         is_ours(certificate, expect);
}

std::vector<const CertificateReport*> candidates(const messages::TokenReport& token,
                                                 const Settings::Expect& expect) {
  std::vector<const CertificateReport*> result;
  for (const CertificateReport& certificate : token.certificates) {
    if (is_candidate(certificate, expect)) result.push_back(&certificate);
  }
  return result;
}

/// Removes from `ours` and returns the certificates whose keys are less certain than the most certain ones,
/// so that such a certificate does not take precedence over one whose key is present.
std::vector<const CertificateReport*> extract_uncertain(std::vector<const CertificateReport*>& ours) {
  int surest = 0;
  for (const auto* one : ours) surest = std::max(surest, certainty_of_key(*one));
  const auto is_doubtful = [&](const auto* one) { return certainty_of_key(*one) < surest; };
  std::vector<const CertificateReport*> taken;
  std::copy_if(ours.begin(), ours.end(), std::back_inserter(taken), is_doubtful);
  std::erase_if(ours, is_doubtful);
  return taken;
}

/// Removes certificates of other authorities when at least one certificate is known to be from the configured
/// authority. When none is known to be, all stay: an authority may have changed its keys.
void prefer_those_of_this_authority(std::vector<const CertificateReport*>& fitting) {
  const auto vouched = [](const auto* certificate) { return certificate->issuer_vouched; };
  if (std::any_of(fitting.begin(), fitting.end(), vouched))
    std::erase_if(fitting, [&](const auto* certificate) { return !vouched(certificate); });
}

/// The certificate that expires first. Certificates that expire at the same instant are ambiguous: no rule
/// would match a person's expectation.
Choice first_to_expire(std::vector<const CertificateReport*> fitting) {
  prefer_those_of_this_authority(fitting);
  std::sort(fitting.begin(), fitting.end(),
            [](const auto* a, const auto* b) { return a->not_after < b->not_after; });
  if (fitting.size() > 1 && fitting[0]->not_after == fitting[1]->not_after) {
    return {nullptr,
            Failure{Reason::certificate_ambiguous,
                    describe_certificate(*fitting[0]) + " and " + describe_certificate(*fitting[1]) +
                        " both fit: name one by its SHA-256 fingerprint",
                    {}},
            fitting.front()};
  }
  return {fitting.front(), {}};
}

std::optional<Failure> why_not(const CertificateReport& certificate, const Settings& settings, TimePoint now,
                               bool force) {
  switch (validity_of(certificate, settings, now)) {
    case Validity::not_yet_valid:
      return Failure{Reason::certificate_not_valid_yet,
                     describe_certificate(certificate) + " is valid from " +
                         to_rfc3339(certificate.not_before) + " on, this computer's clock says " +
                         to_rfc3339(now),
                     {}};
    case Validity::expired:
      return Failure{Reason::reissue_needed, describe_certificate(certificate) + " has expired", {}};
    case Validity::current:
      if (force) return {};
      return Failure{Reason::not_due,
                     describe_certificate(certificate) + " can be renewed from " +
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
  const CertificateReport* const named = find_certificate(token, sha256);
  if (named == nullptr) {
    return {nullptr,
            Failure{Reason::certificate_not_found,
                    "no certificate on token \"" + token.label + "\" has the SHA-256 fingerprint " +
                        printable(sha256, 64),
                    {}},
            nullptr, true};
  }
  if (auto failure = why_no_candidate(*named, token.label, settings.expect))
    return {nullptr, std::move(failure), named, true};
  if (!named->replaced_by.empty() && !force) {
    return {nullptr,
            Failure{Reason::certificate_not_found,
                    describe_certificate(*named) + " has been replaced by a later one on the same token",
                    {}},
            named, true};
  }
  if (auto failure = why_not(*named, settings, now, force)) return {nullptr, std::move(failure), named, true};
  return {named, {}, nullptr, true};
}

bool has_expired(const CertificateReport& certificate, TimePoint now) {
  return now > certificate.not_after;
}

/// The certificate that a failure is reported for when none can be renewed: the latest expired one, else the
/// first that will be due, else the first that will be valid.
const CertificateReport* certificate_to_report(const std::vector<const CertificateReport*>& ours,
                                               const Settings& settings, TimePoint now) {
  for (const Validity state : {Validity::expired, Validity::current, Validity::not_yet_valid}) {
    std::vector<const CertificateReport*> such;
    std::copy_if(ours.begin(), ours.end(), std::back_inserter(such),
                 [&](const auto* one) { return validity_of(*one, settings, now) == state; });
    if (such.empty()) continue;
    prefer_those_of_this_authority(such);
    const auto [first, last] = std::minmax_element(
        such.begin(), such.end(), [](const auto* a, const auto* b) { return is_earlier(*a, *b); });
    return state == Validity::expired ? *last : *first;
  }
  return nullptr;
}

/// Chooses among certificates whose keys are equally certain.
Choice choose_among(const std::vector<const CertificateReport*>& ours, const Settings& settings,
                    TimePoint now, bool force) {
  const auto fitting = [&](bool due_or_not) {
    std::vector<const CertificateReport*> result;
    std::copy_if(ours.begin(), ours.end(), std::back_inserter(result),
                 [&](const auto* one) { return !why_not(*one, settings, now, due_or_not); });
    return result;
  };
  if (auto due = fitting(false); !due.empty()) return first_to_expire(std::move(due));
  const auto* const told = certificate_to_report(ours, settings, now);
  auto failure = why_not(*told, settings, now, false);
  if (force && failure->reason == Reason::not_due) return first_to_expire(fitting(true));
  return {nullptr, std::move(failure), told};
}

/// A due certificate that several banks claim, this bank first among them. Reported only where none of the
/// bank's own certificates is due, and only by the first claimant.
const CertificateReport* due_but_disputed(const messages::TokenReport& token, const Settings& settings,
                                          TimePoint now) {
  for (const CertificateReport& one : token.certificates) {
    if (one.disputed.empty() || one.disputed.front() != settings.bank() || !one.replaced_by.empty()) continue;
    const Validity state = validity_of(one, settings, now);
    if (state != Validity::current && state != Validity::not_yet_valid) return &one;
  }
  return nullptr;
}

bool is_due(const Choice& choice) {
  return !choice.failure || choice.failure->reason == Reason::certificate_ambiguous;
}

bool needs_reissue(const Choice& choice) {
  return choice.failure && choice.failure->reason == Reason::reissue_needed;
}

Choice in_doubt(const CertificateReport& certificate) {
  return {nullptr,
          Failure{Reason::certificate_not_found,
                  "whether the private key of " + describe_certificate(certificate) +
                      " is on the token cannot be told without the PIN",
                  {}},
          &certificate};
}

}  // namespace

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
  const auto ours = candidates(token, expect);
  const bool known =
      std::any_of(ours.begin(), ours.end(), [](const auto* one) { return one->issuer_vouched; });
  return !known && std::any_of(ours.begin(), ours.end(),
                               [&](const auto* one) { return one->issuer_key != ours.front()->issuer_key; });
}

bool authority_may_tell(const Failure& failure, const messages::TokenReport& token,
                        const Settings::Expect& expect) {
  const bool by_date =
      failure.reason == Reason::reissue_needed || failure.reason == Reason::certificate_not_valid_yet;
  return by_date || issuers_compete(token, expect);
}

Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force) {
  if (!sha256.empty()) return choose_named(token, sha256, settings, now, force);
  auto ours = candidates(token, settings.expect);
  std::erase_if(ours, [&](const auto* one) { return is_left_behind(*one, token, settings, now); });
  if (ours.empty()) return why_none(token, settings.expect);
  const auto doubtful = extract_uncertain(ours);
  const Choice sure = choose_among(ours, settings, now, false);
  if (!doubtful.empty() && !is_due(sure)) {
    Choice other = choose_among(doubtful, settings, now, false);
    const bool calls = is_due(other) || (needs_reissue(other) && !needs_reissue(sure));
    if (calls && !token.private_objects_hidden) return other;
    if (calls) return in_doubt(other.certificate != nullptr ? *other.certificate : *other.about);
  }
  if (const auto* disputed = due_but_disputed(token, settings, now); disputed != nullptr && !is_due(sure))
    return {nullptr, why_disputed(*disputed, settings.expect), disputed};
  return force ? choose_among(ours, settings, now, true) : sure;
}

bool is_left_behind(const CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now) {
  if (!has_expired(certificate, now)) return false;
  const bool for_long = now > add(certificate.not_after, settings.renewal.window);
  return std::any_of(token.certificates.begin(), token.certificates.end(), [&](const auto& other) {
    if (!is_candidate(other, settings.expect) || has_expired(other, now)) return false;
    if (certainty_of_key(other) < certainty_of_key(certificate)) return false;
    if (!has_begun(other, now)) return !other.lineage.empty() && other.lineage == certificate.lineage;
    return other.issuer_vouched == certificate.issuer_vouched ? for_long : other.issuer_vouched;
  });
}

std::optional<Failure> why_not_renewed(const messages::TokenReport& token,
                                       const CertificateReport& certificate, const Settings& settings,
                                       TimePoint now) {
  if (auto choice = choose_certificate(token, certificate.sha256, settings, now, false); choice.failure)
    return choice.failure;
  return weakness_of(certificate);
}

}  // namespace koshin::renewal
