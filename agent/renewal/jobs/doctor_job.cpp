// SPDX-License-Identifier: MIT
// The job `doctor`: checks everything that a renewal needs. A failed check comes with advice and does not
// prevent the other checks.
#include <algorithm>

#include "enrollment/proof.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/jobs/doctor.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/home_slot.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/steps/checks.hpp"
#include "renewal/steps/key_proof.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/left_pairs.hpp"
#include "renewal/token/memory_lock.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

void check_journal(Doctor& exam) {
  exam.context.journal.ensure_open();
  const auto open = exam.context.journal.all_unfinished();
  if (open.empty()) return exam.add(Examined::journal, "ok", Finding::journal_in_order);
  const bool insists = std::any_of(open.begin(), open.end(), needs_a_person);
  exam.add(Examined::journal, "warning", insists ? Finding::journal_insists : Finding::journal_unfinished,
           {std::to_string(open.size()), to_rfc3339(open.front().started)});
}

void check_memory_lock(Doctor& exam) {
  constexpr std::uint64_t enough = 64 * 1024;
  const auto limit = memory_lock_limit();
  if (!limit || *limit >= enough) return exam.add(Examined::memory_lock, "ok", Finding::memory_lock_enough);
  exam.add(Examined::memory_lock, "warning", Finding::memory_lock_low, {std::to_string(*limit)});
}

void check_modules(Doctor& exam) {
  for (const std::string& name : modules_of(exam.context.job, exam.context.settings)) {
    const auto list_tokens = [&] {
      const auto module = load_module(exam.context, name);
      const auto tokens = module->tokens();
      const auto ready =
          std::count_if(tokens.begin(), tokens.end(), [](const auto& token) { return token.initialized; });
      exam.add(Examined::module, "ok", Finding::module_tokens, {module->description(), std::to_string(ready)},
               {}, name);
    };
    exam.run(Examined::module, list_tokens, name);
  }
}

/// Lists the modules registered with p11-kit, so that an administrator need not look for paths.
void list_registered_modules(Doctor& exam) {
  std::string names;
  for (const auto& module : pkcs11::Module::registered())
    names += (names.empty() ? "" : ", ") + module.name + " (" + module.path.string() + ")";
  if (names.empty()) return exam.add(Examined::registered_modules, "ok", Finding::modules_none_registered);
  exam.add(Examined::registered_modules, "ok", Finding::modules_registered, {printable(names, 1000)});
}

void check_token(Doctor& exam) {
  exam.opened.emplace(exam.context, find_token(exam.context));
  const auto& token = exam.opened->info();
  const std::vector<std::string> which{token.label, token.identity.model, token.identity.serial};
  if (!token.write_protected) return exam.add(Examined::token, "ok", Finding::token_found, which);
  exam.add(Examined::token, "failed", Finding::token_write_protected, which, Reason::token_write_protected);
}

Finding finding_of(Reason reason) {
  switch (reason) {
    case Reason::pin_not_set:
      return Finding::pin_not_set;
    case Reason::pin_locked:
      return Finding::pin_locked;
    case Reason::pin_expired:
      return Finding::pin_to_be_changed;
    case Reason::pin_final_try:
      return Finding::pin_final_try;
    default:
      return Finding::pin_count_low;
  }
}

/// Applies the rules of renewal/policy/pin_rules.hpp.
void check_pin_flags(Doctor& exam) {
  const auto report = report_token({}, exam.opened->info(), exam.opened->profile());
  auto why = pin_is_unusable(report);
  const char* const status = why ? "failed" : "warning";
  if (!why) why = try_is_withheld(report, {});
  if (!why) return exam.add(Examined::pin, "ok", Finding::pin_in_order);
  exam.add(Examined::pin, status, finding_of(why->reason), {}, why->reason);
}

/// Inspects the public objects.
void inspect_public_objects(Doctor& exam) {
  exam.opened->open_without_login();
  exam.report = exam.opened->report();
}

void log_in(Doctor& exam) {
  exam.opened->log_in(pkcs11::Access::read_only);
  exam.report = exam.opened->report();
  exam.add(Examined::log_in, "ok", Finding::pin_accepted);
}

/// A failed login is one failed check; public objects are inspected nevertheless.
void open_token(Doctor& exam) {
  const bool have_pin = exam.context.pin != nullptr || exam.context.job.protected_path;
  if (!have_pin && exam.opened->info().login_required) {
    inspect_public_objects(exam);
    return exam.add(Examined::log_in, "skipped", Finding::pin_not_given);
  }
  try {
    log_in(exam);
  } catch (const std::exception& error) {
    exam.add(Examined::log_in, as_failure(error));
    // A removed token ends the inspection.
    try {
      inspect_public_objects(exam);
    } catch (const std::exception&) {
      exam.opened.reset();
    }
  }
}

void check_pairs(Doctor& exam) {
  if (!exam.run(Examined::pairs, [&] { check_all_read(exam.opened->objects()); })) return;
  const auto before = exam.result.checks.size();
  for (const auto& credential : pkcs11::match_credentials(exam.opened->objects())) {
    if (credential.id_mismatch) exam.add(Examined::pairs, "warning", Finding::pair_id_mismatch);
  }
  const auto& report = exam.report;
  for (const auto& certificate : report.certificates) {
    if (certificate.purpose == messages::Purpose::unreadable && !certificate.sha256.empty())
      exam.add(Examined::pairs, "warning", Finding::pair_unreadable, {certificate.key_id});
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

/// Logs in at the place of the proof with the present certificate, when check_proof() has found no problem
/// there: a place that refuses the present certificate will hardly accept the next one.
Found check_login(Doctor& exam, Found found) {
  const std::string& url = exam.context.settings.authority.prove_url;
  const bool logs_in = !is_proved_by_key(exam.old_report.purpose);
  if (!logs_in || url.empty() || !exam.client_key || exam.too_weak) return found;
  try {
    enrollment::prove_login(exam.context.settings, authority_options(exam), other_server(exam));
    return {Found::Status::ok, Finding::proof_lets_in, {url}};
  } catch (const FailureError& error) {
    if (error.failure().reason != Reason::proof_failed) throw;
    return {Found::Status::failed, Finding::proof_refused, {url, error.failure().detail}, error.failure()};
  }
}

/// Tokens on which the security officer generates keys: what a renewal needs for it. The secret is not tried.
void check_security_officer(Doctor& exam) {
  if (exam.opened->profile().key_manager() == KeyManager::user) return;
  const CardKey& key = exam.opened->card_key();
  const auto add = [&](std::string_view status, Finding finding) {
    exam.add(Examined::security_officer, status, finding);
  };
  // What is left of another key on the card (ADMIN DATA) does not make a key that everybody knows a secret.
  const bool way_told =
      key.how == messages::ManagementKey::behind_pin || key.how == messages::ManagementKey::derived;
  if (way_told && key.public_one) return add("warning", Finding::officer_factory);
  switch (key.how) {
    case messages::ManagementKey::given:
      return add("warning", Finding::officer_given);
    case messages::ManagementKey::behind_pin:
      return add("ok", Finding::officer_behind_pin);
    case messages::ManagementKey::derived:
      return add("ok", Finding::officer_derived);
    case messages::ManagementKey::factory:
      return add("warning", Finding::officer_factory);
    case messages::ManagementKey::unusable:
      return exam.add(Examined::security_officer, "failed", Finding::officer_algorithm, {key.algorithm},
                      Reason::management_key_unsupported);
    case messages::ManagementKey::none:
    case messages::ManagementKey::unknown:
      break;
  }
  add("skipped", Finding::officer_not_tried);
}

/// Cards with home slots: where a renewed certificate ends, and whether the one in use is not there yet.
void check_home_slot(Doctor& exam) {
  const TokenProfile& profile = exam.opened->profile();
  const auto& settings = exam.context.settings;
  if (profile.home_ids().empty()) return;
  const auto report = exam.opened->report();
  const auto records = records_of_keys(*exam.opened, exam.context.journal);
  if (const auto* waiting = waits_for_home(report, settings, records, exam.context.now())) {
    const auto home = home_of(*waiting, report, settings, records).value_or(Bytes{});
    return exam.add(
        Examined::home_slot, "warning", Finding::home_slot_waits,
        {profile.place_name(from_hex(waiting->key_id).value_or(Bytes{})), profile.place_name(home)});
  }
  const auto choice = choose_certificate(report, exam.named, settings, exam.context.now(), true);
  const auto* in_use = choice.certificate != nullptr ? choice.certificate : choice.about;
  if (const auto home = next_home(in_use, report, settings, records))
    return exam.add(Examined::home_slot, "ok", Finding::home_slot_next, {profile.place_name(*home)});
  const Bytes place = in_use != nullptr ? from_hex(in_use->key_id).value_or(Bytes{}) : Bytes{};
  exam.add(Examined::home_slot, "warning", Finding::home_slot_spare,
           {profile.place_name(profile.is_home(place) ? place : profile.home_ids().front())});
}

std::string_view status_of(Found::Status status) {
  switch (status) {
    case Found::Status::ok:
      return "ok";
    case Found::Status::warning:
    case Found::Status::unknown:
      return "warning";
    case Found::Status::failed:
      break;
  }
  return "failed";
}

/// Why a check cannot be made: only the PIN is missing, or an earlier check has failed.
Finding why_not(const Doctor& exam, Needs needs) {
  const bool only_pin =
      needs == Needs::log_in && exam.opened && exam.opened->is_open() && exam.old_certificate;
  return only_pin ? Finding::needs_pin : Finding::not_reached;
}

/// Makes all checks of renewal_checks().
void make_checks(Doctor& exam) {
  for (const CheckRow& row : renewal_checks()) {
    if (!can_be_made(exam, row.needs)) {
      exam.add(row.examined, "skipped", why_not(exam, row.needs));
      continue;
    }
    exam.run(row.examined, [&] {
      Found found = row.run(exam);
      if (row.examined == Examined::proof) found = check_login(exam, std::move(found));
      exam.add(row.examined, status_of(found.status), found.finding, found.values,
               found.failure ? std::optional(found.failure->reason) : std::nullopt);
    });
  }
}

/// The labels by which an authority knows for what purpose a certificate is asked for.
void check_labels(Doctor& exam) {
  std::vector<std::string> keys;
  for (const auto& one : purposes_without_label(exam.context.settings)) keys.push_back(one.key);
  if (!keys.empty()) exam.add(Examined::settings, "warning", Finding::purposes_without_label, {joined(keys)});
}

}  // namespace

messages::Event run_doctor(const JobContext& context) {
  Doctor exam(context);
  exam.due_or_not = true;
  exam.named = context.job.certificate_sha256;
  exam.add(Examined::settings, "ok", Finding::settings_read,
           {std::to_string(context.settings.origins.size())});
  check_labels(exam);
  exam.run(Examined::journal, [&] { check_journal(exam); });
  exam.run(Examined::memory_lock, [&] { check_memory_lock(exam); });
  exam.run(Examined::registered_modules, [&] { list_registered_modules(exam); });
  exam.run(Examined::module, [&] { check_modules(exam); });
  if (exam.run(Examined::token, [&] { check_token(exam); })) {
    exam.run(Examined::pin, [&] { check_pin_flags(exam); });
    exam.run(Examined::pin, [&] { check_pin_changes(exam); });
    if (exam.run(Examined::log_in, [&] { open_token(exam); }) && exam.opened) {
      exam.run(Examined::pairs, [&] { check_pairs(exam); });
      exam.run(Examined::pairs, [&] { check_what_browsers_list(exam); });
      check_security_officer(exam);
      exam.run(Examined::home_slot, [&] { check_home_slot(exam); });
    }
  }
  exam.run(Examined::proxy, [&] { check_proxy(exam); });
  make_checks(exam);
  if (exam.opened) {
    exam.run(Examined::writing, [&] { check_writing(exam); });
    exam.run(Examined::touch, [&] { check_policies(exam); });
  }
  return exam.result;
}

}  // namespace koshin::renewal
