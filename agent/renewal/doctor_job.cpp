// SPDX-License-Identifier: MIT
// Examination of everything a renewal needs, one check after the other; a check that fails says what to do
// and does not keep the others from running.
#include <algorithm>

#include "enrollment/certificate_authority.hpp"
#include "pkcs11/credentials.hpp"
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

  void add(std::string name, std::string status, std::string text, std::string advice = {}) {
    result.checks.push_back({std::move(name), std::move(status), std::move(text), std::move(advice)});
  }
  void add(std::string name, const Failure& failure) {
    add(std::move(name), "failed",
        std::string(info(failure.reason).english.cause) + " (" + failure.detail + ")",
        std::string(info(failure.reason).english.admin_action));
  }
  /// Runs one check; trouble becomes its result. False when there was any.
  bool run(const std::string& name, const auto& check) {
    try {
      check();
      return true;
    } catch (const std::exception& error) {
      add(name, as_failure(error));
      return false;
    }
  }
};

void check_journal(Examination& exam) {
  const auto open = exam.context.journal.all_unfinished();
  if (open.empty()) return exam.add("journal", "ok", "usable, no renewal is unfinished");
  exam.add("journal", "warning",
           std::to_string(open.size()) + " renewal(s) are unfinished, the oldest since " +
               to_rfc3339(open.front().started),
           "Run koshin renew again: it goes on where it stopped.");
}

void check_memory_lock(Examination& exam) {
  constexpr std::uint64_t enough = 64 * 1024;
  const auto limit = memory_lock_limit();
  if (!limit || *limit >= enough) return exam.add("memory lock", "ok", "secrets stay out of the swap space");
  exam.add("memory lock", "warning",
           "this user may lock " + std::to_string(*limit) + " bytes only: a PIN might be swapped out",
           "Raise the limit memlock to 64 KiB (limits.conf, or LimitMEMLOCK= of the unit).");
}

void check_modules(Examination& exam) {
  for (const std::string& name : modules_of(exam.context.job, exam.context.settings)) {
    exam.run("module " + name, [&] {
      const auto module = load_module(exam.context, name);
      const auto tokens = module->tokens();
      const auto ready =
          std::count_if(tokens.begin(), tokens.end(), [](const auto& token) { return token.initialized; });
      exam.add("module " + name, "ok", module->description() + ", " + std::to_string(ready) + " token(s)");
    });
  }
}

/// So that an administrator need not look for paths.
void list_registered_modules(Examination& exam) {
  std::string names;
  for (const auto& [name, path] : pkcs11::Module::registered())
    names += (names.empty() ? "" : ", ") + name + " (" + path.string() + ")";
  exam.add("registered modules", "ok",
           names.empty() ? "none is registered with p11-kit"
                         : "for token.modules, as \"p11-kit:NAME\": " + printable(names, 1000));
}

void check_token(Examination& exam) {
  exam.token.emplace(exam.context, find_token(exam.context));
  const auto& token = exam.token->info();
  const std::string what = "\"" + token.label + "\" " + token.identity.model + " " + token.identity.serial;
  if (token.write_protected) {
    return exam.add("token", "failed", what + " is write-protected",
                    std::string(info(Reason::token_write_protected).english.admin_action));
  }
  exam.add("token", "ok", what);
}

void check_pin_flags(Examination& exam) {
  const auto& pin = exam.token->info().pin;
  const auto tell = [&](const char* status, const char* text, Reason reason) {
    exam.add("PIN", status, text, std::string(info(reason).english.admin_action));
  };
  if (!pin.initialized) return tell("failed", "no user PIN has been set", Reason::pin_not_set);
  if (pin.locked) return tell("failed", "the PIN is locked", Reason::pin_locked);
  if (pin.to_be_changed) return tell("failed", "the PIN has to be changed first", Reason::pin_expired);
  if (pin.final_try) return tell("warning", "one more wrong PIN locks the token", Reason::pin_final_try);
  if (pin.count_low)
    return tell("warning", "a wrong PIN was entered since the last right one", Reason::pin_incorrect);
  exam.add("PIN", "ok", "set, not locked");
}

void open_token(Examination& exam) {
  const bool have_pin = exam.context.pin != nullptr || exam.context.job.protected_path;
  if (have_pin || !exam.token->info().login_required) {
    exam.token->log_in(pkcs11::Access::read_only);
    exam.logged_in = true;
    return exam.add("log-in to the token", "ok", "the PIN was accepted");
  }
  exam.add("log-in to the token", "skipped", "no PIN was given",
           "Give the PIN to have keys and the authority examined fully.");
  exam.token->look_without_login();
}

void check_mechanisms(Examination& exam) {
  const auto mechanisms = exam.token->session().mechanisms();
  exam.rsa_pss = mechanisms.rsa_pss;
  std::string text;
  for (const auto algorithm : mechanisms.can_generate)
    text += (text.empty() ? "makes " : ", ") + std::string(to_string(algorithm));
  if (text.empty()) {
    return exam.add("mechanisms", "warning", "the token makes no keys that are of use here",
                    "Set renewal.key = \"renew\" to certify the same key again.");
  }
  exam.add("mechanisms", "ok",
           text + (mechanisms.rsa_pss ? "" : "; no RSA-PSS: TLS 1.2 at most with RSA keys"));
}

std::string named(const messages::CertificateReport& certificate) {
  return "\"" + printable(certificate.common_name, 100) + "\" serial " + certificate.serial;
}

void check_pairs(Examination& exam) {
  for (const auto& credential : pkcs11::match_credentials(exam.token->objects())) {
    if (!credential.id_mismatch) continue;
    exam.add("pairs", "warning", "a certificate and its key have different CKA_IDs",
             "koshin goes by the public key; other programs may not find the pair.");
  }
  const auto report = exam.token->report();
  for (const auto& certificate : report.certificates) {
    if (certificate.has_private_key != false) continue;
    exam.add("pairs", "warning", named(certificate) + " has no private key on the token");
  }
  if (!report.keys_without_certificate.empty()) {
    exam.add("pairs", "warning",
             std::to_string(report.keys_without_certificate.size()) + " key object(s) have no certificate",
             "They may belong to an unfinished renewal (koshin history) or to another program; koshin does "
             "not delete them.");
  }
  const bool quiet = std::none_of(exam.result.checks.begin(), exam.result.checks.end(),
                                  [](const Check& check) { return check.name == "pairs"; });
  if (quiet)
    exam.add("pairs", "ok",
             std::to_string(report.certificates.size()) + " certificate(s), keys and certificates match");
}

void check_certificate(Examination& exam) {
  const auto& context = exam.context;
  const auto report = exam.token->report();
  const auto choice =
      choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), true);
  if (choice.failure) return exam.add("certificate", *choice.failure);
  const auto& chosen = *choice.certificate;
  const long left = days_left(chosen.not_after, context.now());
  exam.add("certificate", "ok",
           named(chosen) + ", expires " + to_rfc3339(chosen.not_after) + ", " + std::to_string(left) +
               " day(s) left, renewed from " +
               to_rfc3339(due_from(chosen.not_after, context.settings.renewal)) + " on");
  if (!exam.logged_in) return;
  for (const auto& credential : pkcs11::match_credentials(exam.token->objects())) {
    if (!credential.certificate || !credential.private_key) continue;
    auto certificate = enrollment::Certificate::from_der(credential.certificate->certificate);
    if (certificate.sha256() != chosen.sha256) continue;
    exam.key = exam.token->session().evp_private_key(*credential.private_key, certificate.public_key_der());
    exam.certificate = std::move(certificate);
  }
}

void check_clock(Examination& exam, const std::vector<enrollment::Certificate>& authority) {
  const TimePoint now = exam.context.now();
  const bool plausible = std::all_of(authority.begin(), authority.end(), [now](const auto& certificate) {
    return certificate.not_before() <= now + std::chrono::minutes{5} && now <= certificate.not_after();
  });
  if (plausible)
    return exam.add("clock", "ok",
                    to_rfc3339(now) + " lies within the validity of the authority's certificates");
  exam.add("clock", "failed",
           to_rfc3339(now) + " lies outside the validity of one of the authority's certificates",
           std::string(info(Reason::clock_wrong).english.admin_action));
}

void check_proof(Examination& exam) {
  const std::string& url = exam.context.settings.authority.prove_url;
  if (!url.empty()) return exam.add("proof", "ok", "new certificates log in at " + url);
  exam.add(
      "proof", "warning",
      "authority.prove_url is not set: that the authority takes a new certificate in the TLS handshake is "
      "all that is proved before the old one may be deleted",
      "Set authority.prove_url to a page that only a certificate in force gets.");
}

void check_authority(Examination& exam) {
  const auto& settings = exam.context.settings;
  if (settings.proxy.url.empty()) {
    exam.add("proxy", "ok", "as the environment says (https_proxy, no_proxy)");
  } else {
    exam.add("proxy", "ok", settings.proxy.url == "none" ? "none" : settings.proxy.url);
  }
  enrollment::AuthorityOptions options;
  options.stop = exam.context.stop;
  options.http_password = exam.context.http_password;
  if (exam.key) options.credential = {*exam.certificate, exam.key.get(), exam.rsa_pss};
  const auto authority = enrollment::make_authority(settings, options);
  const auto& certificates = authority->ca_certificates();
  exam.add("authority", "ok",
           settings.authority.url + " answers, " + std::to_string(certificates.size()) +
               " CA certificate(s)" + (exam.key ? ", the certificate logs in" : ""));
  check_clock(exam, certificates);
  check_proof(exam);
}

}  // namespace

messages::Event run_doctor(const JobContext& context) {
  Examination exam{context, {}, {}, false, {}, {}, true};
  exam.add("settings", "ok", std::to_string(context.settings.origins.size()) + " value(s) set");
  exam.run("journal", [&] { check_journal(exam); });
  exam.run("memory lock", [&] { check_memory_lock(exam); });
  exam.run("registered modules", [&] { list_registered_modules(exam); });
  exam.run("module", [&] { check_modules(exam); });
  if (exam.run("token", [&] { check_token(exam); })) {
    exam.run("PIN", [&] { check_pin_flags(exam); });
    if (exam.run("log-in to the token", [&] { open_token(exam); })) {
      exam.run("mechanisms", [&] { check_mechanisms(exam); });
      exam.run("pairs", [&] { check_pairs(exam); });
      exam.run("certificate", [&] { check_certificate(exam); });
    }
  }
  exam.run("authority", [&] { check_authority(exam); });
  return exam.result;
}

}  // namespace koshin::renewal
