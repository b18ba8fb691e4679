// SPDX-License-Identifier: MIT
#include "renewal/steps/replaced_certificate.hpp"

#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "renewal/steps/slot_objects.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/marks.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::ObjectClass;
using pkcs11::TokenObject;

bool is_renewed_one(const TokenObject& object, const Record& record) {
  return object.object_class == ObjectClass::certificate && !object.certificate.empty() &&
         enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == record.old_sha256;
}

/// Whether the certificate that the record renews is among what this run has read of the token: where it is
/// overwritten, in its place (renewal::shows_old()).
bool is_seen(const Workspace& work, const Record& record) {
  const bool in_place = overwrites_old(record, work.token.profile());
  return std::ranges::any_of(work.token.objects(), [&](const TokenObject& object) {
    return is_renewed_one(object, record) && (!in_place || object.id == record.key_id);
  });
}

[[noreturn]] void refuse_place(const Workspace& work, const Record& record) {
  fail(Reason::token_error, "slot " + work.token.profile().place_name(record.key_id) +
                                " has another certificate by now, which is not overwritten");
}

bool is_kept_whole(const Record& record) {
  return enrollment::sha256_of(pkcs11::ByteView(record.replaced_certificate)) == record.old_sha256;
}

void write_replaced(Workspace& work) {
  const Record& record = work.record;
  if (place_has_another(work.token, record)) refuse_place(work, record);
  const auto name = enrollment::Certificate::from_der(record.replaced_certificate).common_name();
  work.token.act_as_key_manager();
  work.token.session().write_certificate(record.replaced_certificate, record.key_id,
                                         pair_label(name, record.started));
  read_slot_again(work, record.key_id);
  if (!is_put_back(work.token, record))
    fail(Reason::readback_mismatch, "the old certificate is not on the token as it was written back");
}

}  // namespace

bool place_has_another(const OpenToken& token, const Record& record) {
  if (!overwrites_old(record, token.profile())) return false;
  return std::ranges::any_of(token.objects(), [&](const TokenObject& object) {
    return object.object_class == ObjectClass::certificate && object.id == record.key_id &&
           !object.certificate.empty() && object.certificate != record.certificate &&
           !is_renewed_one(object, record) && !is_placeholder(token, object);
  });
}

bool is_put_back(const OpenToken& token, const Record& record) {
  return !record.replaced_certificate.empty() &&
         find_certificate(token, record.replaced_certificate, record.key_id) != nullptr;
}

void keep_replaced_certificate(Workspace& work) {
  Record& record = work.record;
  if (place_has_another(work.token, record)) refuse_place(work, record);
  for (const TokenObject& object : work.token.objects()) {
    const bool overwritten = object.id == record.key_id && is_renewed_one(object, record);
    if (!overwritten || object.certificate == record.replaced_certificate) continue;
    record.replaced_certificate = object.certificate;
    work.context.journal.save(record);
  }
}

bool put_back_replaced(Workspace& work) {
  Record& record = work.record;
  if (!is_put_back(work.token, record) && !is_kept_whole(record)) {
    log::warning(log::Event::none,
                 "the journal's copy of the old certificate is damaged and is not written to the token");
    record.replaced_certificate.clear();
    work.context.journal.save(record);
    return true;
  }
  if (record.state == State::issued && is_put_back(work.token, record)) return true;  // never overwritten
  try {
    if (!is_put_back(work.token, record)) write_replaced(work);
  } catch (const std::exception& error) {  // the refusal is reported
    log::warning(log::Event::none, "the old certificate was not written back: " + as_failure(error).detail);
    try_to_read_slot(work, record.key_id);
    return false;
  }
  log::info(log::Event::none,
            "the old certificate was written back to slot " + work.token.profile().place_name(record.key_id));
  change_state(work.context, record, State::issued);
  return true;
}

std::optional<ProofConsequence> where_old_is(const Workspace& work) {
  const Record& record = work.record;
  if (record.old_sha256.empty()) return {};
  if (is_seen(work, record)) return ProofConsequence::old_on_token;
  return record.replaced_certificate.empty() ? ProofConsequence::old_not_seen
                                             : ProofConsequence::old_not_written_back;
}

void tell_of_old_certificate(const Workspace& work) {
  if (work.record.number == 0 || !overwrites_old(work.record, work.token.profile())) return;
  const OldCertificate stands =
      what_stands_of_old(work.record, work.token.profile(), {.seen = is_seen(work, work.record)});
  if (stands == OldCertificate::untouched) return;
  work.context.emit(
      messages::NoticeEvent{notice_code(stands), std::string(sentence_of(stands).in(Language::en))});
}

}  // namespace koshin::renewal
