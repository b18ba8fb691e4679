// SPDX-License-Identifier: MIT
#include "renewal/policy/precedence.hpp"

#include <algorithm>

#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

bool needs_code(const Record& record) {
  return record.enrollment && record.state < State::issued;
}

/// The token report without the lineage that the record renews. (An enrolment may have taken over the name of
/// a certificate that can still be renewed.)
messages::TokenReport without_lineage_of(const Record& record, messages::TokenReport token) {
  const auto* old = needs_code(record) ? nullptr : find_certificate(token, record.old_sha256);
  if (old == nullptr) return token;
  const std::string lineage = old->lineage;
  const std::string sha256 = old->sha256;
  std::erase_if(token.certificates, [&](const messages::CertificateReport& one) {
    return one.sha256 == sha256 || (!lineage.empty() && one.lineage == lineage);
  });
  return token;
}

/// Whether a certificate that is due goes before this record, which could go on by itself.
bool goes_before(const messages::CertificateReport& due, const Record& record,
                 const messages::TokenReport& token) {
  const auto* old = record.enrollment ? nullptr : find_certificate(token, record.old_sha256);
  if (old == nullptr || old->purpose == messages::Purpose::log_in) return false;
  return due.purpose == messages::Purpose::log_in || record.last_failure.has_value();
}

}  // namespace

bool can_only_wait(const Record& record, TimePoint now) {
  return waits_for_authority(record, now) || needs_a_person(record) || proof_needs_a_person(record) ||
         needs_code(record);
}

bool is_of_named(const Record& record, std::string_view fetched, std::string_view named,
                 const messages::TokenReport& token) {
  if (named.empty() || record.old_sha256 == named || (!fetched.empty() && fetched == named)) return true;
  const auto* old = find_certificate(token, record.old_sha256);
  const auto* meant = find_certificate(token, named);
  return old != nullptr && meant != nullptr && !old->lineage.empty() && old->lineage == meant->lineage;
}

const messages::CertificateReport* due_beside(const Record& record, const messages::TokenReport& token,
                                              const Settings& settings, TimePoint now) {
  const auto others = without_lineage_of(record, token);
  const Choice choice = choose_certificate(others, {}, settings, now, false);
  if (choice.certificate == nullptr) return nullptr;
  const bool first = can_only_wait(record, now) || goes_before(*choice.certificate, record, token);
  return first ? find_certificate(token, choice.certificate->sha256) : nullptr;
}

}  // namespace koshin::renewal
