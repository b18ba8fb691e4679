// SPDX-License-Identifier: MIT
#include "renewal/policy/sitting.hpp"

#include <algorithm>

#include "renewal/policy/inventory.hpp"
#include "renewal/policy/precedence.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

/// Whether a renewal of the certificate was begun and goes on by itself.
bool goes_on(const CertificateReport& certificate, const std::vector<Record>& unfinished, TimePoint now) {
  return std::ranges::any_of(unfinished, [&](const Record& record) {
    return record.old_sha256 == certificate.sha256 && !record.enrollment && !can_only_wait(record, now);
  });
}

}  // namespace

std::vector<CertificateReport> certificates_of_sitting(const messages::TokenReport& token,
                                                       const std::vector<Record>& unfinished,
                                                       const Settings& settings, TimePoint now) {
  std::vector<CertificateReport> all;
  const auto add = [&](const CertificateReport& certificate) {
    const bool known =
        std::ranges::any_of(all, [&](const auto& one) { return one.sha256 == certificate.sha256; });
    if (!known) all.push_back(certificate);
  };
  for (const CertificateReport& one : token.certificates)
    if (is_ours(one, settings.expect) && goes_on(one, unfinished, now)) add(one);
  for (const CertificateReport* one : due_certificates(token, settings, now)) add(*one);
  return all;
}

bool ends_sitting(const Failure& failure) {
  return failure.reason < Reason::certificate_not_found;
}

}  // namespace koshin::renewal
