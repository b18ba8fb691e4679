// SPDX-License-Identifier: MIT
#include "renewal/steps/lost_certificate.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/slot_objects.hpp"
#include "renewal/token/marks.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::ObjectClass;
using pkcs11::TokenObject;

std::string fingerprint(const Bytes& certificate) {
  return enrollment::sha256_of(pkcs11::ByteView(certificate));
}

bool is_anywhere(const Workspace& work, const Bytes& certificate) {
  return std::ranges::any_of(work.token.objects(),
                             [&](const TokenObject& object) { return object.certificate == certificate; });
}

/// Whether the slot has the record's key, and no certificate that an authority has issued.
bool has_key_alone(const Workspace& work, const Record& record) {
  if (find_private_key(work.token, record.key_id) == nullptr) return false;
  const bool taken = std::ranges::any_of(work.token.objects(), [&](const TokenObject& object) {
    return object.object_class == ObjectClass::certificate && object.id == record.key_id &&
           !is_placeholder(work.token, object);
  });
  return !taken && find_public_key(work.token, record.key_id) == record.public_key;
}

/// Whether the renewal of `first` stands between its legs: an unfinished second leg has not written its
/// certificate (from then on koshin deletes the spare slot's), or the replaced certificate is still in its
/// home slot. A second leg that was given up keeps nothing waiting.
bool is_between_legs(const Workspace& work, const Record& first, const std::vector<Record>& records) {
  const std::string mine = fingerprint(first.certificate);
  bool begun = false;
  for (const Record& record : records) {
    if (record.old_sha256 != mine) continue;
    const bool ended = record.state == State::written || record.state == State::completed;
    if (ended) return false;
    begun = begun || is_unfinished(record.state);
  }
  return begun || std::ranges::any_of(work.token.objects(), [&](const TokenObject& object) {
           return object.object_class == ObjectClass::certificate && !object.certificate.empty() &&
                  work.token.profile().is_home(object.id) &&
                  fingerprint(object.certificate) == first.old_sha256;
         });
}

bool is_lost(const Workspace& work, const Record& record, const std::vector<Record>& records) {
  const bool proved = record.state == State::completed && !record.same_key && !record.certificate.empty() &&
                      !record.public_key.empty() && record.new_not_after > work.context.now();
  return proved && !work.token.profile().is_home(record.key_id) && !is_anywhere(work, record.certificate) &&
         has_key_alone(work, record) && is_between_legs(work, record, records);
}

/// Whether the job may be about this record's certificate: it names that one, or none.
bool is_asked_for(const Workspace& work, const Record& record) {
  const std::string& named = work.context.job.certificate_sha256;
  return named.empty() || named == fingerprint(record.certificate);
}

/// For a slot that was filled since the checks: a job that counts on the certificate ends here, before
/// anything is changed; any other goes on.
void leave_out(const Workspace& work, const Record& lost) {
  const std::string mine = fingerprint(lost.certificate);
  const std::string place = work.token.profile().place_name(lost.key_id);
  const bool needed =
      work.old_report.sha256 == mine || work.client_report.sha256 == mine || work.record.old_sha256 == mine;
  if (needed)
    fail(Reason::token_error, "slot " + place + " was changed by another program meanwhile, and " +
                                  "the renewed certificate cannot be written back to it");
  log::info(log::Event::none, "slot " + place + " is in use by now: nothing is written back");
}

TokenObject as_object(const Record& record) {
  TokenObject object;
  object.object_class = ObjectClass::certificate;
  object.handle = not_on_token;
  object.id = record.key_id;
  object.certificate = record.certificate;
  object.public_key = record.public_key;
  return object;
}

}  // namespace

void find_lost_certificate(Workspace& work) {
  const auto& settings = work.context.settings.renewal;
  const bool homes = !work.token.profile().home_ids().empty() && settings.home_slot == HomeSlot::always;
  if (!homes || work.context.job.kind != messages::JobKind::renew) return;
  const auto records = of_bank(work.context.journal.history_of(work.token.key(), records_looked_back),
                               work.token.report(), work.context.settings);
  const auto found = std::ranges::find_if(records, [&](const Record& record) {
    return is_asked_for(work, record) && is_lost(work, record, records);
  });
  if (found == records.end()) return;
  log::warning(log::Event::none, "the renewed certificate is gone from slot " +
                                     work.token.profile().place_name(found->key_id) +
                                     ", which has its key still");
  work.token.add(as_object(*found));
  work.lost = *found;
}

void write_lost_certificate(Workspace& work) {
  if (!work.lost) return;
  const Record lost = *work.lost;
  // Until it is written, the token does not have it, whatever ends the job.
  work.token.forget(not_on_token);
  work.lost.reset();
  read_slot_again(work, lost.key_id);
  if (is_anywhere(work, lost.certificate)) return;
  if (!has_key_alone(work, lost)) return leave_out(work, lost);
  const std::string name = enrollment::Certificate::from_der(lost.certificate).common_name();
  work.token.act_as_key_manager();
  work.token.add(
      work.token.session().write_certificate(lost.certificate, lost.key_id, pair_label(name, lost.started)));
  work.token.switch_user(pkcs11::User::user);
  tell_of_written_back(work);
}

void tell_of_written_back(const Workspace& work) {
  work.context.emit(messages::NoticeEvent{"certificate_written_back",
                                          "The renewed certificate was gone from its slot before the renewal "
                                          "was complete; it was written back."});
}

}  // namespace koshin::renewal
