// SPDX-License-Identifier: MIT
// The steps that change the token: key pair generation, writing the certificate, reading it back.
#include <algorithm>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "renewal/policy/old_certificate.hpp"
#include "renewal/steps/home_key.hpp"
#include "renewal/steps/key_policies.hpp"
#include "renewal/steps/key_proof.hpp"
#include "renewal/steps/lost_certificate.hpp"
#include "renewal/steps/past.hpp"
#include "renewal/steps/planned_slot.hpp"
#include "renewal/steps/replaced_certificate.hpp"
#include "renewal/steps/second_leg.hpp"
#include "renewal/steps/slot_objects.hpp"
#include "renewal/steps/spare_slot.hpp"
#include "renewal/steps/state_change.hpp"
#include "renewal/steps/steps.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

Bytes new_key_id(Workspace& work, const std::optional<Bytes>& home) {
  KeyIds ids{.in_use = {}, .emptied = {}, .home = home};
  for (const auto& object : work.token.objects()) ids.in_use.push_back(object.id);
  for (const auto& one : work.token.attestations()) ids.in_use.push_back(one.key_id);
  if (!work.token.profile().deletes_pairs()) {
    ids.emptied = emptied_key_ids(work.token, work.context.journal);
    const auto hidden = decrypting_key_ids(work.token, work.context.journal);
    ids.in_use.insert(ids.in_use.end(), hidden.begin(), hidden.end());
  }
  return work.token.profile().new_key_id(ids, make_marked_id(lineage_of(work)));
}

/// The home slot for the new pair, unless another program's key is in it. A second leg has no other place.
std::optional<Bytes> free_home(Workspace& work) {
  auto home = home_target(work);
  const bool anothers = home && (holds_another_key(work, *home, work.record.key_algorithm) ||
                                 (work.enrolling() && whose_key(work, *home) == SlotKey::anothers));
  if (home && !anothers && has_exchanged_key(work, *home)) {
    leave_exchanged_key(work, *home);
    return {};
  }
  if (home && !anothers) {
    prove_spare(work, *home);
    return home;
  }
  if (!work.returning) return {};
  fail(Reason::token_full, "the slot in which programs look for the certificate holds another program's key");
}

/// An unused pair that may be certified: wherever it is, except that a renewal from a spare slot goes home.
std::optional<LeftPair> unused_pair_for(Workspace& work, const std::optional<Bytes>& home) {
  auto left = find_unused_pair(work, work.record.key_algorithm);
  const bool elsewhere = left && home && !work.enrolling() && left->key_id != *home;
  return elsewhere ? std::nullopt : std::move(left);
}

/// Saves the CKA_ID durably before the token is changed.
void plan(Workspace& work) {
  Record& record = work.record;
  const auto home = record.same_key ? std::nullopt : free_home(work);
  if (record.same_key) {
    if (record.key_id.empty()) fail(Reason::key_not_found, "the key to be certified again has no CKA_ID");
  } else if (const auto left = unused_pair_for(work, home)) {
    record.key_id = left->key_id;
    record.pair_sent = left->sent;
    if (left->refused_before) {
      record.wrong_answer = Reason::authority_refused;
      record.wrong_answers = 1;
    }
  } else {
    remove_refused_pairs(work);
    record.key_id = new_key_id(work, home);
    // Another computer may have asked the authority for the pair that is taken over.
    record.pair_sent = home && is_second_leg(work) && is_of_second_leg(work, *home);
  }
  record.started = work.context.now();
  change_state(work.context, record, State::planned);
}

void check_origin(const OpenToken& token, const pkcs11::KeyOrigin& origin) {
  if (token.accepts(origin)) return;
  const auto said = [](const char* attribute, std::optional<bool> value) {
    return std::string(attribute) + ' ' + (!value ? "unknown" : *value ? "true" : "false");
  };
  fail(Reason::key_not_made_on_token,
       "the token says " + said("CKA_LOCAL", origin.local) + ", " +
           said("CKA_NEVER_EXTRACTABLE", origin.never_extractable) + ", " +
           said("CKA_ALWAYS_SENSITIVE", origin.always_sensitive) + ", " +
           said("CKA_EXTRACTABLE", origin.extractable) + ", " + said("CKA_SENSITIVE", origin.sensitive) +
           ", " + said("CKA_PRIVATE", origin.is_private) + (origin.unread ? "; some could not be read" : ""));
}

/// Removes the remains of an interrupted C_GenerateKeyPair under koshin's CKA_ID: half a pair, or a whole one
/// without CKA_LOCAL. (Tokens set CKA_LOCAL last; make_pair() detects tokens that never set it.)
void clear_half_pair(Workspace& work) {
  const auto all = work.token.objects();
  for (const auto& object : all) {
    if (object.id != work.record.key_id) continue;
    log::warning(log::Event::none,
                 "half a key pair of an interrupted run is removed: CKA_ID " + to_hex(object.id));
    work.token.act_as_key_manager();
    work.token.session().destroy(object);
    work.token.forget(object.handle);
  }
}

/// Whether the planned CKA_ID is of a kind that the token's present profile gives, where nothing was made
/// under it yet: token.profile may have been set since.
bool planned_for_profile(const Workspace& work) {
  const Record& record = work.record;
  if (record.same_key || record.state != State::planned) return true;
  if (find_private_key(work.token, record.key_id) != nullptr) return true;
  const TokenProfile& profile = work.token.profile();
  const bool has_places = !profile.home_ids().empty();
  return has_places ? !profile.place_name(record.key_id).empty() : profile.is_ours(record.key_id);
}

/// Whether the planned pair was never generated, and another computer has generated one for the same
/// certificate since.
bool another_pair_waits(Workspace& work) {
  const Record& record = work.record;
  if (record.same_key || record.state != State::planned || in_common_place(work)) return false;
  return find_private_key(work.token, record.key_id) == nullptr &&
         find_unused_pair(work, record.key_algorithm).has_value();
}

/// Takes over the pair of an earlier run; returns false when there is none.
bool adopt_pair(Workspace& work) {
  if (in_common_place(work) && !may_use_pair_in_slot(work)) return false;
  const auto* key = find_private_key(work.token, work.record.key_id);
  const Bytes public_key = find_public_key(work.token, work.record.key_id);
  const bool whole = key != nullptr && !public_key.empty();
  if (whole && work.token.accepts_key(*key)) {
    work.record.public_key = public_key;
    work.key_untold = true;
    return true;
  }
  // A PIV slot is overwritten as a whole, or another slot is used.
  if (!in_common_place(work)) clear_half_pair(work);
  return false;
}

std::string label_of(const Workspace& work) {
  std::string name = work.context.job.subject_user;
  if (work.old_certificate) name = work.old_certificate->common_name();
  if (!work.record.certificate.empty()) {
    name = enrollment::Certificate::from_der(work.record.certificate).common_name();
  }
  return pair_label(name, work.record.started);
}

pkcs11::KeyTraits traits_of_next_key(const Workspace& work) {
  return {use_of_next_key(work.old_report), policies_to_keep(work)};
}

/// Replaces the pair in a slot that other programs use too.
pkcs11::GeneratedKeyPair overwrite_pair(Workspace& work, pkcs11::KeyAlgorithm algorithm,
                                        const std::string& label) {
  forget_slot(work, work.record.key_id, SlotPart::all);
  try {
    return work.token.session().generate_key_pair(algorithm, work.record.key_id, label,
                                                  pkcs11::Place::occupied, traits_of_next_key(work));
  } catch (const std::exception&) {
    try_to_read_slot(work, work.record.key_id);
    throw;
  }
}

void make_pair(Workspace& work) {
  const auto algorithm = pkcs11::parse_key_algorithm(work.record.key_algorithm);
  if (!algorithm)
    fail(Reason::key_algorithm_not_allowed, "no keys of type " + work.record.key_algorithm + " are made");
  work.token.act_as_key_manager();
  if (in_common_place(work)) note_making(work);
  const std::string label = marked_label(label_of(work), lineage_of(work));
  auto pair = in_common_place(work)
                  ? overwrite_pair(work, *algorithm, label)
                  : work.token.session().generate_key_pair(*algorithm, work.record.key_id, label,
                                                           pkcs11::Place::free, traits_of_next_key(work));
  if (!work.token.accepts(pair.origin) && !in_common_place(work)) {
    // The pair will never be used. (A PIV slot is overwritten as a whole.)
    work.token.session().destroy(pair.private_key);
    work.token.session().destroy(pair.public_key);
  }
  check_origin(work.token, pair.origin);
  if (pair.public_key.public_key.empty()) {
    fail(Reason::token_error, "the token made a key pair but does not tell its public key");
  }
  work.record.public_key = pair.public_key.public_key;
  work.token.add(std::move(pair.public_key));
  work.token.add(std::move(pair.private_key));
  work.key_untold = true;
}

}  // namespace

std::optional<messages::Event> generate_key_pair(Workspace& work) {
  if (work.record.number != 0 && !work.record.same_key) remove_objects_without_class(work.token);
  clear_useless_pairs(work);
  const bool began = work.record.number != 0 && planned_for_profile(work);
  const bool taken = began && slot_was_taken(work);
  const bool anothers = taken && has_anothers_key(work, work.record.key_id);
  const Bytes earlier = work.record.key_id;
  const bool planned_before = began && !taken && !another_pair_waits(work);
  if (!planned_before) plan(work);
  if (anothers && work.record.key_id != earlier) tell_of_taken_slot(work, earlier);
  if (work.record.same_key) {
    work.record.public_key = work.old_certificate->public_key_der();
    if (overwrites_old(work.record, work.token.profile()))
      work.record.replaced_certificate = work.old_certificate->der();
    // A management key that the token does not take is found before the authority is asked.
    work.token.act_as_key_manager();
  } else if (adopt_pair(work)) {
    if (!planned_before) tell_of_found_key(work);
  } else {
    if (planned_before && is_second_leg(work)) prove_spare(work, work.record.key_id);
    make_pair(work);
  }
  return {};
}

std::optional<messages::Event> write(Workspace& work) {
  const Bytes& slot = work.record.key_id;
  if (find_certificate(work.token, work.record.certificate, slot) != nullptr) return {};
  if (work.resumed_issued) remove_objects_without_class(work.token);
  const bool overwrites = overwrites_old(work.record, work.token.profile());
  if (overwrites) {
    prove_before_writing(work);
    keep_replaced_certificate(work);
  }
  work.token.act_as_key_manager();
  // Also where the writing fails, the slot's earlier certificate does not count as seen: the card may have
  // done it, and a module may show in the same session what it has read before.
  if (overwrites || in_common_place(work)) forget_slot(work, slot, SlotPart::certificate);
  work.token.add(work.token.session().write_certificate(work.record.certificate, slot, label_of(work)));
  if (std::exchange(work.rewrites, false)) tell_of_written_back(work);
  return {};
}

std::optional<messages::Event> read_back(Workspace& work) {
  work.token.switch_user(pkcs11::User::user);
  bool certificate = false;
  bool key = false;
  const auto under_id = work.token.session().objects_with_id(work.record.key_id);
  check_all_read(under_id);
  for (const auto& object : under_id) {
    key = key || object.object_class == pkcs11::ObjectClass::private_key;
    certificate =
        certificate || (object.object_class == pkcs11::ObjectClass::certificate &&
                        object.certificate == work.record.certificate && object.id == work.record.key_id);
  }
  const std::string id = "CKA_ID " + to_hex(work.record.key_id);
  if (!certificate)
    fail(Reason::readback_mismatch, "the certificate with " + id + " is not on the token as it was written");
  if (!key) fail(Reason::readback_mismatch, "there is no private key with " + id + " beside the certificate");
  if (work.authority) work.authority->confirm(exchange_of(work.record), enrollment::Verdict::accepted);
  return {};
}

}  // namespace koshin::renewal
