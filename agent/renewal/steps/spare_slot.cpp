// SPDX-License-Identifier: MIT
#include "renewal/steps/spare_slot.hpp"

#include <algorithm>

#include "enrollment/proof.hpp"
#include "enrollment/x509/certificate.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/steps/key_proof.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

/// Why the certificate stays in its spare slot; empty when it may go.
std::optional<messages::NoticeEvent> why_it_stays(const Workspace& work, const TokenObject& spare) {
  const std::string stays =
      "The certificate in slot " + work.token.profile().place_name(spare.id) + " stays: ";
  const auto report = work.token.report();
  const CertificateReport* certificate = find_certificate(report, work.record.old_sha256);
  if (certificate == nullptr || certificate->decrypts)
    return messages::NoticeEvent{"spare_slot_decrypts", stays + "others may have encrypted for it."};
  if (!work.token.has_key_manager_secret())
    return messages::NoticeEvent{"spare_slot_kept", stays + "the security officer's PIN was not given."};
  return {};
}

/// The number by which the card knows the slot of this certificate, if the key in it is the certificate's
/// own.
std::optional<std::uint8_t> slot_of_key(const Workspace& work, const TokenObject& certificate,
                                        const std::vector<TokenObject>& all) {
  const bool own =
      !certificate.public_key.empty() && std::ranges::any_of(all, [&](const TokenObject& object) {
        return object.object_class == ObjectClass::public_key && object.id == certificate.id &&
               object.public_key == certificate.public_key;
      });
  const auto number = from_hex(work.token.profile().place_name(certificate.id));
  if (!own || !number || number->size() != 1) return std::nullopt;
  return number->front();
}

/// Whether nobody can need the key of this spare certificate, which cannot be had back: this job has made it,
/// for the way to the home slot alone, and nothing may have been enciphered for it.
bool is_of_no_further_use(const Workspace& work, const TokenObject& certificate) {
  if (work.own_spare.empty() || work.own_spare != work.record.old_sha256) return false;
  const auto parsed = enrollment::Certificate::from_der(pkcs11::ByteView(certificate.certificate));
  return !allows_enciphering(parsed);
}

/// The spare slot's certificate is shown to work: it logs in, or, where it does not log in, its key signs.
void prove_pair_in_spare(Workspace& work) {
  if (!is_proved_by_key(work.old_report.purpose))
    return enrollment::prove_login(work.context.settings, authority_options(work), other_server(work));
  const auto id = from_hex(work.old_report.key_id).value_or(Bytes{});
  const TokenObject* key = find_private_key(work.token, id);
  if (key == nullptr || !work.old_certificate)
    fail(Reason::key_not_found, "the private key of the certificate in the spare slot is not there");
  const auto signs = work.token.session().evp_private_key(*key, work.old_certificate->public_key_der());
  prove_key(work, *work.old_certificate, signs.get());
}

}  // namespace

void prove_spare(Workspace& work, const Bytes& home) {
  if (work.enrolling() || !has_old_pair(work, home)) return;
  const std::string& spare = work.old_report.sha256;
  const auto records = work.context.journal.history_of(work.token.key(), records_looked_back);
  const bool proved = std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return record.state == State::completed &&
           enrollment::sha256_of(pkcs11::ByteView(record.certificate)) == spare;
  });
  if (proved) return;
  work.token.switch_user(pkcs11::User::user);
  try {
    prove_pair_in_spare(work);
  } catch (const FailureError&) {
    work.returning = false;  // the notice about the slots would say that this certificate logs in
    throw;
  }
}

void clear_spare(Workspace& work) {
  const Record& record = work.record;
  const auto all = work.token.objects();
  for (const TokenObject& object : all) {
    const bool spare = object.object_class == ObjectClass::certificate && object.id != record.key_id &&
                       !work.token.profile().is_home(object.id) && !object.certificate.empty();
    if (!spare || enrollment::sha256_of(pkcs11::ByteView(object.certificate)) != record.old_sha256) continue;
    if (auto notice = why_it_stays(work, object)) {
      work.context.emit(std::move(*notice));
      return;
    }
    work.token.act_as_key_manager();
    work.token.session().destroy(object);
    work.token.forget(object.handle);
    const auto slot = slot_of_key(work, object, all);
    if (slot && is_of_no_further_use(work, object)) work.token.empty_when_done(*slot);
    log::info(log::Event::none,
              "the certificate in spare slot " + work.token.profile().place_name(object.id) + " was deleted");
  }
}

}  // namespace koshin::renewal
