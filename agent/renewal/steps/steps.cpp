// SPDX-License-Identifier: MIT
// The table of steps, and its execution.
#include "renewal/steps/steps.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "renewal/policy/proof_consequences.hpp"
#include "renewal/steps/key_policies.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/replaced_certificate.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::Step;

enum class Saves { no, yes };

/// How a step is run. `done_at`: the state from which on the step is finished. `saves`: the step ends by
/// entering that state.
struct Row {
  Step step;
  std::optional<State> done_at;
  Saves saves;
  StepFunction run;
};

constexpr std::array<Row, messages::all_steps.size()> step_table{{
    {Step::preflight, std::nullopt, Saves::no, preflight},
    {Step::generate_key_pair, State::generated, Saves::yes, generate_key_pair},
    {Step::sign_request, State::requested, Saves::yes, sign_request},
    {Step::submit, State::issued, Saves::no, submit},
    {Step::check_issued, State::issued, Saves::yes, check_issued},
    {Step::write, State::written, Saves::no, write},
    {Step::read_back, State::written, Saves::yes, read_back},
    {Step::prove, State::completed, Saves::yes, prove},
}};
static_assert(std::equal(step_table.begin(), step_table.end(), messages::all_steps.begin(),
                         [](const Row& row, Step step) { return row.step == step; }),
              "every step is run, in the order of the steps");

bool is_done(const Workspace& work, const Row& row) {
  if (!row.done_at || work.record.number == 0 || work.record.state < *row.done_at) return false;
  // A request may be bound to the connection that it was made for, and is void on another one.
  return row.step != Step::sign_request || !work.authority ||
         work.authority->still_good(exchange_of(work.record));
}

std::optional<messages::Event> run_row(Workspace& work, const Row& row) {
  if (is_done(work, row)) {
    announce(work.context, {row.step, true, true, {}});
    return {};
  }
  announce(work.context, {row.step, false, false, {}});
  if (auto end = row.run(work)) return end;
  if (row.saves == Saves::yes) {
    change_state(work.context, work.record, *row.done_at, row.step);
    tell_of_new_key(work);
  } else {
    announce(work.context, {row.step, true, false, {}});
  }
  return {};
}

/// A signature that failed inside OpenSSL surfaces as a TLS failure; the session has the cause.
Failure failure_of(Workspace& work, const std::exception& error) {
  const auto signing = work.token.is_open() ? work.token.session().take_signing_failure() : nullptr;
  if (!signing) return as_failure(error);
  try {
    std::rethrow_exception(signing);
  } catch (const std::exception& cause) {
    return as_failure(cause);
  }
}

/// Whether the step is the proof, or has come to it: a certificate that overwrites is proved before it is
/// written.
bool concerns_proof(const Workspace& work, Step step) {
  return step == Step::prove || work.proving;
}

/// The consequences of a failure. A refusal by the authority is final. A failed proof is final the second
/// time, with a person present (a server may take its time to learn of a certificate); and, for a certificate
/// of an earlier run, as soon as a person has brought a code for another one.
Ending ending_of(const Workspace& work, Step step, const Failure& failure) {
  const Record& record = work.record;
  Ending ending;
  const bool proving = concerns_proof(work, step);
  const bool answer = step == Step::submit || step == Step::check_issued || proving;
  if (answer && is_wrong_answer(failure.reason)) ending.wrong_answer = failure.reason;
  const bool asked = step == Step::submit && work.submitting;
  if (asked && !ending.wrong_answer && work.authority && work.authority->answer_lost())
    ending.wrong_answer = lost_answer;
  const bool refused = failure.reason == Reason::authority_refused ||
                       failure.reason == Reason::authority_key_already_certified;
  if (asked && refused) {
    ending.given_up = true;
    ending.pair_refused = may_have_certified(work) && !record.same_key;
  }
  // This computer's own rules would refuse the certificate the next time as well.
  if (proving && failure.reason == Reason::certificate_too_weak) {
    ending.given_up = true;
    ending.pair_refused = !record.same_key;
  }
  if (proving && failure.reason == Reason::proof_failed) {
    const bool again = record.wrong_answer == Reason::proof_failed && !work.context.job.unattended;
    ending.given_up = again || (work.resumed_issued && work.enrolling());
    ending.pair_refused = ending.given_up && !record.same_key;
  }
  return ending;
}

/// Whether the run starts again with a fresh pair: an authority that certifies a key only once refuses a pair
/// for ever when its answer was lost. At most once in a run, and not with a one-time code, which is valid for
/// the first key that came with it.
bool begin_again(Workspace& work, const Ending& ending, Step step) {
  const bool fresh = step == Step::submit && ending.pair_refused && work.sent_before.value_or(false) &&
                     !work.began_again && !work.enrolling();
  if (!fresh) return false;
  Record next;
  next.token = work.record.token;
  next.token_label = work.record.token_label;
  next.old_sha256 = work.record.old_sha256;
  next.key_algorithm = work.record.key_algorithm;
  work.new_key.reset();
  work.record = std::move(next);
  work.sent_before.reset();
  work.began_again = true;
  work.context.emit(messages::NoticeEvent{
      "pair_refused",
      "The authority refused a key pair that it may have certified before; another one is made."});
  return true;
}

void stop_if_asked(const JobContext& context) {
  if (!context.stop.stop_requested()) return;
  fail(Reason::interrupted, "stopped between two steps; the next run goes on from here");
}

/// The renewed certificate where the token does not have it any more: an earlier run has deleted it, or read
/// it. Of what the journal has no record, the fingerprint alone is known.
messages::CertificateReport old_certificate_of(const Workspace& work) {
  if (!work.old_report.sha256.empty()) return work.old_report;
  for (const Record& record : work.context.journal.history_of(work.token.key(), records_looked_back)) {
    // Compared as bytes first: a record of another one that cannot be read any more is passed over.
    if (enrollment::sha256_of(pkcs11::ByteView(record.certificate)) != work.record.old_sha256) continue;
    return report_certificate(enrollment::Certificate::from_der(record.certificate), record.key_id, {});
  }
  messages::CertificateReport unknown;
  unknown.sha256 = work.record.old_sha256;
  return unknown;
}

messages::Event completed(const Workspace& work) {
  messages::RenewResult result;
  result.token = work.token.report();
  const auto certificate = enrollment::Certificate::from_der(work.record.certificate);
  const bool enrolled = work.record.enrollment || work.context.job.kind == messages::JobKind::enroll;
  for (const auto& report : result.token.certificates) {
    const bool renewed = !enrolled && report.sha256 == work.record.old_sha256;
    if (renewed) result.old_certificate = report;
    if (report.sha256 == certificate.sha256()) result.new_certificate = report;
  }
  if (result.old_certificate.sha256.empty() && !enrolled) result.old_certificate = old_certificate_of(work);
  log::info(work.record.enrollment ? log::Event::enrolled : log::Event::renewal_completed,
            "certificate " + certificate.serial() + " of \"" + printable(certificate.common_name()) +
                "\" is in use",
            {{"KOSHIN_TOKEN", serial_number(work.record.token)},
             {"KOSHIN_CERTIFICATE", result.new_certificate.sha256}});
  return result;
}

/// Whether the new certificate was tried and does not log in: not that it could not be tried.
bool is_refused_proof(const Workspace& work, Step step, const Failure& failure) {
  const bool refused =
      failure.reason == Reason::proof_failed || failure.reason == Reason::certificate_too_weak;
  return refused && concerns_proof(work, step);
}

/// A refused certificate that has overwritten the old one gives way to it, also where the slot only seems to
/// be empty (a card that fails may not show what it has). Until that is done, the record stays: the next run
/// does it.
void make_way_for_old(Workspace& work, Ending& ending) {
  const Record& record = work.record;
  const bool overwritten =
      overwrites_old(record, work.token.profile()) && !record.replaced_certificate.empty();
  if (overwritten && !put_back_replaced(work)) ending.given_up = ending.pair_refused = false;
}

/// The server's refusal with what koshin will do next, and where the old certificate is.
Failure with_what_follows(const Workspace& work, const Ending& ending, Failure failure) {
  if (work.record.number == 0) return failure;
  std::vector<ProofConsequence> follows;
  if (failure.reason == Reason::proof_failed)
    follows.push_back(ending.given_up ? ProofConsequence::given_up : ProofConsequence::tried_again);
  if (const auto place = where_old_is(work)) follows.push_back(*place);
  failure.detail = with_consequences(failure.detail, follows);
  return failure;
}

/// Stores the failure in the record; returns whether the steps are repeated with a fresh pair.
bool keep_failure(Workspace& work, Step step, Failure& failure) {
  Ending ending = ending_of(work, step, failure);
  log::warning(log::Event::renewal_failed, failure.detail,
               {{"KOSHIN_STEP", messages::to_string(step)}, {"KOSHIN_REASON", info(failure.reason).id}});
  if (!work.may_change) return false;
  try {
    const bool refused = is_refused_proof(work, step, failure);
    if (refused) make_way_for_old(work, ending);
    const Failure kept = refused ? with_what_follows(work, ending, failure) : failure;
    record_failure(work.context, work.record, kept, ending);
    failure = kept;  // a person reads of consequences that the journal has
    return begin_again(work, ending, step);
  } catch (const std::exception& second) {  // the first failure is reported
    log::error(log::Event::renewal_failed, as_failure(second).detail);
    return false;
  }
}

/// Runs the steps from `first` to the end. Throws FailureError, with the failure stored in the record;
/// returns an empty value when the changing steps are to be repeated.
std::optional<messages::Event> run_from(Workspace& work, std::size_t first) {
  const Row* current = &step_table.at(first);
  try {
    for (std::size_t i = first; i < step_table.size(); ++i) {
      current = &step_table.at(i);
      stop_if_asked(work.context);
      if (auto end = run_row(work, *current)) return end;
    }
    return completed(work);
  } catch (const std::exception& error) {
    Failure failure = with_slots_named(work, failure_of(work, error));
    if (!keep_failure(work, current->step, failure)) throw FailureError(failure);
    return {};
  }
}

messages::Event run_leg(Workspace& work) {
  constexpr std::size_t behind_preflight = 1;
  try {
    auto end = run_from(work, 0);
    while (!end) end = run_from(work, behind_preflight);
    if (std::holds_alternative<messages::PendingResult>(*end)) tell_of_unfinished_leg(work);
    return *end;
  } catch (const FailureError&) {
    tell_of_unfinished_leg(work);
    tell_of_old_certificate(work);
    throw;
  }
}

}  // namespace

messages::Event run_steps(Workspace& work) {
  auto end = run_leg(work);
  const auto* first = std::get_if<messages::RenewResult>(&end);
  if (first == nullptr || !second_leg_follows(work)) return end;
  begin_second_leg(work);
  auto second = run_leg(work);
  if (auto* renewed = std::get_if<messages::RenewResult>(&second))
    renewed->old_certificate = first->old_certificate;
  return second;
}

}  // namespace koshin::renewal
