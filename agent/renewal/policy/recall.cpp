// SPDX-License-Identifier: MIT
#include "renewal/policy/recall.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using messages::TokenReport;

bool shows(const TokenReport& token, const CertificateReport& certificate) {
  return find_certificate(token, certificate.sha256) != nullptr;
}

/// A key without certificate that the look has not seen may be that of a certificate that came later.
bool shows_an_unknown_key(const TokenReport& token, const TokenReport& looked) {
  const auto& keys = token.keys_without_certificate;
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    const auto is_it = [&](const auto& known) { return known.key_id == key.key_id; };
    return std::none_of(looked.certificates.begin(), looked.certificates.end(), is_it) &&
           std::none_of(looked.keys_without_certificate.begin(), looked.keys_without_certificate.end(),
                        is_it);
  });
}

void recall_keys(TokenReport& token, const TokenReport& looked) {
  for (CertificateReport& certificate : token.certificates) {
    const CertificateReport* const known = find_certificate(looked, certificate.sha256);
    if (known != nullptr && certificate.key_state == KeyState::unknown)
      certificate.key_state = known->key_state;
  }
}

void add_hidden(TokenReport& token, const TokenReport& looked) {
  for (const CertificateReport& known : looked.certificates) {
    if (known.purpose != Purpose::log_in || !known.is_private || shows(token, known)) continue;
    token.certificates.push_back(known);
    token.certificates.back().recalled = true;
  }
}

bool same_lineage(const CertificateReport& one, const CertificateReport& other) {
  return are_of_one_lineage(one, other) || (!one.lineage.empty() && one.lineage == other.lineage);
}

/// What stands in the place of an earlier one was refused, and takes nobody's.
bool was_refused(const CertificateReport& certificate, const TokenReport& token) {
  const CertificateReport* const instead = find_certificate(token, certificate.replaced_by);
  return instead != nullptr && is_earlier(*instead, certificate);
}

bool succeeds(const CertificateReport& other, const CertificateReport& one, const TokenReport& token,
              TimePoint now) {
  return same_lineage(one, other) && !was_refused(other, token) &&
         takes_the_place(other, certainty_of_key(other), one, certainty_of_key(one), now);
}

/// By what is known of the keys now; what the look has seen in its place stays, as long as it is there.
void recall_places(TokenReport& token, const TokenReport& looked, TimePoint now) {
  for (CertificateReport& one : token.certificates) {
    const CertificateReport* const by = find_certificate(token, one.replaced_by);
    const bool by_a_surer_one = by != nullptr && by->key_state != KeyState::missing &&
                                (was_refused(one, token) || certainty_of_key(*by) >= certainty_of_key(one));
    if (by_a_surer_one) continue;
    one.replaced_by.clear();
    const CertificateReport* const known = find_certificate(looked, one.sha256);
    if (known != nullptr && find_certificate(token, known->replaced_by) != nullptr)
      one.replaced_by = known->replaced_by;
  }
  for (CertificateReport& one : token.certificates) {
    if (one.purpose != Purpose::log_in || !one.replaced_by.empty()) continue;
    const CertificateReport* latest = nullptr;
    for (const CertificateReport& other : token.certificates) {
      if (!succeeds(other, one, token, now)) continue;
      if (latest == nullptr || is_earlier(*latest, other)) latest = &other;
    }
    if (latest != nullptr) one.replaced_by = latest->sha256;
  }
}

/// What came after it may be hidden: beside a key that belongs to none, in the place of one whose key cannot
/// be told, or of one that a look has found when it was still valid.
bool successor_may_be_hidden(const CertificateReport& expired, const TokenReport& token, const Look* look) {
  if (look != nullptr && look->at > expired.not_after) return shows_an_unknown_key(token, look->report);
  return expired.recalled || certainty_of_key(expired) < 2 || !token.keys_without_certificate.empty();
}

const Look* look_after(const Record& record, const TokenMemory* memory) {
  if (memory == nullptr || !memory->look || memory->token != record.token) return nullptr;
  const bool of_this_token = memory->look->report.label == record.token_label;
  return of_this_token && memory->look->at >= record.changed ? &*memory->look : nullptr;
}

}  // namespace

const Look* look_at(const TokenReport& token, const TokenMemory* memory) {
  if (memory == nullptr || !memory->look) return nullptr;
  const TokenReport& looked = memory->look->report;
  if (looked.label != token.label) return nullptr;
  const bool shows_one_of_them =
      token.certificates.empty() ||
      std::any_of(token.certificates.begin(), token.certificates.end(),
                  [&](const auto& certificate) { return shows(looked, certificate); });
  return shows_one_of_them ? &*memory->look : nullptr;
}

TokenReport recalled(TokenReport token, const TokenMemory* memory, TimePoint now) {
  const Look* const look = look_at(token, memory);
  if (look == nullptr || !token.private_objects_hidden || !token.trouble.empty()) return token;
  recall_keys(token, look->report);
  add_hidden(token, look->report);
  recall_places(token, look->report, now);
  return token;
}

bool seen_to_be_gone(const Record& record, const TokenMemory* memory) {
  const Look* const look = look_after(record, memory);
  return look != nullptr && is_about(record, look->report) == About::no;
}

bool key_seen_to_be_gone(const Record& record, const TokenMemory* memory) {
  const Look* const look = look_after(record, memory);
  return look != nullptr && !look->report.private_objects_hidden &&
         !shows_key(look->report, to_hex(record.key_id));
}

bool still_belongs_to(const Record& record, const TokenReport& token, const TokenMemory* memory) {
  if (!belongs_to(record, token)) return false;
  return is_about(record, token) == About::yes || !seen_to_be_gone(record, memory);
}

bool was_ours(const TokenReport& token, const TokenMemory* memory, const std::vector<Record>* records,
              const Settings::Expect& expect) {
  const bool completed =
      records != nullptr && std::any_of(records->begin(), records->end(), [&](const Record& record) {
        return record.state == State::completed && record.token_label == token.label;
      });
  if (completed || memory == nullptr || !is_about(*memory, token)) return completed;
  const Look* const look = look_at(token, memory);
  const bool looked =
      look != nullptr && std::any_of(look->report.certificates.begin(), look->report.certificates.end(),
                                     [&](const auto& one) { return is_ours(one, expect); });
  return looked || !memory->told_sha256.empty() || !memory->certificate_sha256.empty() ||
         memory->last_decision == to_string(Decision::certificate_missing);
}

bool may_hide_ours(const TokenReport& token, const Settings::Expect& expect, bool remembered,
                   const Look* look) {
  if (!token.private_objects_hidden) return false;
  if (look != nullptr && !shows_an_unknown_key(token, look->report)) return false;
  const bool shows_ours =
      std::any_of(token.certificates.begin(), token.certificates.end(), [&](const auto& certificate) {
        return certificate.replaced_by.empty() && is_ours(certificate, expect);
      });
  // A key beside another bank's certificate is most likely that one's.
  const bool shows_another_banks = std::any_of(
      token.certificates.begin(), token.certificates.end(),
      [&](const auto& certificate) { return !certificate.bank.empty() && certificate.bank != expect.bank; });
  return !shows_ours && (remembered || (!token.keys_without_certificate.empty() && !shows_another_banks));
}

bool pin_may_tell(const Choice& choice, const TokenReport& token, const TokenMemory* memory) {
  if (!choice.failure || !token.private_objects_hidden) return false;
  const Look* const look = look_at(token, memory);
  switch (choice.failure->reason) {
    case Reason::certificate_not_found:
      return true;
    case Reason::reissue_needed:
      return successor_may_be_hidden(*choice.about, token, look);
    case Reason::not_due:
      return look == nullptr ? !token.keys_without_certificate.empty()
                             : shows_an_unknown_key(token, look->report);
    default:
      return false;
  }
}

}  // namespace koshin::renewal
