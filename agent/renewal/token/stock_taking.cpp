// SPDX-License-Identifier: MIT
#include "renewal/token/stock_taking.hpp"

#include <algorithm>

#include "foundation/log/log.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/token/known_authorities.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

constexpr std::size_t records_looked_at = 1000;

/// Whether `fits` is true for any two certificates of the token.
bool any_two(const TokenReport& report, const auto& fits) {
  const auto& all = report.certificates;
  for (auto one = all.begin(); one != all.end(); ++one) {
    for (auto other = std::next(one); other != all.end(); ++other) {
      if (fits(*one, *other)) return true;
    }
  }
  return false;
}

bool same_person(const CertificateReport& one, const CertificateReport& other) {
  return one.purpose == other.purpose && one.holder == other.holder && !one.holder.empty();
}

RenewalsSoFar renewals_on(Journal& journal, const TokenKey& token) {
  RenewalsSoFar so_far;
  for (const Record& record : journal.history_of(token, records_looked_at)) {
    if (record.old_sha256.empty() || record.certificate.empty()) continue;
    const Renewed pair{.old_sha256 = record.old_sha256,
                       .new_sha256 = enrollment::sha256_of(pkcs11::ByteView(record.certificate)),
                       .by_name = record.enrollment};
    if (record.state == State::completed) so_far.completed.push_back(pair);
    if (is_given_up_unproved(record)) so_far.refused.push_back(pair);
  }
  // A certificate that was given up may have logged in since.
  std::erase_if(so_far.refused, [&](const Renewed& given_up) {
    return std::any_of(so_far.completed.begin(), so_far.completed.end(),
                       [&](const Renewed& pair) { return pair.new_sha256 == given_up.new_sha256; });
  });
  return so_far;
}

Certificates anchors_of(const Settings& settings) {
  const auto& chosen = settings.authority.issuer_anchors.empty() ? settings.authority.trust_anchors
                                                                 : settings.authority.issuer_anchors;
  return chosen.empty() ? Certificates{} : enrollment::Certificate::from_pem_file(chosen.string());
}

bool names_no_key(const CertificateReport& certificate) {
  return certificate.issuer_key.starts_with("name:");
}

/// Whether the issuers decide about two certificates of one purpose: of one person, whether one replaces the
/// other; of log-in certificates, which belongs to the configured authority.
bool issuers_matter(const CertificateReport& one, const CertificateReport& other) {
  const bool log_in = one.purpose == messages::Purpose::log_in && other.purpose == one.purpose;
  return (log_in || same_person(one, other)) && (one.issuer_key != other.issuer_key || names_no_key(one));
}

/// Determines the issuer key of certificates without AuthorityKeyIdentifier from all available CA
/// certificates.
void name_issuers(const std::vector<pkcs11::TokenObject>& objects, const Certificates& at_hand,
                  TokenReport& report) {
  for (const pkcs11::TokenObject& object : objects) {
    if (object.object_class != pkcs11::ObjectClass::certificate) continue;
    const std::string sha256 = enrollment::sha256_of(pkcs11::ByteView(object.certificate));
    for (CertificateReport& certificate : report.certificates) {
      if (certificate.sha256 != sha256 || !names_no_key(certificate)) continue;
      certificate.issuer_key = issuer_key_of(enrollment::Certificate::from_der(object.certificate), at_hand);
    }
  }
}

/// Joins issuers only where the result matters.
void join_issuers(const Settings& settings, const std::vector<pkcs11::TokenObject>& objects,
                  TokenReport& report) {
  if (!issuers_have_to_be_joined(report)) return;
  const Certificates on_token = authorities_among(objects);
  Certificates anchors = remembered_authorities(settings);
  for (auto& anchor : anchors_of(settings)) anchors.push_back(std::move(anchor));
  Certificates at_hand = anchors;
  at_hand.insert(at_hand.end(), on_token.begin(), on_token.end());
  name_issuers(objects, at_hand, report);
  const auto joined = joined_issuers(anchors, on_token);
  for (CertificateReport& certificate : report.certificates) {
    const auto found = joined.find(certificate.issuer_key);
    const bool another_banks = certificate.bank != settings.bank() && !certificate.bank.empty();
    if (found == joined.end() || another_banks) continue;
    certificate.issuer_key = found->second;
    certificate.issuer_vouched = true;
  }
}

}  // namespace

bool issuers_have_to_be_joined(const TokenReport& report) {
  return any_two(report, issuers_matter);
}

void complete_report(const JobContext& context, const std::vector<pkcs11::TokenObject>& objects,
                     TokenReport& report) {
  RenewalsSoFar so_far;
  assign_banks(report, claims_of(context.settings));
  for (const Settings& bank : banks_of(context)) {
    try {
      join_issuers(bank, objects, report);
    } catch (const FailureError& error) {
      log::debug("issuers are told apart without the anchors", {{"KOSHIN_DETAIL", error.failure().detail}});
    }
  }
  try {
    if (any_two(report, same_person)) so_far = renewals_on(context.journal, token_key(report));
  } catch (const FailureError& error) {
    log::debug("certificates are told apart without the journal",
               {{"KOSHIN_DETAIL", error.failure().detail}});
  }
  assign_lineages(report, so_far, context.now());
}

}  // namespace koshin::renewal
