// SPDX-License-Identifier: MIT
#include "renewal/steps/proof_check.hpp"

#include "enrollment/http/url.hpp"
#include "enrollment/proof.hpp"
#include "renewal/steps/key_proof.hpp"

namespace koshin::renewal {
namespace {

using Status = Found::Status;

/// Whether the authority itself is the place of the proof and has answered. A renewal saves the time of a
/// further request there; doctor and dry run make it.
bool has_answered_there(const Examination& exam, const std::string& url) {
  const auto& job = exam.context.job;
  const bool in_earnest = job.kind != messages::JobKind::doctor && !job.dry_run;
  return in_earnest && exam.authority &&
         enrollment::origin_of(url) == enrollment::origin_of(exam.context.settings.authority.url);
}

/// Where the place of the proof does not answer clearly without a certificate, the present certificate is
/// tried before a key is generated. A refusal or error then says nothing about the next certificate. (The
/// doctor logs in there anyway.)
Found decided_by_present_certificate(const Examination& exam, Found left_open) {
  const auto& context = exam.context;
  if (context.job.kind == messages::JobKind::doctor || !exam.client_key || exam.too_weak) return left_open;
  try {
    enrollment::prove_login(context.settings, authority_options(exam), other_server(exam));
    return {Status::ok, Finding::proof_lets_in, left_open.values};
  } catch (const FailureError& error) {
    const Reason reason = error.failure().reason;
    if (reason != Reason::proof_failed && reason != Reason::authority_error) throw;
    return left_open;
  }
}

}  // namespace

Found check_proof(Examination& exam) {
  if (is_proved_by_key(exam.old_report.purpose)) return {Status::ok, Finding::proof_by_key, {}};
  const auto& settings = exam.context.settings;
  const std::string& url = settings.authority.prove_url;
  if (url.empty()) return {Status::warning, Finding::proof_by_handshake, {}};
  if (has_answered_there(exam, url)) return {Status::ok, Finding::proof_by_page, {url}};
  const auto place = enrollment::reach_proof(settings, connection_options(exam.context), other_server(exam));
  if (place == enrollment::ProofPlace::asks) return {Status::ok, Finding::proof_by_page, {url}};
  return decided_by_present_certificate(exam, {Status::unknown, Finding::proof_left_open, {url}});
}

}  // namespace koshin::renewal
