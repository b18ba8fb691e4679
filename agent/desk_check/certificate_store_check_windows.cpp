// SPDX-License-Identifier: MIT
// The user's store "MY". It is asked for what the journal says was renewed: what else lies there is nobody's
// business.
#include <filesystem>

#include "desk_check/checks.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/system/certificate_store.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/store_check.hpp"

namespace koshin::desk_check {
namespace {

using Store = std::vector<StoredCertificate>;

constexpr std::size_t records_looked_at = 200;

/// Newest first; none where there is no journal yet: it is not made for the question.
std::vector<renewal::Record> records_of_user() {
  const auto file = paths::journal_file();
  if (!std::filesystem::exists(file)) return {};
  return renewal::Journal::open(file)->history(records_looked_at);
}

/// What the words name a certificate by.
std::vector<std::string> values_of(const renewal::RenewedCertificate& renewed, const std::string& serial) {
  return {renewed.record->token_label, serial, to_rfc3339(renewed.record->new_not_after)};
}

void add(Report& report, const Store& store, const renewal::RenewedCertificate& renewed, TimePoint now) {
  const auto found = renewal::find_in_store(store, renewed.query, now);
  const auto known = as_stored(renewed.record->certificate);
  report.add(DeskSubject::certificate_store, found.has_it ? Status::ok : Status::warning,
             found.has_it ? DeskFinding::store_has_it : DeskFinding::store_lacks_it,
             values_of(renewed, known ? known->serial : std::string()));
  if (found.expired_twin)
    report.add(DeskSubject::certificate_store, Status::warning, DeskFinding::store_expired_twin,
               {found.expired_twin->serial, to_rfc3339(found.expired_twin->not_after)});
}

}  // namespace

void check_certificate_store(Report& report) {
  const TimePoint now = current_time();
  const auto records = records_of_user();
  const auto renewed =
      renewal::renewed_and_valid(records, now, [](const renewal::Bytes& der) { return as_stored(der); });
  if (renewed.empty())
    return report.add(DeskSubject::certificate_store, Status::ok, DeskFinding::store_nothing_renewed);
  const auto store = within<Store>(service_limit, read_certificate_store);
  if (!store)
    return report.add(DeskSubject::certificate_store, Status::skipped, DeskFinding::desk_not_examined,
                      {"the store has not answered within " + std::to_string(service_limit.count()) + " s"});
  for (const auto& one : renewed) add(report, *store, one, now);
}

}  // namespace koshin::desk_check
