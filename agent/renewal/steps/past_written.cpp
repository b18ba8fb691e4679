// SPDX-License-Identifier: MIT
// A new certificate that another computer has written, of which this one has no record.
#include <algorithm>

#include "foundation/log/log.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;

struct Held {
  pkcs11::TokenObject object;
  Certificate certificate;
};

std::vector<Held> certificates_of(const OpenToken& token) {
  std::vector<Held> all;
  for (const auto& object : token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::certificate) continue;
    try {
      all.push_back({object, Certificate::from_der(object.certificate)});
    } catch (const FailureError&) {  // cannot be one of ours
    }
  }
  return all;
}

/// Ours by its mark, with its key, and news to this computer.
bool is_news(Workspace& work, const Held& held) {
  const Bytes& id = held.object.id;
  if (!is_marked(id) || find_private_key(work.token, id) == nullptr) return false;
  const Bytes public_key = find_public_key(work.token, id);
  if (!public_key.empty() && public_key != held.certificate.public_key_der()) return false;
  constexpr std::size_t looked_back = 100;
  const auto history = work.context.journal.history_of(work.token.key(), looked_back);
  return std::none_of(history.begin(), history.end(),
                      [&](const Record& record) { return record.key_id == id; });
}

/// The one that `held` was made for, by its mark.
const Held* predecessor_of(const Held& held, const std::vector<Held>& all) {
  const auto lineage = lineage_in_id(held.object.id);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Held& old) {
    return old.certificate.not_after() < held.certificate.not_after() &&
           lineage_mark(old.certificate) == lineage;
  });
  return found == all.end() ? nullptr : &*found;
}

Record record_of(const Workspace& work, const Held& held, const Held& old) {
  Record record;
  record.token = work.token.key();
  record.token_label = work.token.info().label;
  record.old_sha256 = old.certificate.sha256();
  record.key_algorithm = held.certificate.key_algorithm();
  record.key_id = held.object.id;
  record.public_key = held.certificate.public_key_der();
  record.certificate = held.certificate.der();
  record.new_not_after = held.certificate.not_after();
  record.started = work.context.now();
  record.pair_sent = true;
  return record;
}

}  // namespace

bool take_over_written(Workspace& work, const messages::TokenReport& report) {
  const auto& context = work.context;
  if (work.record.number != 0 || work.enrolling() || !work.may_change || context.job.force) return false;
  const auto choice =
      choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), false);
  if (!choice.failure || choice.failure->reason != Reason::not_due) return false;
  const auto all = certificates_of(work.token);
  for (const Held& held : all) {
    const Held* old = is_news(work, held) ? predecessor_of(held, all) : nullptr;
    if (old == nullptr) continue;
    work.record = record_of(work, held, *old);
    change_state(context, work.record, State::written);
    work.resumed_issued = true;
    context.emit(messages::NoticeEvent{
        "written_elsewhere", "Another computer has written the new certificate; it is tried here."});
    return true;
  }
  return false;
}

}  // namespace koshin::renewal
