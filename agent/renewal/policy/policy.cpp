// SPDX-License-Identifier: MIT
// When to renew, and which certificate of a token.
#include "renewal/policy/policy.hpp"

#include <algorithm>
#include <iterator>

#include "foundation/settings/expectation.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

Validity validity_of(const CertificateReport& certificate, const Settings& settings, TimePoint now) {
  return validity(certificate.not_before, certificate.not_after, settings.renewal, now);
}

std::optional<std::string> why_not_ours(const CertificateReport& certificate,
                                        const Settings::Expect& expect) {
  return why_unexpected({certificate.organization, certificate.organizational_unit, certificate.common_name},
                        expect);
}

/// Of those for logging in, why they are not ours; the first few.
std::string unexpected_ones(const messages::TokenReport& token, const Settings::Expect& expect) {
  constexpr int most = 3;
  std::string text;
  int count = 0;
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.purpose != messages::Purpose::log_in || !certificate.replaced_by.empty()) continue;
    const auto why = why_not_ours(certificate, expect);
    if (why && ++count <= most) text += "; of " + described(certificate) + " the " + *why;
  }
  return text;
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

std::string counted_by_purpose(const messages::TokenReport& token, messages::Purpose purpose,
                               const char* what) {
  const auto count = std::count_if(token.certificates.begin(), token.certificates.end(),
                                   [&](const auto& certificate) { return certificate.purpose == purpose; });
  return count == 0 ? std::string() : ", " + std::to_string(count) + " " + what;
}

/// Why a token has no candidate: what is missing is told apart, since the way out differs.
Choice why_none(const messages::TokenReport& token, const Settings::Expect& expect) {
  const std::string where = " on token \"" + printable(token.label, 200) + "\"";
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.replaced_by.empty() && is_ours(certificate, expect))
      return {
          nullptr,
          Failure{
              Reason::key_not_found, "the private key of " + described(certificate) + " is not" + where, {}},
          &certificate};
  }
  const std::string hidden =
      token.private_objects_hidden ? "; what is hidden without the PIN cannot be told" : "";
  const auto all = token.certificates.size();
  if (all == 0)
    return {nullptr, Failure{Reason::certificate_not_found, "there is no certificate" + where + hidden, {}}};
  using messages::Purpose;
  return {nullptr, Failure{Reason::certificate_not_found,
                           "none of the " + std::to_string(all) + " certificate(s)" + where +
                               " is for logging in and fits the settings [expect]" +
                               counted_by_purpose(token, Purpose::signature, "for signatures") +
                               counted_by_purpose(token, Purpose::encryption, "for encryption") +
                               counted_by_purpose(token, Purpose::authority, "of authorities") +
                               counted_by_purpose(token, Purpose::placeholder, "that nobody has issued") +
                               counted_by_purpose(token, Purpose::unreadable, "that cannot be read") +
                               counted_by_purpose(token, Purpose::unknown, "whose purpose cannot be told") +
                               unexpected_ones(token, expect) + hidden,
                           {}}};
}

/// Why this one, which a person has named, is no candidate; empty when it is.
std::optional<Failure> why_no_candidate(const CertificateReport& certificate, const std::string& token_label,
                                        const Settings::Expect& expect) {
  const std::string name = described(certificate) + " on token \"" + printable(token_label, 200) + "\"";
  switch (certificate.purpose) {
    case messages::Purpose::log_in:
      break;
    case messages::Purpose::unreadable:
      return Failure{Reason::certificate_unreadable, name + " cannot be parsed", {}};
    default:
      return Failure{
          Reason::certificate_not_found,
          name + " is not for client authentication but for " + std::string(to_string(certificate.purpose)),
          {}};
  }
  if (!is_ours(certificate, expect))
    return Failure{Reason::certificate_not_found,
                   name + " is not expected: " + why_not_ours(certificate, expect).value_or(""),
                   {}};
  if (certificate.key_state == messages::KeyState::missing)
    return Failure{Reason::key_not_found, "the private key of " + name + " is not there", {}};
  return {};
}

/// One whose key cannot be told, though everything was seen, must not stand before one whose key is there.
void prefer_those_with_a_key(std::vector<const CertificateReport*>& fitting) {
  const auto sure = [](const auto* certificate) { return has_key(certificate->key_state); };
  if (std::any_of(fitting.begin(), fitting.end(), sure))
    std::erase_if(fitting, [&](const auto* certificate) { return !sure(certificate); });
}

/// What another authority has issued to the same person must not stand before what is known to be this one's.
/// It is not left out where nothing is: an authority may have changed its keys.
void prefer_those_of_this_authority(std::vector<const CertificateReport*>& fitting) {
  const auto vouched = [](const auto* certificate) { return certificate->issuer_vouched; };
  if (std::any_of(fitting.begin(), fitting.end(), vouched))
    std::erase_if(fitting, [&](const auto* certificate) { return !vouched(certificate); });
}

/// The first to expire. Two that expire at the same instant cannot be told apart by any rule a person would
/// expect.
Choice first_to_expire(std::vector<const CertificateReport*> fitting) {
  prefer_those_with_a_key(fitting);
  prefer_those_of_this_authority(fitting);
  std::sort(fitting.begin(), fitting.end(),
            [](const auto* a, const auto* b) { return a->not_after < b->not_after; });
  if (fitting.size() > 1 && fitting[0]->not_after == fitting[1]->not_after) {
    return {nullptr,
            Failure{Reason::certificate_ambiguous,
                    described(*fitting[0]) + " and " + described(*fitting[1]) +
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
                     described(certificate) + " is valid from " + to_rfc3339(certificate.not_before) +
                         " on, this computer's clock says " + to_rfc3339(now),
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
  const CertificateReport* const named = find_certificate(token, sha256);
  if (named == nullptr) {
    return {nullptr, Failure{Reason::certificate_not_found,
                             "no certificate on token \"" + token.label + "\" has the SHA-256 fingerprint " +
                                 printable(sha256, 64),
                             {}}};
  }
  if (auto failure = why_no_candidate(*named, token.label, settings.expect))
    return {nullptr, std::move(failure), named};
  if (!named->replaced_by.empty() && !force) {
    return {nullptr,
            Failure{Reason::certificate_not_found,
                    described(*named) + " has been replaced by a later one on the same token",
                    {}},
            named};
  }
  if (auto failure = why_not(*named, settings, now, force)) return {nullptr, std::move(failure), named};
  return {named, {}};
}

bool has_expired(const CertificateReport& certificate, TimePoint now) {
  return now > certificate.not_after;
}

/// Of which certificate it is told when none fits: the latest that has expired, else the first that will be
/// due, else the first that will be valid.
const CertificateReport* to_be_told(const std::vector<const CertificateReport*>& ours,
                                    const Settings& settings, TimePoint now) {
  for (const Validity state : {Validity::expired, Validity::current, Validity::not_yet_valid}) {
    std::vector<const CertificateReport*> such;
    std::copy_if(ours.begin(), ours.end(), std::back_inserter(such),
                 [&](const auto* one) { return validity_of(*one, settings, now) == state; });
    if (such.empty()) continue;
    prefer_those_with_a_key(such);
    prefer_those_of_this_authority(such);
    const auto [first, last] = std::minmax_element(
        such.begin(), such.end(), [](const auto* a, const auto* b) { return is_earlier(*a, *b); });
    return state == Validity::expired ? *last : *first;
  }
  return nullptr;
}

}  // namespace

std::string described(const CertificateReport& certificate) {
  if (certificate.purpose == messages::Purpose::unreadable)
    return "the certificate " + certificate.sha256 + " (CKA_ID " + certificate.key_id + ")";
  return "\"" + certificate.common_name + "\" (serial " + certificate.serial + ", expires " +
         to_rfc3339(certificate.not_after) +
         (certificate.issuer.empty() ? "" : ", issued by " + printable(certificate.issuer, 200)) + ")";
}

std::string other_candidates(const messages::TokenReport& token, std::string_view sha256,
                             const Settings::Expect& expect) {
  std::string text;
  for (const CertificateReport* one : candidates(token, expect)) {
    if (one->sha256 != sha256)
      text += (text.empty() ? "" : ", ") + described(*one) + " SHA-256 " + one->sha256;
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

  const auto fitting = [&](bool due_or_not) {
    std::vector<const CertificateReport*> result;
    std::copy_if(ours.begin(), ours.end(), std::back_inserter(result),
                 [&](const auto* one) { return !why_not(*one, settings, now, due_or_not); });
    return result;
  };
  if (auto due = fitting(false); !due.empty()) return first_to_expire(std::move(due));
  const auto* const told = to_be_told(ours, settings, now);
  auto failure = why_not(*told, settings, now, false);
  if (force && failure->reason == Reason::not_due) return first_to_expire(fitting(true));
  return {nullptr, std::move(failure), told};
}

bool is_left_behind(const CertificateReport& certificate, const messages::TokenReport& token,
                    const Settings& settings, TimePoint now) {
  if (!has_expired(certificate, now)) return false;
  const bool for_long = now > add(certificate.not_after, settings.renewal.window);
  return std::any_of(token.certificates.begin(), token.certificates.end(), [&](const auto& other) {
    if (!is_candidate(other, settings.expect) || has_expired(other, now)) return false;
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

std::optional<Failure> weakness_of(const CertificateReport& certificate) {
  if (certificate.weakness.empty()) return {};
  return Failure{Reason::certificate_too_weak,
                 "certificate " + certificate.serial + " cannot be used: " + certificate.weakness,
                 {}};
}

bool pin_may_tell(const Failure& failure, const messages::TokenReport& token) {
  if (!token.private_objects_hidden) return false;
  if (failure.reason == Reason::certificate_not_found) return true;
  // An expired certificate beside a key that belongs to none: what came after it may be hidden.
  return failure.reason == Reason::reissue_needed && !token.keys_without_certificate.empty();
}

}  // namespace koshin::renewal
