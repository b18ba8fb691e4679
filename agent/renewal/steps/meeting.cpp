// SPDX-License-Identifier: MIT
#include "renewal/steps/meeting.hpp"

#include "enrollment/authority/issued_check.hpp"
#include "enrollment/authority_choice.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/token/authorities_at_hand.hpp"
#include "renewal/token/known_authorities.hpp"

namespace koshin::renewal {
namespace {

/// Settings for a single request without retries. Without the passphrase where that is missing: a refusal
/// contains a date as well.
Settings for_one_question(const JobContext& context) {
  Settings settings = context.settings;
  settings.authority.attempts = 1;
  if (context.passphrase == nullptr && settings.authority.person_gives_passphrase())
    settings.authority.http_authentication = AuthorityLogin::none;
  return settings;
}

AuthorityAnswer ask_authority(const JobContext& context) {
  AuthorityAnswer answer;
  enrollment::AuthorityOptions options = connection_options(context);
  options.notice = {};  // the renewal's own connection tells
  options.credentials.secret = context.passphrase;
  try {
    const Settings settings = for_one_question(context);
    const auto authority = enrollment::make_authority(settings, options);
    try {
      answer.learned = remember_authorities(context.settings, authority->ca_certificates());
    } catch (const FailureError& error) {
      answer.failure = error.failure();
    }
    answer.clock = authority->clock();
  } catch (const FailureError& error) {
    answer.failure = error.failure();
  }
  return answer;
}

/// Asks the authority at most once in a job.
const AuthorityAnswer& query_authority(Examination& exam) {
  if (exam.authority_answer) return *exam.authority_answer;
  exam.authority_answer = ask_authority(exam.context);
  const auto& failure = exam.authority_answer->failure;
  if (failure && failure->reason == Reason::interrupted) throw FailureError(*failure);
  if (failure) log::info(log::Event::none, "the authority could not be asked first: " + failure->detail);
  if (exam.authority_answer->learned) exam.report = exam.opened->report();
  return *exam.authority_answer;
}

}  // namespace

bool fetch_authorities(Examination& exam) {
  return !exam.authority_answer && query_authority(exam).learned;
}

void check_date_with_authority(Examination& exam, const std::function<bool(TimePoint theirs)>& differs) {
  const AuthorityAnswer& answer = query_authority(exam);
  if (answer.failure && answer.failure->reason == Reason::authority_certificate_expired)
    throw FailureError(*answer.failure);
  if (!answer.clock) return;
  const TimePoint now = exam.context.now();
  if (clocks_agree(*answer.clock, now) || !differs(*answer.clock)) return;
  fail(Reason::clock_wrong, "this computer's clock says " + to_rfc3339(now) + ", the authority's says " +
                                to_rfc3339(*answer.clock) + ": set this computer's clock");
}

Choice choose_old_certificate(Examination& exam) {
  const auto& context = exam.context;
  const bool unknown = exam.named.empty() && issuers_compete(exam.report, context.settings.expect) &&
                       remembered_authorities(context.settings).empty();
  if (unknown) query_authority(exam);
  const auto choose_at = [&](TimePoint when) {
    return choose_certificate(exam.report, exam.named, context.settings, when, exam.due_or_not);
  };
  Choice choice = choose_at(context.now());
  if (!choice.failure || !authority_may_tell(*choice.failure, exam.report, context.settings.expect) ||
      pin_may_tell(exam, choice))
    return choice;
  check_date_with_authority(exam, [&](TimePoint theirs) {
    const Choice otherwise = choose_at(theirs);
    return !otherwise.failure || otherwise.failure->reason != choice.failure->reason;
  });
  return choose_at(context.now());
}

Failure with_issuer_named(const Examination& exam, Failure failure) {
  const bool refused = failure.reason == Reason::authority_authentication_failed;
  if (!refused || exam.enrolling() || !exam.client_key || exam.too_weak) return failure;
  const auto at_hand = authorities_at_hand(*exam.opened, exam.context.settings);
  if (enrollment::find_issuer(*exam.client_certificate, {{}, at_hand}) != nullptr) return failure;
  failure.detail =
      printable(failure.detail + "; it was shown without the certificate of its issuer \"" +
                printable(exam.client_certificate->issuer(), 300) +
                "\", which is not known here: a server that knows the root alone wants it to be shown. It "
                "can be put into the file of authority.issuer_anchors");
  return failure;
}

bool pin_may_tell(const Examination& exam, const Choice& choice) {
  const auto memory = exam.context.journal.memory(exam.opened->key());
  return pin_may_tell(choice, exam.report, memory ? &*memory : nullptr);
}

Failure with_others_named(const Examination& exam, Failure failure) {
  const bool refused = failure.reason == Reason::authority_authentication_failed ||
                       failure.reason == Reason::authority_refused;
  if (!exam.old_certificate || !refused) return failure;
  const auto report = exam.opened->report();
  const auto* const shown = find_certificate(report, exam.old_report.sha256);
  if (shown == nullptr || shown->issuer_vouched) return failure;
  const std::string others = other_candidates(report, shown->sha256, exam.context.settings.expect);
  if (others.empty()) return failure;
  failure.detail =
      printable(failure.detail +
                "; name another certificate with --certificate, or say with the settings expect.* "
                "which are this authority's: shown was " +
                describe_certificate(*shown) + ", also on the token: " + others);
  return failure;
}

}  // namespace koshin::renewal
