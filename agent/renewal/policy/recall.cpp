// SPDX-License-Identifier: MIT
#include "renewal/policy/recall.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/small_letters.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::TokenReport;

bool shows(const TokenReport& token, const CertificateReport& certificate) {
  return find_certificate(token, certificate.sha256) != nullptr;
}

/// A key without certificate that is missing in the snapshot may belong to a certificate that came later.
bool shows_an_unknown_key(const TokenReport& token, const TokenReport& seen) {
  const auto& keys = token.keys_without_certificate;
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    const auto is_it = [&](const auto& known) { return known.key_id == key.key_id; };
    return std::none_of(seen.certificates.begin(), seen.certificates.end(), is_it) &&
           std::none_of(seen.keys_without_certificate.begin(), seen.keys_without_certificate.end(), is_it);
  });
}

void recall_keys(TokenReport& token, const TokenReport& seen) {
  for (CertificateReport& certificate : token.certificates) {
    const CertificateReport* const known = find_certificate(seen, certificate.sha256);
    if (known != nullptr && certificate.key_state == KeyState::unknown)
      certificate.key_state = known->key_state;
  }
}

void add_hidden(TokenReport& token, const TokenReport& seen) {
  for (const CertificateReport& known : seen.certificates) {
    if (!has_lineage(known.purpose) || !known.is_private || shows(token, known)) continue;
    token.certificates.push_back(known);
    token.certificates.back().recalled = true;
  }
}

bool same_lineage(const CertificateReport& one, const CertificateReport& other) {
  return are_of_one_lineage(one, other) || (!one.lineage.empty() && one.lineage == other.lineage);
}

/// Whether `certificate` was refused: it is marked as replaced by an earlier certificate, and therefore
/// replaces nothing.
bool was_refused(const CertificateReport& certificate, const TokenReport& token) {
  const CertificateReport* const instead = find_certificate(token, certificate.replaced_by);
  return instead != nullptr && is_earlier(*instead, certificate);
}

bool succeeds(const CertificateReport& other, const CertificateReport& one, const TokenReport& token,
              TimePoint now) {
  return same_lineage(one, other) && !was_refused(other, token) &&
         takes_the_place(other, certainty_of_key(other), one, certainty_of_key(one), now);
}

/// Recomputes `replaced_by` with the recalled key states; a replacement that the snapshot has recorded stays
/// as long as the successor is on the token.
void recall_places(TokenReport& token, const TokenReport& seen, TimePoint now) {
  for (CertificateReport& one : token.certificates) {
    const CertificateReport* const by = find_certificate(token, one.replaced_by);
    const bool by_a_surer_one = by != nullptr && by->key_state != KeyState::missing &&
                                (was_refused(one, token) || certainty_of_key(*by) >= certainty_of_key(one));
    if (by_a_surer_one) continue;
    one.replaced_by.clear();
    const CertificateReport* const known = find_certificate(seen, one.sha256);
    if (known != nullptr && find_certificate(token, known->replaced_by) != nullptr)
      one.replaced_by = known->replaced_by;
  }
  for (CertificateReport& one : token.certificates) {
    if (!has_lineage(one.purpose) || !one.replaced_by.empty()) continue;
    const CertificateReport* latest = nullptr;
    for (const CertificateReport& other : token.certificates) {
      if (!succeeds(other, one, token, now)) continue;
      if (latest == nullptr || is_earlier(*latest, other)) latest = &other;
    }
    if (latest != nullptr) one.replaced_by = latest->sha256;
  }
}

/// The successor of `expired` may be a private object: a key without certificate is visible, the key of
/// `expired` is uncertain, or `expired` itself is known only from the snapshot. A snapshot taken after the
/// expiry answers the question, unless a new key has appeared since.
bool successor_may_be_hidden(const CertificateReport& expired, const TokenReport& token,
                             const Snapshot* snapshot) {
  if (snapshot != nullptr && snapshot->at > expired.not_after)
    return shows_an_unknown_key(token, snapshot->report);
  return expired.recalled || certainty_of_key(expired) < 2 || !token.keys_without_certificate.empty();
}

const Snapshot* snapshot_after(const Record& record, const TokenMemory* memory) {
  if (memory == nullptr || !memory->snapshot || memory->token != record.token) return nullptr;
  const TokenReport& seen = memory->snapshot->report;
  // Another token may have this label; the old certificate is the record's own.
  const bool of_this_token =
      seen.label == record.token_label &&
      (!is_one_of_many(record.token) || find_certificate(seen, record.old_sha256) != nullptr);
  return of_this_token && memory->snapshot->at >= record.changed ? &*memory->snapshot : nullptr;
}

/// Whether two reports of tokens whose serial number says nothing name different slots.
bool is_in_another_slot(const TokenReport& one, const TokenReport& other) {
  const bool named = !one.slot_description.empty() && !other.slot_description.empty();
  return named && one.slot_description != other.slot_description && is_one_of_many(token_key(one));
}

}  // namespace

const Snapshot* snapshot_of(const TokenReport& token, const TokenMemory* memory) {
  if (memory == nullptr || !memory->snapshot) return nullptr;
  const TokenReport& seen = memory->snapshot->report;
  if (seen.label != token.label) return nullptr;
  const bool shows_one_of_them =
      (token.certificates.empty() && !is_in_another_slot(token, seen)) ||
      std::any_of(token.certificates.begin(), token.certificates.end(),
                  [&](const auto& certificate) { return shows(seen, certificate); });
  return shows_one_of_them ? &*memory->snapshot : nullptr;
}

TokenReport recalled(TokenReport token, const TokenMemory* memory, TimePoint now) {
  const Snapshot* const snapshot = snapshot_of(token, memory);
  if (snapshot == nullptr || !token.private_objects_hidden || !token.trouble.empty()) return token;
  recall_keys(token, snapshot->report);
  add_hidden(token, snapshot->report);
  recall_places(token, snapshot->report, now);
  return token;
}

bool seen_to_be_gone(const Record& record, const TokenMemory* memory) {
  const Snapshot* const snapshot = snapshot_after(record, memory);
  return snapshot != nullptr && match_record(record, snapshot->report) == RecordMatch::no;
}

bool key_seen_to_be_gone(const Record& record, const TokenMemory* memory) {
  const Snapshot* const snapshot = snapshot_after(record, memory);
  return snapshot != nullptr && !snapshot->report.private_objects_hidden &&
         !shows_key(snapshot->report, to_hex(record.key_id));
}

bool still_belongs_to(const Record& record, const TokenReport& token, const TokenMemory* memory) {
  if (!belongs_to(record, token)) return false;
  return match_record(record, token) == RecordMatch::yes || !seen_to_be_gone(record, memory);
}

bool was_ours(const TokenReport& token, const TokenMemory* memory, const std::vector<Record>* records,
              const Settings::Expect& expect) {
  const bool completed =
      records != nullptr && std::any_of(records->begin(), records->end(), [&](const Record& record) {
        return record.state == State::completed && record.token_label == token.label;
      });
  if (completed || memory == nullptr || !belongs_to(*memory, token)) return completed;
  const Snapshot* const snapshot = snapshot_of(token, memory);
  const bool in_snapshot =
      snapshot != nullptr &&
      std::any_of(snapshot->report.certificates.begin(), snapshot->report.certificates.end(),
                  [&](const auto& one) { return is_ours(one, expect); });
  return in_snapshot || !memory->told_sha256.empty() || !memory->certificate_sha256.empty() ||
         memory->last_decision == to_string(Decision::certificate_missing);
}

const CertificateReport* known_but_unclaimed(const TokenReport& token, const TokenMemory* memory,
                                             const std::vector<Record>* records,
                                             const Settings::Expect& expect) {
  const auto is_known = [&](const CertificateReport& one) {
    const bool told =
        memory != nullptr && (memory->told_sha256 == one.sha256 || memory->certificate_sha256 == one.sha256);
    return !one.sha256.empty() &&
           (told || (records != nullptr && std::ranges::any_of(*records, [&](const Record& record) {
                       return record.state == State::completed && is_same_bank(record.bank, expect.bank) &&
                              (record.old_sha256 == one.sha256 || is_issued_for(one, record));
                     })));
  };
  const CertificateReport* found = nullptr;
  for (const CertificateReport& one : token.certificates) {
    if (!one.unclaimed || !is_known(one)) continue;
    const auto* const successor = find_certificate(token, one.replaced_by);
    const CertificateReport& in_use = successor == nullptr ? one : *successor;
    if (in_use.unclaimed && (found == nullptr || is_earlier(in_use, *found))) found = &in_use;
  }
  return found;
}

bool may_hide_ours(const TokenReport& token, const Settings::Expect& expect, bool remembered,
                   const Snapshot* snapshot) {
  if (!token.private_objects_hidden) return false;
  if (snapshot != nullptr && !shows_an_unknown_key(token, snapshot->report)) return false;
  const bool shows_ours =
      std::any_of(token.certificates.begin(), token.certificates.end(), [&](const auto& certificate) {
        return certificate.replaced_by.empty() && is_ours(certificate, expect);
      });
  // A key beside another bank's certificate most likely belongs to that certificate.
  const bool shows_another_banks = std::any_of(
      token.certificates.begin(), token.certificates.end(),
      [&](const auto& certificate) { return !certificate.bank.empty() && certificate.bank != expect.bank; });
  return !shows_ours && (remembered || (!token.keys_without_certificate.empty() && !shows_another_banks));
}

bool pin_may_tell(const Choice& choice, const TokenReport& token, const TokenMemory* memory) {
  if (!choice.failure || !token.private_objects_hidden) return false;
  const Snapshot* const snapshot = snapshot_of(token, memory);
  switch (choice.failure->reason) {
    case Reason::certificate_not_found:
      return true;
    case Reason::reissue_needed:
      return successor_may_be_hidden(*choice.about, token, snapshot);
    case Reason::not_due:
      return snapshot == nullptr ? !token.keys_without_certificate.empty()
                                 : shows_an_unknown_key(token, snapshot->report);
    default:
      return false;
  }
}

}  // namespace koshin::renewal
