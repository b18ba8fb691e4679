// SPDX-License-Identifier: MIT
// Looking refused certificates up in the journal, where there can be any.
#include "renewal/token/refused.hpp"

#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

CertificateReport* find(messages::TokenReport& report, const std::string& sha256) {
  const auto found = std::find_if(report.certificates.begin(), report.certificates.end(),
                                  [&](const CertificateReport& one) { return one.sha256 == sha256; });
  return found == report.certificates.end() ? nullptr : &*found;
}

void set_back(const Record& record, messages::TokenReport& report) {
  const bool refused = record.state == State::abandoned && record.pair_refused && !record.certificate.empty();
  if (!refused) return;
  CertificateReport* old = find(report, record.old_sha256);
  CertificateReport* fetched = find(report, enrollment::Certificate::from_der(record.certificate).sha256());
  if (old == nullptr || fetched == nullptr) return;
  if (old->replaced_by != fetched->sha256) return;  // renewed afresh since
  old->replaced_by.clear();
  old->renewed = false;
  fetched->replaced_by = old->sha256;
}

}  // namespace

void set_back_refused(Journal& journal, messages::TokenReport& report) {
  const bool any = std::any_of(report.certificates.begin(), report.certificates.end(),
                               [](const CertificateReport& one) { return !one.replaced_by.empty(); });
  if (!any) return;
  constexpr std::size_t looked_back = 100;
  try {
    for (const Record& record : journal.history_of(token_key(report), looked_back)) set_back(record, report);
  } catch (const FailureError& error) {
    log::warning(log::Event::none,
                 "certificates are looked at without the journal: " + error.failure().detail);
  }
}

}  // namespace koshin::renewal
