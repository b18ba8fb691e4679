// SPDX-License-Identifier: MIT
#include "renewal/steps/second_leg.hpp"

#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/home_slot.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "renewal/steps/home_key.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/planned_slot.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/left_pairs.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

bool is_certificate_in(const TokenObject& object, const Bytes& slot) {
  return object.object_class == ObjectClass::certificate && object.id == slot;
}

bool has_type(const Workspace& work, const Bytes& slot, const std::string& key_algorithm) {
  return key_algorithm_of(find_public_key(work.token, slot)) == key_algorithm;
}

/// home_of() with this computer's records.
std::optional<Bytes> home_by_journal(const Workspace& work, const CertificateReport* certificate,
                                     const messages::TokenReport& report) {
  if (certificate == nullptr) return {};
  const auto records = records_of_keys(work.token, work.context.journal);
  return home_of(*certificate, report, work.context.settings, records);
}

/// The time by this computer's clock or the authority's, whichever is behind: a certificate whose key may go
/// has expired by both.
TimePoint earlier_clock(const Workspace& work) {
  const TimePoint now = work.context.now();
  const auto theirs = work.authority ? work.authority->clock() : std::nullopt;
  return theirs ? std::min(*theirs, now) : now;
}

std::string slot_of(const Workspace& work, const std::string& sha256) {
  for (const auto& object : work.token.objects()) {
    if (object.object_class != ObjectClass::certificate || object.certificate.empty()) continue;
    if (enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == sha256)
      return work.token.profile().place_name(object.id);
  }
  return {};
}

/// Whether programs still find in the slot what was there before the second leg: a certificate with its key,
/// as far as the token's objects tell.
bool has_earlier_pair(const Workspace& work, const Bytes& slot) {
  const auto& all = work.token.objects();
  const Bytes public_key = find_public_key(work.token, slot);
  const bool key = std::any_of(all.begin(), all.end(), [&](const TokenObject& object) {
    return object.object_class == ObjectClass::private_key && object.id == slot;
  });
  return key && std::any_of(all.begin(), all.end(), [&](const TokenObject& object) {
           return is_certificate_in(object, slot) && object.public_key == public_key &&
                  object.certificate != work.record.certificate && !is_placeholder(work.token, object);
         });
}

/// Whether the certificate that the second leg renews is due again: no renewal has just fetched it.
bool is_spare_due_again(const Workspace& work) {
  const auto report = work.token.report();
  return is_known_to_be_due(find_certificate(report, work.record.old_sha256), work.context.settings.renewal,
                            work.context.now());
}

/// The slot that the second leg of this job is about.
std::optional<Bytes> slot_of_second_leg(const Workspace& work) {
  if (work.record.number != 0) return work.record.key_id;
  const auto report = work.token.report();
  return home_by_journal(work, find_certificate(report, work.named), report);
}

/// Whether the second leg of this certificate has made its key, which is in the home slot: it goes on. One
/// that was only planned is planned anew by what the slot and the settings say now.
bool is_begun(const Workspace& work, const messages::CertificateReport* fetched) {
  const auto leg = fetched == nullptr ? std::nullopt : unfinished_leg(work, fetched->sha256);
  return leg && leg->state != State::planned && pair_is_there(work.token, *leg);
}

/// Whether the second leg has to leave its slot alone, which is told then. A token that does not answer is
/// left to the second leg, which says so.
bool home_is_exchanged(Workspace& work, const Bytes& home) {
  try {
    if (!has_exchanged_key(work, home)) return false;
  } catch (const std::exception& error) {
    log::info(log::Event::none, "the key of the home slot was not tried: " + as_failure(error).detail);
    return false;
  }
  tell_of_taken_slot(work, home);
  return true;
}

}  // namespace

bool is_second_leg(const Workspace& work) {
  return work.token.profile().after_proof(work.record) == AfterProof::clear_spare;
}

std::optional<Bytes> home_target(const Workspace& work) {
  const auto& settings = work.context.settings;
  const auto report = work.token.report();
  const CertificateReport* old = find_certificate(report, work.record.old_sha256);
  if (work.enrolling()) return home_of_enrolment(old, report, settings, earlier_clock(work));
  return home_by_journal(work, old, report);
}

std::string why_without_home(const Workspace& work, const messages::TokenReport& report,
                             const Record& record) {
  const auto& profile = work.token.profile();
  if (record.state != State::planned || profile.after_proof(record) != AfterProof::clear_spare) return {};
  const CertificateReport* old = find_certificate(report, record.old_sha256);
  const bool free = home_by_journal(work, old, report) == record.key_id &&
                    !holds_another_key(work, record.key_id, record.key_algorithm);
  if (free) return {};
  return "its key was to be made in slot " + profile.place_name(record.key_id) + ", which is not free for it";
}

bool holds_another_key(const Workspace& work, const Bytes& slot, const std::string& key_algorithm) {
  if (find_private_key(work.token, slot) == nullptr || has_old_pair(work, slot)) return false;
  return records_about(work, slot, find_public_key(work.token, slot)).empty() &&
         !has_type(work, slot, key_algorithm);
}

bool is_of_second_leg(const Workspace& work, const Bytes& slot) {
  const TokenObject* key = find_private_key(work.token, slot);
  const Bytes public_key = find_public_key(work.token, slot);
  if (key == nullptr || public_key.empty()) return false;
  bool certificate = false;
  for (const TokenObject& object : work.token.objects()) {
    if (!is_certificate_in(object, slot)) continue;
    certificate = true;
    if (object.public_key == public_key && !is_placeholder(work.token, object)) return false;
  }
  const auto records = records_about(work, slot, public_key);
  const bool used_up = std::any_of(records.begin(), records.end(), [](const Record& record) {
    return record.state == State::completed || record.pair_refused;
  });
  return certificate && !used_up && has_type(work, slot, work.record.key_algorithm) &&
         work.token.accepts_key(*key);
}

bool has_old_pair(const Workspace& work, const Bytes& slot) {
  if (find_private_key(work.token, slot) == nullptr) return false;
  const Bytes public_key = find_public_key(work.token, slot);
  const auto& all = work.token.objects();
  return std::any_of(all.begin(), all.end(), [&](const TokenObject& object) {
    return is_certificate_in(object, slot) && !is_placeholder(work.token, object) &&
           (public_key.empty() || object.public_key == public_key);
  });
}

bool second_leg_follows(Workspace& work) {
  if (work.record.state != State::completed) return false;
  const auto report = work.token.report();
  const auto* fetched =
      find_certificate(report, enrollment::sha256_of(pkcs11::ByteView(work.record.certificate)));
  if (!is_begun(work, fetched)) {
    const auto home = home_by_journal(work, fetched, report);
    if (!home || home_is_exchanged(work, *home)) return false;
  }
  try {
    work.token.check_key_manager();
    const bool passphrase = work.context.passphrase != nullptr;
    if (work.enrolling() && !passphrase && work.context.settings.authority.person_gives_passphrase())
      fail(Reason::passphrase_required, "an enrolment is not given the passphrase");
    return true;
  } catch (const FailureError& error) {
    log::info(log::Event::none, "the home slot waits: " + error.failure().detail);
    work.context.emit(messages::NoticeEvent{
        "home_slot_unchanged", "The renewed certificate is in a spare slot; its home slot is as it was."});
    return false;
  }
}

void begin_second_leg(Workspace& work) {
  work.context.emit(messages::NoticeEvent{"home_slot_begun",
                                          "The new certificate logs in from slot " +
                                              work.token.profile().place_name(work.record.key_id) +
                                              ". Now the key of its home slot is made anew and certified."});
  work.named = enrollment::sha256_of(pkcs11::ByteView(work.record.certificate));
  work.own_spare = work.named;
  work.due_or_not = true;
  work.returning = true;
  work.new_key.reset();
  work.authority.reset();
  work.client_key.reset();
  work.client_certificate.reset();
  work.client_report = {};
  work.old_certificate.reset();
  work.old_report = {};
  work.too_weak = false;
  work.key_choice.reset();
  work.issued.reset();
  work.hopeless.reset();
  work.sent_before.reset();
  work.submitting = work.began_again = work.resumed_issued = false;
  work.record = {};
  work.report = work.token.report();
}

void tell_of_unfinished_leg(const Workspace& work) {
  const bool begun = work.record.number != 0 && is_second_leg(work);
  if (!begun && !work.returning) return;
  const auto slot = slot_of_second_leg(work);
  const bool unchanged = !slot || has_earlier_pair(work, *slot);
  if (unchanged && is_spare_due_again(work)) return;  // nothing has changed that a person could miss
  work.context.emit(messages::NoticeEvent{
      unchanged ? "home_slot_unchanged" : "home_slot_emptied",
      unchanged ? "The renewed certificate is in a spare slot; its home slot is as it was."
                : "The renewed certificate is in a spare slot; its home slot has no certificate yet that has "
                  "logged in."});
}

Failure with_slots_named(const Workspace& work, Failure failure) {
  if (work.record.number == 0 || !is_second_leg(work)) return failure;
  const std::string spare = slot_of(work, work.record.old_sha256);
  if (spare.empty()) return failure;
  failure.detail =
      printable(failure.detail + "; the certificate in slot " + spare + " is the one that logs in, slot " +
                work.token.profile().place_name(work.record.key_id) + " is not finished");
  return failure;
}

}  // namespace koshin::renewal
