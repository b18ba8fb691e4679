// SPDX-License-Identifier: MIT
// The user's store "MY". It is asked for what the journal says was renewed: what else lies there is nobody's
// business.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "desk_check/checks.hpp"
#include "enrollment/x509/certificate.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/system/certificate_store.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/store_check.hpp"
#include "renewal/token/certificate_purpose.hpp"

namespace koshin::desk_check {
namespace {

using Store = std::vector<StoredCertificate>;
using Records = std::vector<renewal::Record>;

constexpr std::size_t records_looked_at = 200;

/// Newest first; none where there is no journal yet: it is not made for the question.
Records records_of_user() {
  const auto file = paths::journal_file();
  if (!std::filesystem::exists(file)) return {};
  return renewal::Journal::open_to_read(file)->history(records_looked_at);
}

messages::Purpose purpose_of(const renewal::Bytes& der) {
  return renewal::purpose_of(enrollment::Certificate::from_der(der), true);
}

/// What the words name a certificate by.
std::vector<std::string> values_of(const renewal::RenewedCertificate& renewed, const std::string& serial) {
  return {renewed.record->token_label, serial, to_rfc3339(renewed.record->new_not_after)};
}

struct Found {
  Status status;
  DeskFinding finding;
};

/// Some vendors' programs take the certificates out of the store with the token. Which token a card is, is
/// not asked: a card of another's is no excuse.
Found found_of(const renewal::StoreFinding& found, Readers readers) {
  if (found.can_be_offered()) return {Status::ok, DeskFinding::store_has_it};
  if (found.has_it) return {Status::warning, DeskFinding::store_keyless};
  const bool no_card = readers == Readers::none || readers == Readers::some;
  return no_card ? Found{Status::skipped, DeskFinding::store_token_absent}
                 : Found{Status::warning, DeskFinding::store_lacks_it};
}

void add(Report& report, const Store& store, const renewal::RenewedCertificate& renewed, Readers readers,
         TimePoint now) {
  const auto found = renewal::find_in_store(store, renewed.query, now);
  const auto known = as_stored(renewed.record->certificate);
  const auto [status, finding] = found_of(found, readers);
  report.add(DeskSubject::certificate_store, status, finding,
             values_of(renewed, known ? known->serial : std::string()));
  if (found.expired_twin)
    report.add(DeskSubject::certificate_store, Status::warning, DeskFinding::store_expired_twin,
               {found.expired_twin->serial, to_rfc3339(found.expired_twin->not_after)});
}

void add_not_examined(Report& report, const std::string& why) {
  report.add(DeskSubject::certificate_store, Status::skipped, DeskFinding::desk_not_examined, {why});
}

std::string no_answer_of(const std::string& what) {
  return what + " has not answered within " + std::to_string(service_limit.count()) + " s";
}

/// Empty, and told, where the journal cannot be read.
std::optional<Records> read_records(Report& report) {
  const std::string in_vain = ": so the Personal store was not asked for renewed certificates";
  try {
    auto records = within<Records>(service_limit, records_of_user);
    if (!records) add_not_examined(report, no_answer_of("the journal") + in_vain);
    return records;
  } catch (const FailureError& error) {
    add_not_examined(report, error.failure().detail + in_vain);
    return {};
  }
}

}  // namespace

void check_certificate_store(Report& report, Readers readers) {
  const TimePoint now = current_time();
  const auto records = read_records(report);
  if (!records) return;
  const auto renewed = renewal::renewed_and_valid(
      *records, now, [](const renewal::Bytes& der) { return as_stored(der); }, purpose_of);
  if (renewed.empty())
    return report.add(DeskSubject::certificate_store, Status::ok, DeskFinding::store_nothing_renewed);
  const auto store = within<Store>(service_limit, read_certificate_store);
  if (!store) return add_not_examined(report, no_answer_of("the Personal store"));
  for (const auto& one : renewed) add(report, *store, one, readers, now);
}

}  // namespace koshin::desk_check
