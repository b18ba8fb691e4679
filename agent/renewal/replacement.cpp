// SPDX-License-Identifier: MIT
#include "renewal/replacement.hpp"

#include <algorithm>

#include "foundation/text.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

bool takes_the_place(const CertificateReport& later, const CertificateReport& earlier) {
  return earlier.for_client_authentication && later.subject == earlier.subject &&
         later.not_after > earlier.not_after;
}

bool is_its_certificate(const Record& record, const CertificateReport& certificate) {
  return certificate.key_id == to_hex(record.key_id) && certificate.not_after == record.new_not_after;
}

}  // namespace

bool was_replaced(const CertificateReport& old, const TokenReport& token,
                  const std::vector<Record>& records) {
  return std::any_of(records.begin(), records.end(), [&](const Record& record) {
    if (record.state != State::completed) return false;
    if (record.old_sha256 == old.sha256) return true;
    return std::any_of(token.certificates.begin(), token.certificates.end(),
                       [&](const CertificateReport& other) {
                         return is_its_certificate(record, other) && takes_the_place(other, old);
                       });
  });
}

std::optional<CertificateReport> predecessor(const CertificateReport& issued, const TokenReport& token) {
  const CertificateReport* found = nullptr;
  for (const CertificateReport& other : token.certificates) {
    if (!takes_the_place(issued, other)) continue;
    if (found != nullptr) return {};
    found = &other;
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace koshin::renewal
