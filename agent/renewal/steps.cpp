// SPDX-License-Identifier: MIT
// The table of steps, and running it.
#include "renewal/steps.hpp"

#include <array>

#include "foundation/log.hpp"
#include "renewal/state_change.hpp"
#include "renewal/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::Step;

enum class Saves { no, yes };

/// `done_at`: a record in this state, or a later one, has this step behind it. Where it `saves`, the end of
/// the step is that state.
struct Row {
  Step step;
  std::optional<State> done_at;
  Saves saves;
  StepFunction run;
};

constexpr std::array<Row, 8> table{{
    {Step::preflight, std::nullopt, Saves::no, preflight},
    {Step::generate_key_pair, State::generated, Saves::yes, generate_key_pair},
    {Step::sign_request, State::requested, Saves::yes, sign_request},
    {Step::submit, State::issued, Saves::no, submit},
    {Step::check_issued, State::issued, Saves::yes, check_issued},
    {Step::write, State::written, Saves::no, write},
    {Step::read_back, State::written, Saves::yes, read_back},
    {Step::prove, State::completed, Saves::yes, prove},
}};

bool is_done(const Workspace& work, const Row& row) {
  if (!row.done_at || work.record.number == 0 || work.record.state < *row.done_at) return false;
  // A request that is bound to its TLS connection (RFC 7030 section 3.5) is worth nothing on another one.
  const bool bound = row.step == Step::sign_request && work.authority && work.authority->channel_binding();
  return !bound;
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
  } else {
    announce(work.context, {row.step, true, false, {}});
  }
  return {};
}

/// A signature that failed inside OpenSSL shows as a TLS failure; the token knows better.
Failure failure_of(Workspace& work, const std::exception& error) {
  const auto signing = work.token.is_open() ? work.token.session().take_signing_failure() : nullptr;
  if (!signing) return as_failure(error);
  try {
    std::rethrow_exception(signing);
  } catch (const std::exception& cause) {
    return as_failure(cause);
  }
}

/// The authority's no is final. Of a certificate that an earlier run has fetched, so is that it does not log
/// in, once somebody has brought a code for another one: that one is fetched by the next run.
bool is_refused(const Workspace& work, Step step, const Failure& failure) {
  if (step == Step::submit) {
    return failure.reason == Reason::authority_refused ||
           failure.reason == Reason::authority_key_already_certified;
  }
  return step == Step::prove && failure.reason == Reason::proof_failed && work.resumed_issued &&
         work.enrolling();
}

void stop_if_asked(const JobContext& context) {
  if (!context.stop.stop_requested()) return;
  fail(Reason::interrupted, "stopped between two steps; the next run goes on from here");
}

messages::Event completed(const Workspace& work) {
  messages::RenewResult result;
  result.token = work.token.report();
  const auto certificate = enrollment::Certificate::from_der(work.record.certificate);
  for (const auto& report : result.token.certificates) {
    const bool renewed = !work.record.enrollment && report.sha256 == work.record.old_sha256;
    if (renewed) result.old_certificate = report;
    if (report.sha256 == certificate.sha256()) result.new_certificate = report;
  }
  if (result.old_certificate.sha256.empty() && !work.record.enrollment)
    result.old_certificate = work.old_report;
  log::info(
      work.record.enrollment ? log::Event::enrolled : log::Event::renewal_completed,
      "certificate " + certificate.serial() + " of \"" + printable(certificate.common_name()) +
          "\" is in use",
      {{"KOSHIN_TOKEN", work.record.token.serial}, {"KOSHIN_CERTIFICATE", result.new_certificate.sha256}});
  return result;
}

}  // namespace

messages::Event run_steps(Workspace& work) {
  const Row* current = table.data();
  try {
    for (const Row& row : table) {
      current = &row;
      stop_if_asked(work.context);
      if (auto end = run_row(work, row)) return *end;
    }
    return completed(work);
  } catch (const std::exception& error) {
    const Failure failure = failure_of(work, error);
    const bool refused = is_refused(work, current->step, failure);
    log::warning(
        log::Event::renewal_failed, failure.detail,
        {{"KOSHIN_STEP", messages::to_string(current->step)}, {"KOSHIN_REASON", info(failure.reason).id}});
    try {
      if (work.may_change) record_failure(work.context, work.record, failure, refused);
    } catch (const std::exception& second) {  // the first reason is the one to tell
      log::error(log::Event::renewal_failed, as_failure(second).detail);
    }
    throw FailureError(failure);
  }
}

}  // namespace koshin::renewal
