// SPDX-License-Identifier: MIT
// The order of the checks, and what each requires of its job's result.
#include "module_check/checks.hpp"

#include <algorithm>

#include "module_check/cleaning.hpp"
#include "module_check/contents.hpp"

namespace koshin::module_check {
namespace {

using messages::JobKind;
using messages::SecretKind;
using Notes = std::vector<std::string>;

/// The first certificate is due at once, so that the doctor looks at a renewal that can be made.
constexpr int days_of_first = 12;
constexpr int days_of_others = 365;

SecureBuffer copy_of(const SecureBuffer& secret) {
  return SecureBuffer::copy_of(secret.view());
}

/// Runs one check and reports it. False: it failed.
template <typename Run>
bool perform(CheckContext& context, Check check, const Run& run) {
  const auto start = std::chrono::steady_clock::now();
  CheckResult result{.check = check, .outcome = Outcome::passed};
  try {
    context.notices.clear();
    result.notes = run();
    for (const std::string& code : context.notices) result.notes.push_back("notice: " + code);
  } catch (const FailureError& error) {
    context.session.interrupt.check();
    result.outcome = Outcome::failed;
    result.failure = error.failure();
  } catch (const std::exception& error) {  // a disk that is full, memory that is short
    context.session.interrupt.check();
    result.outcome = Outcome::failed;
    result.failure = Failure{Reason::internal_error, error.what(), {}};
  }
  result.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  const bool passed = result.outcome == Outcome::passed;
  context.report.add(std::move(result));
  return passed;
}

/// The first try of the PIN. A wrong one is another's doing than the check's from then on, and needs its own
/// consent the next time.
messages::TokenReport inspect_first(CheckContext& context) {
  try {
    auto token = inspect_with_pin(context);
    context.stage.end_wrong_pin();
    return token;
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::pin_incorrect) context.stage.end_wrong_pin();
    throw;
  }
}

/// `left`: whether an earlier check has left something.
Notes inspect(CheckContext& context, bool& left) {
  const auto token = inspect_first(context);
  left = anything_of_ours(context, token);
  const auto ours = context.stage.all_issued();
  for (const auto& certificate : token.certificates) {
    if (std::find(ours.begin(), ours.end(), certificate.sha256) == ours.end())
      context.report.redaction().hide_names(certificate);
  }
  for (const auto& key : token.keys_without_certificate) context.report.redaction().hide(key.label);
  if (!token.trouble.empty()) fail(Reason::token_error, token.trouble);
  return {"certificates: " + std::to_string(token.certificates.size()) +
          ", keys without certificate: " + std::to_string(token.keys_without_certificate.size())};
}

messages::RenewResult expect_renewed(const messages::Event& event) {
  return cli::result_of<messages::RenewResult>(event);
}

messages::Event enroll(CheckContext& context, bool dry_run) {
  messages::Job job = job_of(context, JobKind::enroll);
  job.dry_run = dry_run;
  job.subject_user = context.stage.user();
  cli::Secrets secrets = secrets_of(context, JobKind::enroll);
  const std::string code = context.stage.reissue_code();
  secrets.add(SecretKind::reissue_code, SecureBuffer::copy_of({code.data(), code.size()}));
  return run_job_of(context, std::move(job), secrets);
}

messages::Job renewal_of(const CheckContext& context, const std::string& certificate) {
  messages::Job job = job_of(context, JobKind::renew);
  job.certificate_sha256 = certificate;
  job.force = true;
  return job;
}

messages::Event renew(CheckContext& context, const std::string& certificate) {
  return run_job_of(context, renewal_of(context, certificate), secrets_of(context, JobKind::renew));
}

Notes examine(CheckContext& context) {
  const auto result = cli::result_of<messages::DoctorResult>(
      run_job_of(context, job_of(context, JobKind::doctor), secrets_of(context, JobKind::doctor)));
  Notes notes;
  for (const auto& check : result.checks) {
    const std::string what = check.id + (check.finding.empty() ? std::string() : ": " + check.finding) +
                             (check.reason ? ": " + std::string(info(*check.reason).id) : std::string());
    if (check.status == "failed") fail(check.reason.value_or(Reason::token_error), "doctor: " + what);
    if (check.status == "warning") notes.push_back("doctor warns: " + what);
  }
  return notes;
}

/// The PIN with its last character changed: of the same length and kind, so that the token counts it.
SecureBuffer wrong_pin_of(const SecureBuffer& pin) {
  SecureBuffer wrong = copy_of(pin);
  char& last = wrong.writable()[wrong.size() - 1];
  if (last >= '0' && last <= '9') {
    last = last == '9' ? '0' : static_cast<char>(last + 1);
  } else {
    last = last == 'x' ? 'y' : 'x';
  }
  return wrong;
}

Notes try_wrong_pin(CheckContext& context, const std::string& certificate) {
  messages::Job job = renewal_of(context, certificate);
  job.dry_run = true;
  job.insist_count_low = false;
  const cli::Secrets right = secrets_of(context, JobKind::inspect);
  cli::Secrets secrets;
  secrets.add(SecretKind::pin, wrong_pin_of(*right.views().front()));
  context.stage.begin_wrong_pin();
  const auto last = run_job_of(context, std::move(job), secrets);
  const auto* failure = std::get_if<Failure>(&last);
  if (failure == nullptr) fail(Reason::token_error, "the token took a wrong PIN");
  if (failure->reason != Reason::pin_incorrect) throw FailureError(*failure);
  return {"refused with " + failure->detail};
}

Notes try_right_pin(CheckContext& context, const std::string& certificate) {
  messages::Job job = renewal_of(context, certificate);
  job.dry_run = true;
  (void)expect_renewed(run_job_of(context, std::move(job), secrets_of(context, JobKind::inspect)));
  context.stage.end_wrong_pin();
  return {};
}

/// Only with consent, where it is typed here, and where no wrong one was entered before.
bool may_try_wrong_pin(const CheckContext& context) {
  if (!context.arguments.wrong_pin || context.access.job.protected_path) return false;
  try {
    const auto now = cli::inspect(context.session);
    return now.tokens.size() == 1 && !now.tokens[0].pin_count_low && !now.tokens[0].pin_final_try &&
           !now.tokens[0].pin_locked;
  } catch (const FailureError&) {  // how many tries are left cannot be told
    context.session.interrupt.check();
    return false;
  }
}

Notes lose_answer(CheckContext& context, const std::string& certificate) {
  context.stage.lose_next_answer();
  const auto last = renew(context, certificate);
  const auto* failure = std::get_if<Failure>(&last);
  if (failure == nullptr) fail(Reason::internal_error, "the answer was not lost");
  if (failure->reason != Reason::authority_unreachable) throw FailureError(*failure);
  return {};
}

Notes resume(CheckContext& context, const std::string& certificate, std::size_t issued_before) {
  (void)expect_renewed(renew(context, certificate));
  const std::size_t issued = context.stage.issued() - issued_before;
  if (issued != 1)
    fail(Reason::token_error, std::to_string(issued) + " certificates were issued for one renewal");
  return {};
}

void renewals(CheckContext& context) {
  std::string certificate;
  const auto remember = [&](const messages::Event& event) {
    const auto made = expect_renewed(event).new_certificate;
    certificate = made.sha256;
    return Notes{"key: " + made.key_algorithm};
  };
  const auto dry = [&] {
    (void)expect_renewed(enroll(context, true));
    return Notes{};
  };
  if (!perform(context, Check::dry_run, dry)) return;
  context.stage.set_validity(days_of_first);
  if (!perform(context, Check::enroll, [&] { return remember(enroll(context, false)); })) return;
  context.stage.set_validity(days_of_others);
  perform(context, Check::doctor, [&] { return examine(context); });
  if (!perform(context, Check::renew, [&] { return remember(renew(context, certificate)); })) return;
  if (may_try_wrong_pin(context)) {
    perform(context, Check::wrong_pin, [&] { return try_wrong_pin(context, certificate); });
    if (!perform(context, Check::right_pin, [&] { return try_right_pin(context, certificate); })) return;
  } else {
    for (const Check check : {Check::wrong_pin, Check::right_pin}) context.report.add({.check = check});
  }
  const std::size_t issued = context.stage.issued();
  if (perform(context, Check::lost_answer, [&] { return lose_answer(context, certificate); }))
    perform(context, Check::resume, [&] { return resume(context, certificate, issued); });
}

}  // namespace

messages::Job job_of(const CheckContext& context, messages::JobKind kind) {
  messages::Job job = cli::job_for(context.session, kind);
  const messages::Job& access = context.access.job;
  job.module = context.token.module;
  job.token_uri = context.token.uri;
  job.protected_path = access.protected_path;
  // The person has agreed to the check's own wrong PIN before.
  job.insist_count_low = access.insist_count_low || context.stage.owes_right_pin();
  job.insist_final_try = access.insist_final_try;
  return job;
}

cli::Secrets secrets_of(const CheckContext& context, messages::JobKind kind) {
  const auto kinds = context.access.secrets.kinds();
  const auto views = context.access.secrets.views();
  const bool only_looks = kind == JobKind::inspect || kind == JobKind::doctor;
  cli::Secrets secrets;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (only_looks && kinds[i] != SecretKind::pin) continue;
    secrets.add(kinds[i], copy_of(*views[i]));
  }
  return secrets;
}

messages::Event run_job_of(CheckContext& context, messages::Job job, const cli::Secrets& secrets) {
  const auto on_event = [&](const messages::Event& event) {
    if (const auto* notice = std::get_if<messages::NoticeEvent>(&event))
      context.notices.push_back(notice->code);
  };
  auto last = cli::run_worker(context.session, std::move(job), secrets, on_event);
  context.session.interrupt.check();
  return last;
}

messages::TokenReport inspect_with_pin(CheckContext& context) {
  auto found = cli::result_of<messages::InspectResult>(
      run_job_of(context, job_of(context, JobKind::inspect), secrets_of(context, JobKind::inspect)));
  if (found.tokens.size() != 1) {
    if (!found.modules_in_trouble.empty()) throw FailureError(found.modules_in_trouble.front().failure);
    fail(Reason::token_not_found, "the token does not show any more");
  }
  return std::move(found.tokens.front());
}

void run_checks(CheckContext& context) {
  const auto clean = [&] {
    clean_up(context);
    return Notes{};
  };
  bool left = false;
  if (!perform(context, Check::inspect, [&] { return inspect(context, left); })) {
    if (!anything_recorded(context) && !context.stage.owes_right_pin()) context.stage.forget();
    return;
  }
  if (left && !perform(context, Check::leftovers, clean)) return;
  std::vector<ObjectFacts> before;
  if (!perform(context, Check::before, [&] { return see_before(context, before); })) return;
  renewals(context);
  const bool clean_now = perform(context, Check::prune, clean);
  const bool untouched = perform(context, Check::untouched, [&] { return compare_with(context, before); });
  if (clean_now && untouched && !anything_unfinished()) context.stage.forget();
}

}  // namespace koshin::module_check
