// SPDX-License-Identifier: MIT
// The checks of renewal_checks(): each stores in the Examination what later checks need, and returns its
// finding.
#include "renewal/steps/checks.hpp"

#include <algorithm>
#include <array>

#include "enrollment/authority/issued_check.hpp"
#include "enrollment/authority_choice.hpp"
#include "enrollment/x509/security_level.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/steps/chain_forecast.hpp"
#include "renewal/steps/meeting.hpp"
#include "renewal/steps/proof_check.hpp"
#include "renewal/token/writing_obstacle.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using Status = Found::Status;

constexpr TimePoint earliest_believable = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

Found check_certificate(Examination& exam) {
  const auto& context = exam.context;
  const auto choice = choose_old_certificate(exam);
  const bool hidden = choice.failure ? pin_may_tell(exam, choice) : choice.certificate->recalled;
  if (hidden) return {Status::unknown, Finding::certificate_hidden, {}};
  if (choice.failure) throw FailureError(*choice.failure);
  load_old_certificate(exam, *choice.certificate);
  load_client_certificate(exam);
  const auto& chosen = exam.old_report;
  return {Status::ok,
          Finding::certificate_chosen,
          {printable(chosen.common_name, 100), chosen.serial, to_rfc3339(chosen.not_after),
           std::to_string(days_left(chosen.not_after, context.now())),
           to_rfc3339(due_from(chosen.not_after, context.settings.renewal))}};
}

Found check_strength(Examination& exam) {
  const auto why = weakness_of(exam.client_report);
  exam.too_weak = why.has_value();
  if (why) throw FailureError(*why);
  return {Status::ok, Finding::strength_sufficient, {std::to_string(enrollment::security_level())}};
}

Found check_key(Examination& exam) {
  const auto key = key_of_certificate(*exam.opened, *exam.client_certificate);
  if (!key.can_sign)
    fail(Reason::key_may_not_sign, "the private key with CKA_ID " + to_hex(key.id) + " has CKA_SIGN false");
  if (exam.context.job.unattended && exam.old_report.key_policies.needs_touch())
    fail(Reason::touch_missing,
         "the key in use asks for a touch, and nobody is asked for one in an unattended renewal");
  exam.client_key = exam.opened->session().evp_private_key(key, exam.client_certificate->public_key_der());
  return {Status::ok, Finding::key_can_sign, {exam.client_certificate->key_algorithm()}};
}

Found check_anchors(Examination& exam) {
  const auto& file = exam.context.settings.authority.trust_anchors;
  exam.issuer_anchors = enrollment::read_issuer_anchors(exam.context.settings);
  exam.trust_anchors = file.empty() ? std::vector<Certificate>{} : Certificate::from_pem_file(file.string());
  std::vector<Certificate> all = exam.issuer_anchors;
  all.insert(all.end(), exam.trust_anchors.begin(), exam.trust_anchors.end());
  if (all.empty()) return {Status::ok, Finding::anchors_of_system, {}};
  const auto other = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one.self_issued(); });
  const std::string count = std::to_string(all.size());
  if (other == all.end()) return {Status::ok, Finding::anchors_read, {count}};
  return {Status::warning, Finding::anchors_not_roots, {count, printable(other->subject(), 300)}};
}

/// Fetches the authority's certificates; an authority that does not answer gets no further requests.
std::size_t count_certificates(Examination& exam) {
  const auto settings = settings_for_purpose(exam.context.settings, exam.old_report.purpose);
  exam.authority = enrollment::make_authority(settings, authority_options(exam));
  try {
    return exam.authority->ca_certificates().size();
  } catch (...) {
    exam.authority.reset();
    throw;
  }
}

/// Repeats the request with more of the certificate's chain. An authority that knows only the root refuses a
/// certificate without its issuer's; the issuer may be learned from an answer to an unauthenticated request.
std::size_t count_certificates_with_chain(Examination& exam) {
  try {
    return count_certificates(exam);
  } catch (const FailureError& error) {
    const bool refused = error.failure().reason == Reason::authority_authentication_failed;
    if (!refused || !exam.client_key || exam.too_weak || exam.enrolling() || !fetch_authorities(exam)) throw;
  }
  return count_certificates(exam);
}

Found check_authority(Examination& exam) {
  try {
    const auto certificates = count_certificates_with_chain(exam);
    return {Status::ok,
            Finding::authority_answers,
            {exam.context.settings.authority.url, std::to_string(certificates)}};
  } catch (const FailureError& error) {
    throw FailureError(with_others_named(exam, with_issuer_named(exam, error.failure())));
  }
}

/// Without authority.prove_url the new certificate is proved at the authority, which must ask for a client
/// certificate.
void check_proof_is_possible(const Examination& exam) {
  if (!exam.context.settings.authority.prove_url.empty()) return;
  fail(Reason::certificate_not_requested, printable(exam.context.settings.authority.url, 300) +
                                              " answers without asking for a certificate, and "
                                              "authority.prove_url names no other place to log in");
}

Found check_log_in(Examination& exam) {
  const auto& authority = exam.context.settings.authority;
  const std::vector<std::string> where{authority.url};
  const bool by_password = authority.http_authentication != AuthorityLogin::none;
  switch (exam.authority->certificate_use()) {
    case enrollment::CertificateUse::not_asked:
      check_proof_is_possible(exam);
      return {by_password ? Status::warning : Status::unknown, Finding::authority_did_not_ask, where};
    case enrollment::CertificateUse::used:
      return {Status::ok, Finding::authority_lets_in, where};
    case enrollment::CertificateUse::not_shown:
      break;
  }
  if (!exam.client_key || exam.too_weak || by_password)
    return {Status::unknown, Finding::authority_asks, where};
  fail(Reason::authority_authentication_failed,
       printable(authority.url, 300) + " asks for a certificate, but takes no signature that the token's " +
           exam.client_certificate->key_algorithm() + " key can make");
}

/// Certificates in use today: those that the authority publishes, and the anchors for what it issues.
std::vector<Certificate> certificates_in_use(const Examination& exam) {
  std::vector<Certificate> all = exam.authority->ca_certificates();
  all.insert(all.end(), exam.issuer_anchors.begin(), exam.issuer_anchors.end());
  return all;
}

/// The clock of this computer must not be behind the authority's: an issued certificate would not be valid
/// yet, and its key would be generated in vain. (A clock that is ahead fails at the authority, which has its
/// own renewal window.) When the authority's clock agrees, validity dates of certificates are left to the
/// chain checks.
Found check_clock(Examination& exam) {
  const TimePoint now = exam.context.now();
  check_own_clock(now);
  const auto wrong = [&](Finding finding, std::vector<std::string> values, const std::string& why) {
    return Found{
        Status::failed, finding, std::move(values),
        Failure{Reason::clock_wrong, "this computer's clock says " + to_rfc3339(now) + ", " + why, {}}};
  };
  const auto theirs = exam.authority->clock();
  if (theirs && clocks_agree(*theirs, now)) return {Status::ok, Finding::clock_plausible, {to_rfc3339(now)}};
  const auto in_use = certificates_in_use(exam);
  const auto in_force = [now](const auto& one) {
    return one.not_before() <= now + clock_skew && now <= one.not_after();
  };
  if (!in_use.empty() && std::none_of(in_use.begin(), in_use.end(), in_force))
    return wrong(Finding::clock_outside_validity, {to_rfc3339(now)},
                 "outside the validity of all of the authority's certificates");
  if (!theirs && in_use.empty()) return {Status::warning, Finding::clock_untold, {to_rfc3339(now)}};
  if (!theirs) return {Status::ok, Finding::clock_plausible, {to_rfc3339(now)}};
  const std::vector<std::string> both{to_rfc3339(now), to_rfc3339(*theirs)};
  if (*theirs < now) return {Status::warning, Finding::clock_off, both};
  return wrong(Finding::clock_off, both, "the authority's says " + both[1] + ": set this computer's clock");
}

Found check_chain(Examination& exam) {
  const ChainForecast forecast = forecast_chain(exam);
  const std::string issuer = exam.old_certificate && !exam.too_weak
                                 ? printable(exam.old_certificate->issuer(), 300)
                                 : std::string("the authority");
  switch (forecast.outcome) {
    case ChainForecast::Outcome::trusted:
      return {Status::ok, Finding::chain_trusted, {issuer}};
    case ChainForecast::Outcome::by_another:
      return {Status::unknown, Finding::chain_by_another, {issuer, forecast.why}};
    case ChainForecast::Outcome::untrusted:
      break;
  }
  fail(Reason::issuer_untrusted, "what \"" + issuer + "\" issues would be refused: " + forecast.why);
}

Found check_attributes(Examination& exam) {
  const auto& wanted = exam.authority->wishes();
  if (!wanted.told) return {Status::warning, Finding::attributes_untold, {}};
  if (wanted.digest) exam.digest = *wanted.digest;
  std::string wishes;
  const auto add = [&wishes](std::string_view wish) {
    wishes += (wishes.empty() ? "" : ", ") + std::string(wish);
  };
  std::string keys;
  for (const auto algorithm : wanted.key_algorithms)
    keys += (keys.empty() ? "" : " / ") + std::string(to_string(algorithm));
  if (!keys.empty()) add(keys);
  if (wanted.digest) add(*wanted.digest);
  for (const std::string& other : wanted.others) add(other);
  if (wishes.empty()) return {Status::ok, Finding::attributes_none, {}};
  return {Status::ok, Finding::attributes_wanted, {wishes}};
}

Found check_new_key(Examination& exam) {
  check_writing_obstacle(exam.opened->info(), exam.opened->profile());
  exam.key_choice = choose_key(key_wish(exam), exam.mechanisms);
  const auto& token = exam.opened->info();
  const MemoryNeed need =
      memory_need(*exam.key_choice, exam.old_certificate ? exam.old_certificate->der().size() : 0);
  if (tells_of_too_little(token, need)) {
    return {Status::unknown,
            Finding::memory_low,
            {exam.key_choice->algorithm,
             std::to_string(token.free_private_memory.value_or(0) + token.free_public_memory.value_or(0)),
             std::to_string(need.private_bytes + need.public_bytes)}};
  }
  return {Status::ok,
          exam.key_choice->same_key ? Finding::key_certified_again : Finding::key_will_be_made,
          {exam.key_choice->algorithm}};
}

constexpr std::array<CheckRow, 12> table{{
    {Examined::certificate, Needs::token, true, check_certificate},
    {Examined::strength, Needs::certificate, true, check_strength},
    {Examined::key, Needs::log_in, true, check_key},
    {Examined::mechanisms, Needs::token, false, check_mechanisms},
    {Examined::anchors, Needs::nothing, false, check_anchors},
    {Examined::authority, Needs::nothing, false, check_authority},
    {Examined::authority_log_in, Needs::authority, true, check_log_in},
    {Examined::clock, Needs::authority, false, check_clock},
    {Examined::chain, Needs::token_and_authority, false, check_chain},
    {Examined::attributes, Needs::authority, false, check_attributes},
    {Examined::new_key, Needs::token_and_authority, false, check_new_key},
    {Examined::proof, Needs::nothing, false, check_proof},
}};

}  // namespace

std::span<const CheckRow> renewal_checks() {
  return table;
}

bool can_be_made(const Examination& exam, Needs needs) {
  const bool token = exam.opened && exam.opened->is_open();
  const bool certificate = token && (exam.old_certificate.has_value() || exam.enrolling());
  switch (needs) {
    case Needs::nothing:
      return true;
    case Needs::token:
      return token;
    case Needs::certificate:
      return certificate;
    case Needs::log_in:
      return certificate && exam.opened->sees_private_keys();
    case Needs::authority:
      return exam.authority != nullptr;
    case Needs::token_and_authority:
      return certificate && exam.authority != nullptr;
  }
  return false;
}

void check_own_clock(TimePoint now) {
  if (now >= earliest_believable) return;
  fail(Reason::clock_wrong, "this computer's clock says " + to_rfc3339(now) + ": set it");
}

Found check_mechanisms(Examination& exam) {
  exam.mechanisms = exam.opened->session().mechanisms();
  exam.rsa_pss = exam.mechanisms.rsa_pss;
  std::string keys;
  for (const auto algorithm : exam.mechanisms.can_generate)
    keys += (keys.empty() ? "" : ", ") + std::string(to_string(algorithm));
  // Where nothing can be written, keeping the key is no way out: what stands in the way has a row of its own.
  const bool written = writing_obstacle(exam.opened->info(), exam.opened->profile()) == WritingObstacle::none;
  if (keys.empty())
    return {Status::warning, written ? Finding::mechanisms_none : Finding::mechanisms_read_only, {}};
  return {Status::ok, exam.rsa_pss ? Finding::mechanisms_found : Finding::mechanisms_without_pss, {keys}};
}

}  // namespace koshin::renewal
