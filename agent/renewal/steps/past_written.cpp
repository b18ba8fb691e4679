// SPDX-License-Identifier: MIT
// New certificates that another computer has written, without a record in this computer's journal.
#include <algorithm>

#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

/// The reported certificate object, with its key; null when the key belongs to another certificate.
const pkcs11::TokenObject* object_of(const OpenToken& token, const CertificateReport& report) {
  const auto& all = token.objects();
  const auto found = std::find_if(all.begin(), all.end(), [&](const pkcs11::TokenObject& object) {
    return object.object_class == pkcs11::ObjectClass::certificate && is_marked(object.id) &&
           enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == report.sha256;
  });
  if (found == all.end() || find_private_key(token, found->id) == nullptr) return nullptr;
  const Bytes public_key = find_public_key(token, found->id);
  return public_key.empty() || public_key == found->public_key ? &*found : nullptr;
}

Record record_of(const Workspace& work, const pkcs11::TokenObject& object, const CertificateReport& old) {
  const auto certificate = enrollment::Certificate::from_der(object.certificate);
  Record record;
  record.token = work.token.key();
  record.bank = work.context.settings.bank();
  record.token_label = work.token.info().label;
  record.old_sha256 = old.sha256;
  record.key_algorithm = certificate.key_algorithm();
  record.key_id = object.id;
  record.public_key = certificate.public_key_der();
  record.certificate = certificate.der();
  record.new_not_after = certificate.not_after();
  record.started = work.context.now();
  record.state = State::written;
  record.pair_sent = true;
  return record;
}

}  // namespace

bool take_over_written(Workspace& work, const messages::TokenReport& report) {
  const auto& context = work.context;
  if (work.record.number != 0 || work.enrolling() || context.job.dry_run || context.job.force) return false;
  const auto choice =
      choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), false);
  if (!choice.failure || choice.failure->reason != Reason::not_due) return false;
  const auto records = context.journal.history_of(work.token.key(), records_looked_back);
  const CertificateReport* written = written_elsewhere(report, records, context.settings.expect);
  const auto* object = written == nullptr ? nullptr : object_of(work.token, *written);
  if (object == nullptr) return false;
  work.record = record_of(work, *object, *predecessor_of(*written, report));
  work.resumed_issued = true;
  context.emit(messages::NoticeEvent{"written_elsewhere",
                                     "Another computer has written the new certificate; it is tried here."});
  return true;
}

}  // namespace koshin::renewal
