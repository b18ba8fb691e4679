// SPDX-License-Identifier: MIT
#include "renewal/steps/planned_slot.hpp"

#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/token/left_pairs.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::ObjectClass;
using pkcs11::TokenObject;

/// A record whose making began so long ago gets the time anew.
constexpr std::chrono::seconds noted_recently{30};
/// The longest that a card takes to make a key (RSA 4096), and how far a date without fractions may be off.
constexpr std::chrono::minutes longest_making{5};
constexpr std::chrono::seconds rounding{2};

template <class Fits>
bool has_certificate(const Workspace& work, const Bytes& slot, const Fits& fits) {
  return std::ranges::any_of(work.token.objects(), [&](const TokenObject& object) {
    return object.object_class == ObjectClass::certificate && object.id == slot && fits(object);
  });
}

/// Whether the module's placeholder for this key was made while the record's key was.
bool was_made_for_record(const Workspace& work, const Bytes& slot, const Bytes& public_key) {
  const Record& record = work.record;
  return has_certificate(work, slot, [&](const TokenObject& object) {
    if (object.public_key != public_key || !is_placeholder(work.token, object)) return false;
    const TimePoint made = enrollment::Certificate::from_der(object.certificate).not_before();
    return made >= record.started - rounding && made <= record.started + noted_recently + longest_making;
  });
}

SlotKey by_journal(const Workspace& work, const std::vector<Record>& records) {
  const bool of_another = std::ranges::any_of(records, [&](const Record& one) {
    return is_unfinished(one.state) && one.number != work.record.number;
  });
  const bool untold = std::ranges::any_of(records, [&](const Record& one) {
    return is_note_of_untold_key(one) && !is_given_back(one, work.context.now());
  });
  if (of_another || untold) return SlotKey::anothers;
  const bool used_up = std::ranges::any_of(
      records, [](const Record& one) { return one.state == State::completed || one.pair_refused; });
  return used_up ? SlotKey::used_up : SlotKey::unused;
}

bool is_issued(const Workspace& work, const TokenObject& certificate) {
  return !is_placeholder(work.token, certificate);
}

/// The public key in a slot that only its attestation tells of, empty where there is none: a card without GET
/// METADATA shows no key whose slot has no certificate.
Bytes hidden_key(const Workspace& work, const Bytes& slot) {
  const auto hidden = hidden_keys(work.token.attestations(), work.token.objects());
  const auto found = std::ranges::find_if(hidden, [&](const Attestation& one) { return one.key_id == slot; });
  return found == hidden.end() ? Bytes{} : found->public_key;
}

bool has_hidden_key(const Workspace& work, const Bytes& slot) {
  return !hidden_key(work, slot).empty();
}

/// The public key of the slot's key; empty where there is none, or none is told.
Bytes public_key_of_slot(const Workspace& work, const Bytes& slot) {
  const Bytes hidden = hidden_key(work, slot);
  return hidden.empty() ? find_public_key(work.token, slot) : hidden;
}

/// slot_was_taken() for a home slot, whose old certificate gives way. An enrolment asks again whether that
/// certificate has expired: settings and clock may have changed. (Once its key has gone, nothing is lost.)
bool home_was_taken(const Workspace& work) {
  const Record& record = work.record;
  const bool certified = has_certificate(work, record.key_id, [&](const TokenObject& object) {
    return is_issued(work, object) &&
           enrollment::sha256_of(pkcs11::ByteView(object.certificate)) != record.old_sha256;
  });
  const bool asks = !record.enrollment || has_old_pair(work, record.key_id);
  if (asks && home_target(work) != record.key_id) return true;
  if (record.enrollment && (certified || whose_key(work, record.key_id) == SlotKey::anothers)) return true;
  return holds_another_key(work, record.key_id, record.key_algorithm);
}

}  // namespace

SlotKey whose_key(const Workspace& work, const Bytes& slot) {
  if (find_private_key(work.token, slot) == nullptr) return SlotKey::none;
  const Bytes public_key = find_public_key(work.token, slot);
  if (public_key.empty()) return SlotKey::anothers;
  if (const auto records = records_about(work, slot, public_key); !records.empty())
    return by_journal(work, records);
  const bool certified = has_certificate(work, slot, [&](const TokenObject& object) {
    return is_issued(work, object) && object.public_key == public_key;
  });
  if (certified) return SlotKey::of_certificate;
  const bool fits = key_algorithm_of(public_key) == work.record.key_algorithm &&
                    was_made_for_record(work, slot, public_key);
  return fits ? SlotKey::made_for_record : SlotKey::anothers;
}

std::vector<Record> records_about(const Workspace& work, const Bytes& slot, const Bytes& public_key) {
  auto records = work.context.journal.history_of(work.token.key(), records_looked_back);
  std::erase_if(records, [&](const Record& record) {
    return record.key_id != slot || record.public_key.empty() || record.public_key != public_key;
  });
  return records;
}

bool in_common_place(const Workspace& work) {
  return !work.record.same_key && !work.token.profile().is_ours(work.record.key_id);
}

bool slot_was_taken(const Workspace& work) {
  const Record& record = work.record;
  if (record.state != State::planned || !in_common_place(work)) return false;
  if (has_hidden_key(work, record.key_id)) return true;
  if (work.token.profile().is_home(record.key_id)) return home_was_taken(work);
  const auto issued = [&](const TokenObject& object) { return is_issued(work, object); };
  return has_certificate(work, record.key_id, issued) || whose_key(work, record.key_id) == SlotKey::anothers;
}

bool has_anothers_key(const Workspace& work, const Bytes& slot) {
  return has_hidden_key(work, slot) || whose_key(work, slot) == SlotKey::anothers;
}

void tell_of_taken_slot(const Workspace& work, const Bytes& slot) {
  const std::string name = work.token.profile().place_name(slot);
  if (name.empty()) return;
  const bool home = work.token.profile().home_ids().front() == slot;
  work.context.emit(messages::NoticeEvent{
      home ? "home_slot_not_ours" : "slot_not_ours",
      "Slot " + name + " has a key of which nothing shows that koshin made it. It is left alone."});
}

void note_untold_key(const Workspace& work) {
  const Record& planned = work.record;
  const Bytes& slot = planned.key_id;
  if (work.token.profile().place_name(slot).empty() || work.token.profile().is_home(slot)) return;
  if (has_certificate(work, slot, [](const TokenObject&) { return true; })) return;
  const Bytes public_key = public_key_of_slot(work, slot);
  const bool attests = !work.token.attestations().empty();
  const bool made_here = !attests || attestation_of(work.token.attestations(), public_key) != nullptr;
  if (public_key.empty() || !made_here || key_algorithm_of(public_key) != planned.key_algorithm) return;
  if (!records_about(work, slot, public_key).empty()) return;
  Record note = note_of_untold_key(planned, public_key);
  change_state(work.context, note, State::abandoned);
}

void tell_of_found_key(const Workspace& work) {
  const Record& record = work.record;
  if (!is_second_leg(work) || !records_about(work, record.key_id, record.public_key).empty()) return;
  work.context.emit(messages::NoticeEvent{
      "home_slot_key_found", "Slot " + work.token.profile().place_name(record.key_id) +
                                 " had a key that this computer does not know. It is certified."});
}

bool may_use_pair_in_slot(const Workspace& work) {
  if (is_second_leg(work)) return is_of_second_leg(work, work.record.key_id);
  const SlotKey whose = whose_key(work, work.record.key_id);
  return whose == SlotKey::unused || whose == SlotKey::made_for_record;
}

void note_making(Workspace& work) {
  Record& record = work.record;
  const TimePoint now = work.context.now();
  if (record.started <= now && now - record.started < noted_recently) return;
  record.started = now;
  change_state(work.context, record, State::planned);
}

}  // namespace koshin::renewal
