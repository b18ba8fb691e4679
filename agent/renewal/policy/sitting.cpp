// SPDX-License-Identifier: MIT
#include "renewal/policy/sitting.hpp"

#include <algorithm>

#include "renewal/policy/inventory.hpp"
#include "renewal/policy/precedence.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

/// Whether the record goes on when the certificate is named: it renews the certificate, or is an enrolment
/// that has written the certificate, with its proof left.
bool is_for(const Record& record, const CertificateReport& certificate) {
  if (!record.enrollment) return record.old_sha256 == certificate.sha256;
  return record.state == State::written && is_issued_for(certificate, record);
}

/// The unfinished record of the certificate that can go on by itself; null when there is none.
const Record* begun(const CertificateReport& certificate, const std::vector<Record>& unfinished,
                    TimePoint now) {
  const auto found = std::ranges::find_if(unfinished, [&](const Record& record) {
    return is_for(record, certificate) && !can_only_wait(record, now);
  });
  return found == unfinished.end() ? nullptr : &*found;
}

/// What ends the sitting (ends_sitting()) each time keeps only what comes after it from being tried.
int place_in_sitting(const CertificateReport& certificate, const std::vector<Record>& unfinished,
                     TimePoint now) {
  if (certificate.purpose == messages::Purpose::log_in) return 0;
  const Record* record = begun(certificate, unfinished, now);
  return record != nullptr && record->last_failure ? 2 : 1;
}

}  // namespace

std::vector<CertificateReport> certificates_of_sitting(const messages::TokenReport& token,
                                                       const std::vector<Record>& unfinished,
                                                       const Settings& settings, TimePoint now,
                                                       const std::vector<std::string>& known) {
  std::vector<CertificateReport> all;
  const auto add = [&](const CertificateReport& certificate) {
    const bool had = std::ranges::find(known, certificate.sha256) != known.end() ||
                     std::ranges::find(all, certificate.sha256, &CertificateReport::sha256) != all.end();
    if (!had && all.size() + known.size() < longest_sitting) all.push_back(certificate);
  };
  for (const CertificateReport& one : token.certificates)
    if (is_ours(one, settings.expect) && begun(one, unfinished, now) != nullptr) add(one);
  for (const CertificateReport* one : due_certificates(token, settings, now)) add(*one);
  std::ranges::stable_sort(
      all, {}, [&](const CertificateReport& one) { return place_in_sitting(one, unfinished, now); });
  return all;
}

bool ends_sitting(const Failure& failure) {
  return failure.reason < Reason::certificate_not_found ||
         failure.reason == Reason::proxy_authentication_failed;
}

}  // namespace koshin::renewal
