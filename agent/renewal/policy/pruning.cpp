// SPDX-License-Identifier: MIT
#include "renewal/policy/pruning.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;

ChoiceToDelete none(Reason reason, std::string detail) {
  return {nullptr, Failure{reason, std::move(detail), {}}};
}

std::string what_is_hidden(const messages::TokenReport& token) {
  return token.private_objects_hidden ? "; what is hidden without the PIN cannot be told" : "";
}

/// No renewed certificate may be deleted without further confirmation; perhaps mail was encrypted for a
/// renewed one.
ChoiceToDelete why_none(const messages::TokenReport& token, const TokenProfile& profile) {
  for (const CertificateReport& certificate : token.certificates) {
    if (!certificate.renewed || deletion_of(certificate) != Deletion::decrypting) continue;
    if (stays_on(profile, certificate))
      return none(Reason::prune_not_allowed, why_certificate_stays(certificate));
    return none(Reason::prune_not_allowed,
                describe_in_full(certificate) +
                    " has been renewed, but mail may have been encrypted for it, which programs may not find "
                    "the key of "
                    "without it: --certificate " +
                    certificate.sha256 + " --also-encryption deletes it, and leaves its key on the token");
  }
  return none(
      Reason::nothing_to_delete,
      "no certificate on the token is one that koshin has renewed, with its successor there and valid" +
          what_is_hidden(token));
}

}  // namespace

std::string describe_in_full(const CertificateReport& certificate) {
  if (certificate.purpose == Purpose::unreadable) return "the certificate " + certificate.sha256;
  return "\"" + printable(certificate.common_name, 200) + "\" (issuer \"" +
         printable(certificate.issuer, 300) + "\", serial " + certificate.serial + ", expires " +
         to_rfc3339(certificate.not_after) + ", purpose " + std::string(to_string(certificate.purpose)) + ")";
}

bool keeps_private_key(const CertificateReport& certificate) {
  return certificate.decrypts;
}

bool is_the_one_in_use(const messages::TokenReport& token, const CertificateReport& certificate,
                       TimePoint now) {
  const auto in_force = [&](const CertificateReport& one) {
    return one.purpose == messages::Purpose::log_in && now <= one.not_after;
  };
  return in_force(certificate) && std::ranges::none_of(token.certificates, [&](const CertificateReport& one) {
           return one.sha256 != certificate.sha256 && in_force(one);
         });
}

bool stays_on(const TokenProfile& profile, const CertificateReport& certificate) {
  const bool has_key = certificate.key_state != messages::KeyState::missing;
  return keeps_private_key(certificate) && has_key && !profile.deletes_pairs();
}

std::string why_certificate_stays(const CertificateReport& certificate) {
  return describe_in_full(certificate) +
         " stays: its key may be needed for what was encrypted for it, and a card may not show a key whose "
         "slot holds no certificate, so that the slot would be taken for an empty one. Where the slot is "
         "needed and nothing is left to be read with the key, empty it with the vendor's tool";
}

ChoiceToDelete choose_to_delete(const messages::TokenReport& token, std::string_view sha256,
                                const TokenProfile& profile) {
  if (!sha256.empty()) {
    if (const auto* named = find_certificate(token, sha256)) {
      // Without the PIN the key may still turn out to be missing.
      const bool told = !token.private_objects_hidden || named->key_state != messages::KeyState::unknown;
      if (told && stays_on(profile, *named))
        return none(Reason::prune_not_allowed, why_certificate_stays(*named));
      return {named, {}};
    }
    return none(Reason::nothing_to_delete, "no certificate on the token has the SHA-256 fingerprint " +
                                               printable(sha256, 64) + what_is_hidden(token));
  }
  std::vector<const CertificateReport*> renewed;
  std::string names;
  for (const CertificateReport& certificate : token.certificates) {
    if (deletion_of(certificate) != Deletion::renewed) continue;
    renewed.push_back(&certificate);
    names += (names.empty() ? "" : ", ") + certificate.sha256;
  }
  if (renewed.empty()) return why_none(token, profile);
  if (renewed.size() > 1) return none(Reason::prune_ambiguous, "name one with --certificate: " + names);
  return {renewed.front(), {}};
}

}  // namespace koshin::renewal
