// SPDX-License-Identifier: MIT
#include "renewal/policy/store_check.hpp"

#include <algorithm>

namespace koshin::renewal {

StoreFinding find_in_store(const std::vector<StoredCertificate>& store, const StoreQuery& wanted,
                           TimePoint now) {
  StoreFinding found;
  const auto there = std::ranges::find(store, wanted.sha256, &StoredCertificate::sha256);
  found.has_it = there != store.end();
  const auto& subject = found.has_it ? there->subject : wanted.subject;
  const auto& issuer = found.has_it ? there->issuer : wanted.issuer;
  for (const StoredCertificate& one : store) {
    if (one.sha256 == wanted.sha256 || one.not_after >= now) continue;
    const bool same_names = !subject.empty() && one.subject == subject && one.issuer == issuer;
    const bool replaced = !wanted.old_sha256.empty() && one.sha256 == wanted.old_sha256;
    if (!same_names && !replaced) continue;
    if (!found.expired_twin || found.expired_twin->not_after < one.not_after) found.expired_twin = one;
  }
  return found;
}

std::vector<RenewedCertificate> renewed_and_valid(
    const std::vector<Record>& records, TimePoint now,
    const std::function<std::optional<StoredCertificate>(const Bytes&)>& parse) {
  std::vector<RenewedCertificate> found;
  for (const Record& record : records) {
    if (record.state != State::completed || record.new_not_after < now || record.certificate.empty())
      continue;
    const auto known = parse(record.certificate);
    if (!known) continue;
    const bool renewed_since = std::ranges::any_of(records, [&](const Record& later) {
      return later.state == State::completed && later.old_sha256 == known->sha256;
    });
    if (!renewed_since)
      found.push_back({&record, {known->sha256, record.old_sha256, known->subject, known->issuer}});
  }
  return found;
}

}  // namespace koshin::renewal
