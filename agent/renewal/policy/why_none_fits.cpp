// SPDX-License-Identifier: MIT
#include "renewal/policy/why_none_fits.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;

std::optional<std::string> why_not_ours(const CertificateReport& certificate,
                                        const Settings::Expect& expect) {
  if (auto why = why_unexpected(names_of(certificate), expect)) return why;
  if (!certificate.bank.empty() && certificate.bank != expect.bank)
    return "bank is \"" + certificate.bank + "\"";
  if (!certificate.disputed.empty()) return "banks are " + joined(certificate.disputed);
  if (certificate.unclaimed) return "token is none that expect.token_uri names";
  return {};
}

/// Why the log-in certificates are not ours; the first few of them.
std::string unexpected_ones(const messages::TokenReport& token, const Settings::Expect& expect) {
  constexpr int most = 3;
  std::string text;
  int count = 0;
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.purpose != messages::Purpose::log_in || !certificate.replaced_by.empty()) continue;
    const auto why = why_not_ours(certificate, expect);
    if (why && ++count <= most) text += "; of " + describe_certificate(certificate) + " the " + *why;
  }
  return text;
}

std::string counted_by_purpose(const messages::TokenReport& token, messages::Purpose purpose,
                               const char* what) {
  const auto count = std::count_if(token.certificates.begin(), token.certificates.end(),
                                   [&](const auto& certificate) { return certificate.purpose == purpose; });
  return count == 0 ? std::string() : ", " + std::to_string(count) + " " + what;
}

}  // namespace

Choice why_none(const messages::TokenReport& token, Purpose purpose, const Settings::Expect& expect) {
  const std::string where = " on token \"" + printable(token.label, 200) + "\"";
  for (const CertificateReport& certificate : token.certificates) {
    auto disputed = certificate.purpose == purpose ? why_disputed(certificate, expect) : std::nullopt;
    if (disputed && certificate.replaced_by.empty()) return {nullptr, std::move(disputed), &certificate};
  }
  for (const CertificateReport& certificate : token.certificates) {
    if (certificate.purpose == purpose && certificate.replaced_by.empty() && is_ours(certificate, expect) &&
        certificate.key_state == messages::KeyState::missing)
      return {nullptr,
              Failure{Reason::key_not_found,
                      "the private key of " + describe_certificate(certificate) + " is not" + where,
                      {}},
              &certificate};
  }
  const std::string hidden =
      token.private_objects_hidden ? "; what is hidden without the PIN cannot be told" : "";
  const auto all = token.certificates.size();
  if (all == 0)
    return {nullptr, Failure{Reason::certificate_not_found, "there is no certificate" + where + hidden, {}}};
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

std::optional<Failure> why_disputed(const CertificateReport& certificate, const Settings::Expect& expect) {
  const auto& banks = certificate.disputed;
  if (std::find(banks.begin(), banks.end(), expect.bank) == banks.end()) return {};
  return Failure{Reason::bank_ambiguous,
                 describe_certificate(certificate) + " fits the settings of several banks: " + joined(banks),
                 {}};
}

std::optional<Failure> why_no_candidate(const CertificateReport& certificate, const std::string& token_label,
                                        const Settings::Expect& expect) {
  const std::string name =
      describe_certificate(certificate) + " on token \"" + printable(token_label, 200) + "\"";
  if (certificate.purpose == Purpose::unreadable)
    return Failure{Reason::certificate_unreadable, name + " cannot be parsed", {}};
  if (!is_renewed(certificate.purpose, expect))
    return Failure{Reason::certificate_not_found,
                   name + " is not for client authentication but for " +
                       std::string(to_string(certificate.purpose)) +
                       (has_lineage(certificate.purpose) ? ", which renewal.purposes does not name" : ""),
                   {}};
  if (auto disputed = why_disputed(certificate, expect)) return disputed;
  if (!is_ours(certificate, expect))
    return Failure{Reason::certificate_not_found,
                   name + " is not expected: " + why_not_ours(certificate, expect).value_or(""),
                   {}};
  if (certificate.key_state == messages::KeyState::missing)
    return Failure{Reason::key_not_found, "the private key of " + name + " is not there", {}};
  return {};
}

std::string describe_certificate(const CertificateReport& certificate) {
  if (certificate.purpose == messages::Purpose::unreadable)
    return "the certificate " + certificate.sha256 + " (CKA_ID " + certificate.key_id + ")";
  return "\"" + certificate.common_name + "\" (serial " + certificate.serial + ", expires " +
         to_rfc3339(certificate.not_after) +
         (certificate.issuer.empty() ? "" : ", issued by " + printable(certificate.issuer, 200)) + ")";
}

std::optional<Failure> weakness_of(const CertificateReport& certificate) {
  if (certificate.weakness.empty()) return {};
  return Failure{Reason::certificate_too_weak,
                 "certificate " + certificate.serial + " cannot be used: " + certificate.weakness,
                 {}};
}

}  // namespace koshin::renewal
