// SPDX-License-Identifier: MIT
// Distinguishes koshin's keys from other programs' keys, and used keys from unused ones.
#include "renewal/token/left_pairs.hpp"

#include <algorithm>
#include <thread>

#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/issued_certificate.hpp"
#include "renewal/token/token_objects.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::Credential;
using pkcs11::TokenObject;

constexpr std::size_t records_for_left_pairs = 100;

/// The last record of this computer about the pair with this CKA_ID.
const Record* record_of(const std::vector<Record>& history, ByteView id) {
  const auto found = std::find_if(history.begin(), history.end(), [&](const Record& record) {
    return std::equal(record.key_id.begin(), record.key_id.end(), id.begin(), id.end());
  });
  return found == history.end() ? nullptr : &*found;
}

/// Whether the pair is from a version without marks and was made by a given-up renewal of the same
/// certificate, or by an enrolment.
bool made_before_marks(const Record* record, const LeftPairFilter& by) {
  if (record == nullptr || record->same_key || record->state != State::abandoned) return false;
  if (!by.lineage) return true;
  if (record->enrollment)
    return by.subject.empty() || record->request.empty() ||
           enrollment::subject_of(exchange_of(*record)) == by.subject;
  return by.old_sha256.empty() || record->old_sha256 == by.old_sha256;
}

/// `public_key`: of the whole pair. Any program may use a PIV slot, so the slot's key must match the
/// journal's record.
bool is_ours(const TokenProfile& profile, const TokenObject& key, const Bytes& public_key,
             const std::vector<Record>& history, const LeftPairFilter& by) {
  if (key.id.empty()) return by.lineage && label_is_marked_for(key.label, *by.lineage);
  if (is_marked(key.id)) return !by.lineage || is_marked_for(key.id, *by.lineage);
  const Record* record = record_of(history, key.id);
  if (!made_before_marks(record, by)) return false;
  return profile.is_ours(key.id) || (!public_key.empty() && record->public_key == public_key);
}

/// Whether a certificate on the token has the pair's public key (as token or journal tell it) or its CKA_ID.
bool is_certified(const OpenToken& token, const LeftPair& pair, const Record* record) {
  const auto& all = token.objects();
  return std::any_of(all.begin(), all.end(), [&](const TokenObject& object) {
    if (object.object_class != pkcs11::ObjectClass::certificate || is_placeholder(token, object))
      return false;
    return (!object.public_key.empty() && object.public_key == pair.public_key) ||
           (record != nullptr && !record->public_key.empty() && object.public_key == record->public_key) ||
           (!pair.key_id.empty() && object.id == pair.key_id);
  });
}

/// Whether the pair is a private key without a readable public key that may belong to a certificate under
/// another CKA_ID.
bool may_be_certified(const OpenToken& token, const LeftPair& pair, const std::vector<Credential>& groups) {
  if (!pair.public_key.empty() || pair.objects.front().object_class == pkcs11::ObjectClass::public_key)
    return false;
  return std::any_of(groups.begin(), groups.end(), [&](const Credential& group) {
    return group.certificate && !group.private_key && !is_placeholder(token, *group.certificate);
  });
}

/// Whether the group is a key without a certificate that somebody has issued.
bool is_pair_alone(const OpenToken& token, const Credential& group) {
  const bool keys = group.private_key || group.public_key;
  return keys && (!group.certificate || is_placeholder(token, *group.certificate));
}

LeftPair pair_of(const Credential& group) {
  LeftPair pair;
  for (const auto& key : {group.private_key, group.public_key}) {
    if (!key) continue;
    pair.objects.push_back(*key);
    if (pair.key_id.empty()) pair.key_id = key->id;
    if (pair.public_key.empty()) pair.public_key = key->public_key;
  }
  return pair;
}

/// find_public_key(), of a key too that only its attestation tells of.
Bytes public_key_at(const OpenToken& token, const Bytes& key_id) {
  for (const Attestation& hidden : hidden_keys(token.attestations(), token.objects()))
    if (hidden.key_id == key_id) return hidden.public_key;
  return find_public_key(token, key_id);
}

bool key_was_being_made(const std::vector<TokenObject>& all, const std::vector<Record>& history) {
  if (std::any_of(history.begin(), history.end(),
                  [](const Record& record) { return record.public_key.empty(); }))
    return true;
  return std::any_of(all.begin(), all.end(), [&](const TokenObject& half) {
    if (half.object_class != pkcs11::ObjectClass::public_key || !is_marked(half.id)) return false;
    return std::none_of(all.begin(), all.end(), [&](const TokenObject& other) {
      return other.object_class == pkcs11::ObjectClass::private_key && other.id == half.id;
    });
  });
}

/// Queries the token only for objects that look blank.
std::vector<LeftPair> blank_objects(OpenToken& token, const std::vector<Record>& history) {
  std::vector<LeftPair> blanks;
  for (const TokenObject& object : token.objects()) {
    const bool says_something = object.read_failed || !object.id.empty() || !object.label.empty() ||
                                !object.certificate.empty() || !object.public_key.empty();
    if (says_something) continue;
    const bool keeps_to_itself = object.object_class == pkcs11::ObjectClass::private_key &&
                                 !key_was_being_made(token.objects(), history);
    if (keeps_to_itself || !token.session().is_blank(object)) continue;
    blanks.push_back({.key_id = {}, .objects = {object}, .public_key = {}, .blank = true});
  }
  return blanks;
}

/// Whether a later renewal of the same certificate has logged in, and its certificate is on the token with
/// its key, valid. Until then the refused certificate may be the only usable one: the server may have been
/// wrong.
bool has_better(const OpenToken& token, const std::vector<Record>& history, const Record& refused,
                TimePoint now) {
  return std::any_of(history.begin(), history.end(), [&](const Record& later) {
    return later.number > refused.number && later.state == State::completed &&
           later.old_sha256 == refused.old_sha256 && later.new_not_after > now &&
           find_certificate(token, later.certificate, later.key_id) != nullptr &&
           find_private_key(token, later.key_id) != nullptr;
  });
}

/// Whether the record's certificate, which is not on the token any more, may have been encrypted for. One
/// that cannot be read any more (a damaged disk) may have been: its key stays.
bool was_encrypted_for(const Record& record) {
  if (record.certificate.empty()) return false;
  const auto certificate = issued_certificate(record);
  return !certificate || decrypts(*certificate);
}

/// Whether the key without a certificate may be the last one that reads old mail, because its certificate was
/// deleted without it (keeps_private_key()). This computer's journal knows the certificate; of another
/// computer's key the mark alone is known.
bool may_decrypt(const Bytes& key_id, const Record* record) {
  return record != nullptr ? was_encrypted_for(*record) : is_marked_for_decryption(key_id);
}

/// left_pairs() by the objects that were read.
std::vector<LeftPair> left_among_read(OpenToken& token, Journal& journal, const LeftPairFilter& by) {
  const auto history = journal.history_of(token.key(), records_for_left_pairs);
  const auto groups = pkcs11::match_credentials(token.objects());
  std::vector<LeftPair> left = blank_objects(token, history);
  for (const Credential& group : groups) {
    if (!is_pair_alone(token, group)) continue;
    LeftPair pair = pair_of(group);
    const Record* record = pair.key_id.empty() ? nullptr : record_of(history, pair.key_id);
    const bool all_ours = std::all_of(pair.objects.begin(), pair.objects.end(), [&](const TokenObject& key) {
      return is_ours(token.profile(), key, pair.public_key, history, by) && key.id == pair.key_id;
    });
    if (!all_ours || may_decrypt(pair.key_id, record)) continue;
    if (is_certified(token, pair, record) || may_be_certified(token, pair, groups)) continue;
    if (record != nullptr && is_unfinished(record->state) && record->number != by.own_record) continue;
    if (record != nullptr) {
      pair.record = record->number;
      pair.sent = record->pair_sent;
      pair.refused_before = record->last_failure && record->last_failure->reason == Reason::authority_refused;
      pair.refused = record->pair_refused;
    }
    left.push_back(std::move(pair));
  }
  return left;
}

}  // namespace

std::vector<LeftPair> left_pairs(OpenToken& token, Journal& journal, const LeftPairFilter& by) {
  auto left = left_among_read(token, journal, by);
  const bool of_others = std::any_of(left.begin(), left.end(), [&](const LeftPair& pair) {
    return pair.record == 0 || pair.record != by.own_record;
  });
  // A certificate that was not read may be for such a pair, under another CKA_ID.
  return of_others && token.read_the_rest() ? left_among_read(token, journal, by) : left;
}

std::vector<Bytes> emptied_key_ids(const OpenToken& token, Journal& journal) {
  const auto history = journal.history_of(token.key(), records_for_left_pairs);
  std::vector<Bytes> emptied;
  for (const Credential& group : pkcs11::match_credentials(token.objects())) {
    if (!is_pair_alone(token, group)) continue;
    const LeftPair pair = pair_of(group);
    const Record* record = pair.key_id.empty() ? nullptr : record_of(history, pair.key_id);
    const bool finished =
        record != nullptr && !record->same_key && (record->state == State::completed || record->pair_refused);
    if (!finished || may_decrypt(pair.key_id, record) || pair.public_key.empty() ||
        record->public_key != pair.public_key)
      continue;
    if (!is_certified(token, pair, record)) emptied.push_back(pair.key_id);
  }
  for (const Attestation& hidden : hidden_keys(token.attestations(), token.objects())) {
    const Record* record = record_of(history, hidden.key_id);
    const bool finished =
        record != nullptr && !record->same_key && (record->state == State::completed || record->pair_refused);
    if (finished && record->public_key == hidden.public_key) emptied.push_back(hidden.key_id);
  }
  return emptied;
}

std::vector<Bytes> decrypting_key_ids(const OpenToken& token, Journal& journal) {
  const auto history = journal.history_of(token.key(), records_for_left_pairs);
  std::vector<Bytes> ids;
  for (const Record& record : history)  // a slot has the key of its last record
    if (!record.key_id.empty() && record_of(history, record.key_id) == &record && was_encrypted_for(record))
      ids.push_back(record.key_id);
  return ids;
}

std::vector<Record> records_of_keys(const OpenToken& token, Journal& journal) {
  auto records = journal.history_of(token.key(), records_for_left_pairs);
  std::erase_if(records, [&](const Record& record) {
    if (record.public_key.empty()) return !is_unfinished(record.state);
    return record.public_key != public_key_at(token, record.key_id);
  });
  return records;
}

std::vector<LeftPair> refused_certificates(const OpenToken& token, Journal& journal, TimePoint now) {
  std::vector<LeftPair> all;
  const auto history = journal.history_of(token.key(), records_for_left_pairs);
  for (const Record& record : history) {
    const bool refused = record.state == State::abandoned && record.pair_refused && !record.same_key;
    if (!refused || record.certificate.empty() || !token.profile().is_ours(record.key_id)) continue;
    if (!has_better(token, history, record, now)) continue;
    const TokenObject* certificate = find_certificate(token, record.certificate, record.key_id);
    if (certificate == nullptr) continue;
    LeftPair pair{
        .key_id = record.key_id, .objects = {}, .public_key = record.public_key, .record = record.number};
    for (const auto wanted : {pkcs11::ObjectClass::private_key, pkcs11::ObjectClass::public_key}) {
      for (const TokenObject& object : token.objects()) {
        const bool blind = object.public_key.empty() && wanted == pkcs11::ObjectClass::private_key;
        const bool fits = blind || object.public_key == record.public_key;
        if (object.object_class == wanted && object.id == record.key_id && fits)
          pair.objects.push_back(object);
      }
    }
    pair.objects.push_back(*certificate);
    all.push_back(std::move(pair));
  }
  return all;
}

messages::KeyReport report_pair(const LeftPair& pair) {
  const TokenObject& key = pair.objects.front();
  messages::KeyReport report{to_hex(pair.key_id),
                             printable(key.label, 200),
                             key_algorithm_of(pair.public_key),
                             key.object_class == pkcs11::ObjectClass::private_key,
                             true,
                             day_of_label(key.label),
                             {}};
  return report;
}

void remove_pair(OpenToken& token, const LeftPair& pair) {
  log::warning(log::Event::none,
               pair.blank
                   ? std::string("an object without name and content is removed: its making was cut off")
                   : (pair.whole() ? "a key pair" : "half a key pair") +
                         std::string(" of koshin's that no certificate is for is removed: CKA_ID ") +
                         to_hex(pair.key_id));
  token.act_as_key_manager();
  for (const TokenObject& key : pair.objects) {
    token.session().destroy(key);
    token.forget(key.handle);
  }
}

void remove_objects_without_class(OpenToken& token) {
  constexpr std::chrono::milliseconds longer_than_making_one{250};
  if (!token.profile().deletes_pairs()) return;
  const auto before = token.session().objects_without_class();
  if (before.empty()) return;
  std::this_thread::sleep_for(longer_than_making_one);
  for (const std::uint64_t handle : token.session().objects_without_class()) {
    if (std::ranges::find(before, handle) == before.end()) continue;
    TokenObject object;
    object.handle = handle;
    try {
      token.act_as_key_manager();
      token.session().destroy(object);
      token.forget(handle);
      log::warning(log::Event::none, "an object without a class is removed: its making was cut off");
    } catch (const pkcs11::Error& error) {  // it does no harm
      log::warning(log::Event::none, "an object without a class stays: " + as_failure(error).detail);
    }
  }
}

}  // namespace koshin::renewal
