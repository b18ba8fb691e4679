// SPDX-License-Identifier: MIT
// Choice of the certificate that is renewed.
#include "renewal/policy/policy.hpp"

#include <algorithm>
#include <iterator>

#include "renewal/policy/candidates.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/policy/why_none_fits.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;

Validity validity_of(const CertificateReport& certificate, const Settings& settings, TimePoint now) {
  return validity(certificate.not_before, certificate.not_after, settings.renewal, now);
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
      if (!is_past_renewal(certificate.purpose, certificate.not_after, settings.renewal, now)) return {};
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

Failure why_not_authenticated(const CertificateReport& certificate) {
  return {Reason::certificate_not_found,
          "no log-in certificate in force is on the token to authenticate the request for the next " +
              describe_certificate(certificate),
          {}};
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
  if (authenticator_of(*named, token, settings, now) == nullptr)
    return {nullptr, why_not_authenticated(*named), named, true};
  return {named, {}, nullptr, true};
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

/// A due certificate that several banks claim, and that this bank tells of. Reported only where none of the
/// bank's own certificates is due.
const CertificateReport* due_but_disputed(const messages::TokenReport& token, Purpose purpose,
                                          const Settings& settings, TimePoint now) {
  for (const CertificateReport& one : token.certificates) {
    const bool told_by_us = one.purpose == purpose && tells_of_dispute(one, token, settings.bank());
    if (!told_by_us || !one.replaced_by.empty()) continue;
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

/// choose_certificate() among the certificates of one purpose.
Choice choose_of_purpose(const messages::TokenReport& token, Purpose purpose, const Settings& settings,
                         TimePoint now, bool force) {
  auto ours = renewable(token, purpose, settings, now);
  if (ours.empty()) return why_none(token, purpose, settings.expect);
  const auto doubtful = extract_uncertain(ours);
  const Choice sure = choose_among(ours, settings, now, false);
  if (!doubtful.empty() && !is_due(sure)) {
    Choice other = choose_among(doubtful, settings, now, false);
    const bool calls = is_due(other) || (needs_reissue(other) && !needs_reissue(sure));
    if (calls && !token.private_objects_hidden) return other;
    if (calls) return in_doubt(other.certificate != nullptr ? *other.certificate : *other.about);
  }
  const auto* disputed = due_but_disputed(token, purpose, settings, now);
  if (disputed != nullptr && !is_due(sure))
    return {nullptr, why_disputed(*disputed, settings.expect), disputed};
  return force ? choose_among(ours, settings, now, true) : sure;
}

/// How much a choice calls for somebody; the least comes first. A missing key counts only where nobody could
/// log in without it: what does not log in may have been copied to the token.
int order_of_choice(const Choice& choice, Purpose purpose) {
  if (is_due(choice)) return 0;
  switch (choice.failure->reason) {
    case Reason::key_not_found:
      return purpose == Purpose::log_in ? 1 : 4;
    case Reason::not_due:
    case Reason::certificate_not_valid_yet:
      return 3;
    case Reason::certificate_not_found:
      return choice.about != nullptr ? 2 : 4;
    default:
      return 1;
  }
}

/// Whether the choice for a further purpose is told instead of the one for the purposes before it.
bool takes_precedence(const Choice& further, Purpose purpose, const Choice& first, Purpose first_purpose) {
  const int order = order_of_choice(further, purpose);
  const int before = order_of_choice(first, first_purpose);
  if (order != before) return order < before;
  const bool dated = further.failure && first.failure && further.about != nullptr && first.about != nullptr;
  return dated && first.failure->reason == Reason::not_due &&
         further.about->not_after < first.about->not_after;
}

/// choose_certificate() where none is named.
Choice choose_among_purposes(const messages::TokenReport& token, const Settings& settings, TimePoint now,
                             bool force) {
  std::optional<Choice> told;
  Purpose of = Purpose::log_in;
  for (const Purpose purpose : renewed_purposes(settings.expect)) {
    Choice choice = choose_of_purpose(token, purpose, settings, now, force);
    if (told && !takes_precedence(choice, purpose, *told, of)) continue;
    told = std::move(choice);
    of = purpose;
  }
  return told ? *told : why_none(token, Purpose::log_in, settings.expect);
}

}  // namespace

bool authority_may_tell(const Failure& failure, const messages::TokenReport& token,
                        const Settings::Expect& expect) {
  const bool by_date =
      failure.reason == Reason::reissue_needed || failure.reason == Reason::certificate_not_valid_yet;
  return by_date || issuers_compete(token, expect);
}

Choice choose_certificate(const messages::TokenReport& token, std::string_view sha256,
                          const Settings& settings, TimePoint now, bool force) {
  if (!sha256.empty()) return choose_named(token, sha256, settings, now, force);
  // What is due comes before what somebody insists on renewing early.
  Choice due = choose_among_purposes(token, settings, now, false);
  return force && !is_due(due) ? choose_among_purposes(token, settings, now, true) : due;
}

std::vector<const CertificateReport*> due_certificates(const messages::TokenReport& token,
                                                       const Settings& settings, TimePoint now) {
  std::vector<const CertificateReport*> all;
  for (const Purpose purpose : renewed_purposes(settings.expect)) {
    auto due = renewable(token, purpose, settings, now);
    extract_uncertain(due);
    std::erase_if(due, [&](const auto* one) { return why_not(*one, settings, now, false).has_value(); });
    prefer_those_of_this_authority(due);
    std::ranges::sort(due, [](const auto* one, const auto* other) { return is_earlier(*one, *other); });
    const Choice choice = choose_of_purpose(token, purpose, settings, now, false);
    if (due.empty() && choice.certificate != nullptr) due.push_back(choice.certificate);
    all.insert(all.end(), due.begin(), due.end());
  }
  return all;
}

std::optional<Failure> why_not_renewed(const messages::TokenReport& token,
                                       const CertificateReport& certificate, const Settings& settings,
                                       TimePoint now) {
  if (auto choice = choose_certificate(token, certificate.sha256, settings, now, false); choice.failure)
    return choice.failure;
  return weakness_of(certificate);
}

}  // namespace koshin::renewal
