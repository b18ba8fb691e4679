// SPDX-License-Identifier: MIT
// One of every message, with a value in every member that differs from its default.
#pragma once

#include <vector>

#include "foundation/jobs/messages.hpp"

namespace koshin::test {

inline messages::Job sample_job() {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.settings_file = "/etc/koshin/koshin.toml";
  job.module = "p11-kit:softhsm2";
  job.token_uri = "pkcs11:serial=0123";
  job.certificate_sha256 = "ab";
  job.record_number = 7;
  job.dry_run = job.keep_key = job.force = job.insist_count_low = job.insist_final_try = job.unattended =
      job.protected_path = true;
  job.subject_user = "user0001";
  job.key = "ec-p256";
  job.proxy_user = "tanaka";
  job.proxies = {"http://proxy.example:3128"};
  job.secrets = {messages::SecretKind::pin,           messages::SecretKind::security_officer_pin,
                 messages::SecretKind::passphrase,    messages::SecretKind::reissue_code,
                 messages::SecretKind::puk,           messages::SecretKind::new_pin,
                 messages::SecretKind::proxy_password};
  return job;
}

inline messages::CertificateReport sample_certificate() {
  messages::CertificateReport report;
  report.sha256 = "0a";
  report.key_id = "01";
  report.label = "label \"quoted\" 日本";
  report.subject = "CN=12345678901234 user0001,OU=Internet Banking CA,O=Stand-in Bank";
  report.issuer = "CN=Issuer";
  report.serial = "4D2";
  report.organization = "Stand-in Bank";
  report.organizational_unit = "Internet Banking CA";
  report.common_name = "12345678901234 user0001";
  report.not_before = *parse_rfc3339("2025-11-22T22:23:31Z");
  report.not_after = *parse_rfc3339("2026-11-22T22:23:31Z");
  report.key_algorithm = "ec-p256";
  report.has_public_key = true;
  report.purpose = messages::Purpose::encryption;
  report.key_state = messages::KeyState::shared;
  report.decrypts = report.renewed = report.issuer_vouched = true;
  report.holder = "0b";
  report.issuer_key = "key:0c";
  report.lineage = "0d";
  report.replaced_by = "0e";
  report.weakness = "its key is too short";
  report.key_policies = {.pin = "once", .touch = "cached", .attested = true};
  return report;
}

inline messages::TokenReport sample_token() {
  messages::TokenReport report;
  report.module = "/usr/lib/softhsm/libsofthsm2.so";
  report.uri = "pkcs11:token=demo;serial=0123";
  report.label = "demo";
  report.manufacturer = "SoftHSM project";
  report.model = "SoftHSM v2";
  report.serial = "0123";
  report.slot_description = "SoftHSM slot ID 0x1";
  report.initialized = report.login_required = report.pin_set = false;
  report.write_protected = report.protected_path = report.pin_count_low = report.pin_final_try =
      report.pin_locked = report.pin_to_be_changed = report.pin_change_unknown = true;
  report.pin_min = 4;
  report.pin_max = 255;
  report.free_memory = 0x1'0000'0001;
  report.certificates = {sample_certificate()};
  report.keys_without_certificate = {{.key_id = "02",
                                      .label = "orphan",
                                      .key_algorithm = "rsa-2048",
                                      .is_private = true,
                                      .ours = true,
                                      .made_on = "2026-11-28",
                                      .key_policies = {.pin = "always", .touch = "never", .attested = true}}};
  report.management_key = messages::ManagementKey::behind_pin;
  report.trouble = "token_error";
  report.other_modules = {"p11-kit:other"};
  return report;
}

inline std::vector<messages::Event> sample_events() {
  const Failure failure{.reason = Reason::authority_busy,
                        .detail = "HTTP 503",
                        .retry_after = std::chrono::seconds(120),
                        .proxy = "http://proxy.example:3128"};
  return {
      messages::StepEvent{
          .step = messages::Step::sign_request, .finished = true, .resumed = true, .note = "note"},
      messages::NoticeEvent{.code = "tls_capped_at_1_2", .text = "text"},
      messages::TouchEvent{.certain = true, .over = true},
      messages::ReadyEvent{},
      messages::InspectResult{.tokens = {sample_token()},
                              .modules_in_trouble = {{.module = "/usr/lib/x.so", .failure = failure}}},
      messages::RenewResult{.dry_run = true,
                            .token = sample_token(),
                            .old_certificate = sample_certificate(),
                            .new_certificate = sample_certificate()},
      messages::PendingResult{.ask_again = *parse_rfc3339("2026-11-23T08:00:00Z"),
                              .message = "waiting for approval"},
      messages::PruneResult{.deleted = sample_certificate(), .kept = sample_token().keys_without_certificate},
      messages::CancelResult{.state = "requested",
                             .started = *parse_rfc3339("2026-11-22T08:00:00Z"),
                             .enrollment = true,
                             .removed = sample_token().keys_without_certificate,
                             .kept = sample_token().keys_without_certificate},
      messages::PinResult{.token = sample_token(), .pin_file = "/etc/koshin/demo.pin"},
      messages::DoctorResult{.checks = {{.name = "module m.so",
                                         .status = "failed",
                                         .text = "does not load",
                                         .advice = "install it",
                                         .id = "module",
                                         .subject = "m.so",
                                         .finding = "module_tokens",
                                         .reason = Reason::module_not_found,
                                         .values = {"m.so"}}}},
      failure,
  };
}

}  // namespace koshin::test
