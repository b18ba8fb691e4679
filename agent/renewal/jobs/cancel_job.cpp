// SPDX-License-Identifier: MIT
// The job `cancel`: gives up an unfinished renewal on a person's request. The journal is written first; then
// the unused pair is deleted, unless it is to stay. Pairs in use are never deleted.
#include "foundation/log/log.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/replaced_certificate.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/left_pairs.hpp"

namespace koshin::renewal {
namespace {

/// The pairs to delete: of a given-up renewal only its own pair, if that has no mark; where nothing is
/// unfinished, all unused pairs of koshin on this token.
std::vector<LeftPair> left_of(OpenToken& token, Journal& journal, const std::optional<Record>& record,
                              TimePoint now) {
  if (record && record->same_key) return {};
  LeftPairFilter by;
  if (record) {
    by.lineage = lineage_in_id(record->key_id);
    by.old_sha256 = record->old_sha256;
  }
  auto left = left_pairs(token, journal, by);
  if (record && !by.lineage)
    std::erase_if(left, [&](const LeftPair& pair) { return pair.key_id != record->key_id; });
  if (record) return left;
  for (LeftPair& pair : refused_certificates(token, journal, now)) left.push_back(std::move(pair));
  return left;
}

/// Throws FailureError{prune_not_allowed} where giving the record up would lose the certificate that it
/// renews: no later run would write it back.
void check_old_is_not_lost(const OpenToken& token, const Record& record) {
  if (!may_have_the_only_copy(record)) return;
  if (is_put_back(token, record) || place_has_another(token, record)) return;
  fail(Reason::prune_not_allowed,
       "the renewal is not given up: this computer's journal alone has the certificate that it renews, which "
       "koshin renew writes back to the token with the management key");
}

/// `keep`: the pair stays on the token. An abandoned record without a public key means that no pair is left.
void give_up(const JobContext& context, Record& record, bool keep, messages::CancelResult& result) {
  result.state = to_string(record.state);
  result.started = record.started;
  result.enrollment = record.enrollment;
  record.last_failure = Failure{Reason::given_up, "a person said so", {}};
  if (!keep && record.state < State::issued) record.public_key.clear();
  change_state(context, record, State::abandoned);
}

}  // namespace

messages::Event run_cancel(const JobContext& context) {
  context.journal.ensure_open();
  OpenToken token(context, find_token(context));
  const bool keep = context.job.keep_key || !token.profile().deletes_pairs();
  keep ? token.open_without_login() : token.log_in(pkcs11::Access::read_write);
  const auto report = token.report();
  const std::uint64_t number = context.job.record_number;
  auto record = unfinished_of(context, token, report, number);
  const bool making =
      record && (record->state == State::issued || (record->state == State::planned && !record->same_key));
  messages::CancelResult result;
  if (record) {
    check_old_is_not_lost(token, *record);
    give_up(context, *record, keep, result);
  }
  if (!record && !report.private_objects_hidden) {
    record = vanished_from(context, token, report, number);
    if (record) give_up(context, *record, false, result);
  }
  // Who named a renewal has not asked for the pairs of others.
  if (number != 0 && !record)
    fail(Reason::nothing_unfinished, "on token \"" + printable(token.info().label, 100) + "\"");
  if (making && !keep) remove_objects_without_class(token);
  for (const LeftPair& pair : left_of(token, context.journal, record, context.now())) {
    if (!keep) remove_pair(token, pair);
    if (pair.blank) continue;
    (keep ? result.kept : result.removed).push_back(report_pair(pair));
  }
  if (!record && (keep || result.removed.empty()))
    fail(Reason::nothing_unfinished, "on token \"" + printable(token.info().label, 100) + "\"");
  log::info(log::Event::none,
            "given up: " + (result.state.empty() ? "nothing unfinished" : result.state) + ", " +
                std::to_string(result.removed.size()) + " unused key pairs removed",
            {{"KOSHIN_TOKEN", serial_number(token.key())}});
  return result;
}

}  // namespace koshin::renewal
