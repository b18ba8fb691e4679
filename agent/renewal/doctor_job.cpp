// SPDX-License-Identifier: MIT
// Examination of everything a renewal needs, one check after the other; a check that fails says what to do
// and does not keep the others from running.
#include <algorithm>

#include "enrollment/certificate_authority.hpp"
#include "enrollment/issued_check.hpp"
#include "enrollment/proxy_check.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/authorities_at_hand.hpp"
#include "renewal/doctor_words.hpp"
#include "renewal/memory_lock.hpp"
#include "renewal/open_token.hpp"
#include "renewal/policy.hpp"
#include "renewal/renewal.hpp"
#include "renewal/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::DoctorResult;
using Check = DoctorResult::Check;

/// The examination as far as it has come: what one check has found, the next one uses.
struct Examination {
  const JobContext& context;
  DoctorResult result;
  std::optional<OpenToken> token;
  bool logged_in = false;
  std::optional<enrollment::Certificate> certificate;
  pkcs11::EvpPkey key;
  bool rsa_pss = true;

  void add(Check check) {
    check.name = name_in_words(check, Language::english);
    check.text = text_in_words(check, Language::english);
    check.advice = advice_in_words(check, Language::english);
    result.checks.push_back(std::move(check));
  }
  void add(Examined examined, const char* status, Finding finding, std::vector<std::string> values = {},
           std::optional<Reason> reason = {}, const std::string& subject = {}) {
    Check check;
    check.status = status;
    check.id = to_string(examined);
    check.subject = subject;
    check.finding = to_string(finding);
    check.reason = reason;
    check.values = std::move(values);
    add(std::move(check));
  }
  void add(Examined examined, const Failure& failure, const std::string& subject = {}) {
    Check check;
    check.status = "failed";
    check.id = to_string(examined);
    check.subject = subject;
    check.reason = failure.reason;
    check.values = {failure.detail};
    add(std::move(check));
  }
  /// Runs one check; trouble becomes its result. False when there was any.
  bool run(Examined examined, const auto& check, const std::string& subject = {}) {
    try {
      check();
      return true;
    } catch (const std::exception& error) {
      add(examined, as_failure(error), subject);
      return false;
    }
  }
};

void check_journal(Examination& exam) {
  const auto open = exam.context.journal.all_unfinished();
  if (open.empty()) return exam.add(Examined::journal, "ok", Finding::journal_in_order);
  exam.add(Examined::journal, "warning", Finding::journal_unfinished,
           {std::to_string(open.size()), to_rfc3339(open.front().started)});
}

void check_memory_lock(Examination& exam) {
  constexpr std::uint64_t enough = 64 * 1024;
  const auto limit = memory_lock_limit();
  if (!limit || *limit >= enough) return exam.add(Examined::memory_lock, "ok", Finding::memory_lock_enough);
  exam.add(Examined::memory_lock, "warning", Finding::memory_lock_low, {std::to_string(*limit)});
}

void check_modules(Examination& exam) {
  for (const std::string& name : modules_of(exam.context.job, exam.context.settings)) {
    const auto look = [&] {
      const auto module = load_module(exam.context, name);
      const auto tokens = module->tokens();
      const auto ready =
          std::count_if(tokens.begin(), tokens.end(), [](const auto& token) { return token.initialized; });
      exam.add(Examined::module, "ok", Finding::module_tokens, {module->description(), std::to_string(ready)},
               {}, name);
    };
    exam.run(Examined::module, look, name);
  }
}

/// So that an administrator need not look for paths.
void list_registered_modules(Examination& exam) {
  std::string names;
  for (const auto& [name, path] : pkcs11::Module::registered())
    names += (names.empty() ? "" : ", ") + name + " (" + path.string() + ")";
  if (names.empty()) return exam.add(Examined::registered_modules, "ok", Finding::modules_none_registered);
  exam.add(Examined::registered_modules, "ok", Finding::modules_registered, {printable(names, 1000)});
}

void check_token(Examination& exam) {
  exam.token.emplace(exam.context, find_token(exam.context));
  const auto& token = exam.token->info();
  const std::vector<std::string> which{token.label, token.identity.model, token.identity.serial};
  if (!token.write_protected) return exam.add(Examined::token, "ok", Finding::token_found, which);
  exam.add(Examined::token, "failed", Finding::token_write_protected, which, Reason::token_write_protected);
}

void check_pin_flags(Examination& exam) {
  const auto& pin = exam.token->info().pin;
  const auto tell = [&](const char* status, Finding finding, Reason reason) {
    exam.add(Examined::pin, status, finding, {}, reason);
  };
  if (!pin.initialized) return tell("failed", Finding::pin_not_set, Reason::pin_not_set);
  if (pin.locked) return tell("failed", Finding::pin_locked, Reason::pin_locked);
  if (pin.to_be_changed) return tell("failed", Finding::pin_to_be_changed, Reason::pin_expired);
  if (pin.final_try) return tell("warning", Finding::pin_final_try, Reason::pin_final_try);
  if (pin.count_low) return tell("warning", Finding::pin_count_low, Reason::pin_count_low);
  exam.add(Examined::pin, "ok", Finding::pin_in_order);
}

void open_token(Examination& exam) {
  const bool have_pin = exam.context.pin != nullptr || exam.context.job.protected_path;
  if (have_pin || !exam.token->info().login_required) {
    exam.token->log_in(pkcs11::Access::read_only);
    exam.logged_in = true;
    return exam.add(Examined::log_in, "ok", Finding::pin_accepted);
  }
  exam.add(Examined::log_in, "skipped", Finding::pin_not_given);
  exam.token->look_without_login();
}

void check_mechanisms(Examination& exam) {
  const auto mechanisms = exam.token->session().mechanisms();
  exam.rsa_pss = mechanisms.rsa_pss;
  std::string keys;
  for (const auto algorithm : mechanisms.can_generate)
    keys += (keys.empty() ? "" : ", ") + std::string(to_string(algorithm));
  if (keys.empty()) return exam.add(Examined::mechanisms, "warning", Finding::mechanisms_none);
  exam.add(Examined::mechanisms, "ok",
           mechanisms.rsa_pss ? Finding::mechanisms_found : Finding::mechanisms_without_pss, {keys});
}

void check_pairs(Examination& exam) {
  const auto before = exam.result.checks.size();
  for (const auto& credential : pkcs11::match_credentials(exam.token->objects())) {
    if (credential.id_mismatch) exam.add(Examined::pairs, "warning", Finding::pair_id_mismatch);
  }
  const auto report = exam.token->report();
  for (const auto& certificate : report.certificates) {
    if (certificate.key_state != messages::KeyState::missing ||
        certificate.purpose != messages::Purpose::log_in)
      continue;
    exam.add(Examined::pairs, "warning", Finding::pair_key_missing,
             {printable(certificate.common_name, 100), certificate.serial});
  }
  if (const auto alone = report.keys_without_certificate.size(); alone != 0)
    exam.add(Examined::pairs, "warning", Finding::pair_keys_alone, {std::to_string(alone)});
  if (exam.result.checks.size() == before)
    exam.add(Examined::pairs, "ok", Finding::pairs_match, {std::to_string(report.certificates.size())});
}

void check_certificate(Examination& exam) {
  const auto& context = exam.context;
  const auto report = exam.token->report();
  const auto choice =
      choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), true);
  if (choice.failure && pin_may_tell(*choice.failure, report))
    return exam.add(Examined::certificate, "skipped", Finding::certificate_hidden);
  if (choice.failure) return exam.add(Examined::certificate, *choice.failure);
  const auto& chosen = *choice.certificate;
  exam.add(Examined::certificate, "ok", Finding::certificate_chosen,
           {printable(chosen.common_name, 100), chosen.serial, to_rfc3339(chosen.not_after),
            std::to_string(days_left(chosen.not_after, context.now())),
            to_rfc3339(due_from(chosen.not_after, context.settings.renewal))});
  if (!exam.logged_in) return;
  for (const auto& credential : pkcs11::match_credentials(exam.token->objects())) {
    if (!credential.certificate || !credential.private_key) continue;
    if (enrollment::sha256_of(pkcs11::ByteView(credential.certificate->certificate)) != chosen.sha256)
      continue;
    auto certificate = enrollment::Certificate::from_der(credential.certificate->certificate);
    exam.key = exam.token->session().evp_private_key(*credential.private_key, certificate.public_key_der());
    exam.certificate = std::move(certificate);
  }
}

void check_clock(Examination& exam, enrollment::CertificateAuthority& authority) {
  const TimePoint now = exam.context.now();
  const auto& certificates = authority.ca_certificates();
  const bool valid = std::all_of(certificates.begin(), certificates.end(), [now](const auto& certificate) {
    return certificate.not_before() <= now + enrollment::clock_skew && now <= certificate.not_after();
  });
  if (!valid) {
    return exam.add(Examined::clock, "failed", Finding::clock_outside_validity, {to_rfc3339(now)},
                    Reason::clock_wrong);
  }
  const auto theirs = authority.clock();
  if (theirs && (*theirs > now + enrollment::clock_skew || *theirs < now - enrollment::clock_skew)) {
    return exam.add(Examined::clock, "failed", Finding::clock_off, {to_rfc3339(now), to_rfc3339(*theirs)},
                    Reason::clock_wrong);
  }
  exam.add(Examined::clock, "ok", Finding::clock_plausible, {to_rfc3339(now)});
}

/// With the certificate there is: where that is not let in, a new one will hardly be.
void check_login(Examination& exam, const enrollment::AuthorityOptions& options, const std::string& url) {
  try {
    enrollment::prove_login(exam.context.settings, options);
    exam.add(Examined::proof, "ok", Finding::proof_lets_in, {url});
  } catch (const FailureError& error) {
    if (error.failure().reason != Reason::proof_failed) throw;
    exam.add(Examined::proof, "failed", Finding::proof_refused, {url, error.failure().detail},
             Reason::proof_failed);
  }
}

void check_proof(Examination& exam, const enrollment::AuthorityOptions& options) {
  const auto& settings = exam.context.settings;
  const std::string& url = settings.authority.prove_url;
  if (url.empty()) return exam.add(Examined::proof, "warning", Finding::proof_by_handshake);
  if (exam.key) return check_login(exam, options, url);
  enrollment::reach_proof(settings, options);
  exam.add(Examined::proof, "ok", Finding::proof_by_page, {url});
}

void check_proxy(Examination& exam) {
  const auto& settings = exam.context.settings;
  const auto proxy = enrollment::proxy_in_use(settings.proxy, settings.authority.url);
  if (!proxy) return exam.add(Examined::proxy, "ok", Finding::proxy_none);
  enrollment::reach_proxy(*proxy, settings.authority.connect_timeout, exam.context.stop);
  exam.add(Examined::proxy, "ok",
           proxy->of_environment ? Finding::proxy_of_environment : Finding::proxy_of_settings,
           {printable(proxy->endpoint(), 300)});
}

enrollment::AuthorityOptions options_for(const Examination& exam) {
  enrollment::AuthorityOptions options;
  options.stop = exam.context.stop;
  options.http_password = exam.context.http_password;
  if (exam.key)
    options.credential = {*exam.certificate, exam.key.get(), exam.rsa_pss, authorities_on(*exam.token)};
  return options;
}

void check_authority(Examination& exam, const enrollment::AuthorityOptions& options) {
  const auto& settings = exam.context.settings;
  const auto authority = enrollment::make_authority(settings, options);
  const auto certificates = authority->ca_certificates().size();
  exam.add(Examined::authority, "ok", exam.key ? Finding::authority_lets_in : Finding::authority_answers,
           {settings.authority.url, std::to_string(certificates)});
  exam.run(Examined::clock, [&] { check_clock(exam, *authority); });
}

}  // namespace

messages::Event run_doctor(const JobContext& context) {
  Examination exam{context, {}, {}, false, {}, {}, true};
  exam.add(Examined::settings, "ok", Finding::settings_read,
           {std::to_string(context.settings.origins.size())});
  exam.run(Examined::journal, [&] { check_journal(exam); });
  exam.run(Examined::memory_lock, [&] { check_memory_lock(exam); });
  exam.run(Examined::registered_modules, [&] { list_registered_modules(exam); });
  exam.run(Examined::module, [&] { check_modules(exam); });
  if (exam.run(Examined::token, [&] { check_token(exam); })) {
    exam.run(Examined::pin, [&] { check_pin_flags(exam); });
    if (exam.run(Examined::log_in, [&] { open_token(exam); })) {
      exam.run(Examined::mechanisms, [&] { check_mechanisms(exam); });
      exam.run(Examined::pairs, [&] { check_pairs(exam); });
      exam.run(Examined::certificate, [&] { check_certificate(exam); });
    }
  }
  exam.run(Examined::proxy, [&] { check_proxy(exam); });
  const auto options = options_for(exam);
  exam.run(Examined::authority, [&] { enrollment::read_issuer_anchors(context.settings); });
  exam.run(Examined::authority, [&] { check_authority(exam, options); });
  exam.run(Examined::proof, [&] { check_proof(exam, options); });
  return exam.result;
}

}  // namespace koshin::renewal
