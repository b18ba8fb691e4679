// SPDX-License-Identifier: MIT
#include "renewal/policy/inventory.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <tuple>

#include "foundation/base/text.hpp"
#include "renewal/policy/mark_form.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using messages::TokenReport;

/// Whether the CKA_ID is that of a card's spare slot.
bool is_in_spare_slot(const CertificateReport& certificate) {
  const auto& card = profile_of(TokenProfileName::piv);
  const auto id = from_hex(certificate.key_id);
  return id && !card.place_name(*id).empty() && !card.is_home(*id);
}

/// Authorities, placeholders, unreadable and unknown certificates have no lineage.
bool has_lineage(const CertificateReport& certificate) {
  return renewal::has_lineage(certificate.purpose);
}

bool same_holder_and_purpose(const CertificateReport& one, const CertificateReport& other) {
  return has_lineage(one) && one.purpose == other.purpose && one.holder == other.holder;
}

/// Whether both certificates are issued for the same use, as far as their extensions tell: a certificate with
/// contentCommitment and without ExtendedKeyUsage is for signatures and not for logging in, though a server
/// might accept both.
bool serves_as(const CertificateReport& one, const CertificateReport& other) {
  return one.commits_content == other.commits_content;
}

/// The fingerprints of the successors of `old` in the records that `counts` accepts: the direct successor,
/// and further ones where `goes_on` is true.
std::vector<std::string> successors_of(const std::string& old, const std::vector<Renewed>& renewed,
                                       const std::function<bool(const Renewed& pair)>& counts,
                                       const std::function<bool(const std::string& sha256)>& goes_on) {
  std::vector<std::string> found{old};
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && !goes_on(found[i])) continue;
    for (const Renewed& pair : renewed) {
      if (pair.old_sha256 != found[i] || pair.new_sha256.empty() || !counts(pair)) continue;
      if (std::find(found.begin(), found.end(), pair.new_sha256) == found.end())
        found.push_back(pair.new_sha256);
    }
  }
  found.erase(found.begin());
  return found;
}

/// Disjoint sets of certificates: each set is one lineage, represented by its root.
class Lineages {
 public:
  Lineages(const std::vector<CertificateReport>& all, const std::vector<Renewed>& renewed, TimePoint now)
      : all_(all), now_(now), parent_(all.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    for (std::size_t i = 0; i < all_.size(); ++i) {
      for (std::size_t j = i + 1; j < all_.size(); ++j) {
        if (are_of_one_lineage(all_[i], all_[j])) join(i, j);
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) join_successors(i, renewed);
  }

  std::size_t of(std::size_t index) const {
    while (parent_[index] != index) index = parent_[index];
    return index;
  }

 private:
  void join(std::size_t one, std::size_t other) { parent_[of(one)] = of(other); }
  bool joins(const Renewed& pair) const {
    return !pair.by_name || std::any_of(all_.begin(), all_.end(), [&](const CertificateReport& one) {
      return one.sha256 == pair.old_sha256 && (one.issuer_vouched || one.not_after <= now_);
    });
  }
  /// Joins regardless of the issuers, also when certificates between the two have been deleted.
  void join_successors(std::size_t i, const std::vector<Renewed>& renewed) {
    const auto is_gone = [this](const std::string& sha256) {
      return std::none_of(all_.begin(), all_.end(), [&](const auto& one) { return one.sha256 == sha256; });
    };
    const auto after = successors_of(
        all_[i].sha256, renewed, [this](const Renewed& pair) { return joins(pair); }, is_gone);
    for (std::size_t j = 0; j < all_.size(); ++j) {
      const bool succeeds = std::find(after.begin(), after.end(), all_[j].sha256) != after.end();
      if (succeeds && same_holder_and_purpose(all_[i], all_[j])) join(i, j);
    }
  }

  const std::vector<CertificateReport>& all_;
  TimePoint now_;
  std::vector<std::size_t> parent_;
};

/// certainty_of_key(), plus the journal's knowledge of which certificates have logged in.
int certainty_with(const CertificateReport& certificate, const std::vector<Renewed>& renewed) {
  const int by_what_shows = certainty_of_key(certificate);
  if (by_what_shows != 1) return by_what_shows;
  const bool has_logged_in = std::any_of(renewed.begin(), renewed.end(), [&](const Renewed& pair) {
    return pair.new_sha256 == certificate.sha256;
  });
  return has_logged_in ? 2 : 1;
}

/// The fingerprint of the certificate that the refused `certificate` was to replace; empty when `certificate`
/// was not refused.
std::string in_use_instead_of(const CertificateReport& certificate, const std::vector<Renewed>& refused) {
  const auto found = std::find_if(refused.begin(), refused.end(),
                                  [&](const Renewed& pair) { return pair.new_sha256 == certificate.sha256; });
  return found == refused.end() ? std::string() : found->old_sha256;
}

bool shows_issued(const TokenReport& token, const Record& record) {
  return std::any_of(token.certificates.begin(), token.certificates.end(),
                     [&](const auto& one) { return is_issued_for(one, record); });
}

std::set<std::string> fingerprints_on(const TokenReport& token) {
  std::set<std::string> found;
  for (const CertificateReport& certificate : token.certificates) found.insert(certificate.sha256);
  return found;
}

/// Whether certificates for logging in are public objects of this token.
bool shows_log_in(const TokenReport& token) {
  return std::any_of(token.certificates.begin(), token.certificates.end(), [](const auto& one) {
    return one.purpose == Purpose::log_in && !one.is_private && !one.recalled;
  });
}

bool is_the_same(const TokenReport& one, const TokenReport& other) {
  const auto& modules = one.other_modules;
  const bool another_module =
      one.module != other.module && std::find(modules.begin(), modules.end(), other.module) == modules.end();
  if (!another_module || token_key(one) != token_key(other) || one.label != other.label) return false;
  const bool both_read = one.trouble.empty() && other.trouble.empty();
  return !both_read || fingerprints_on(one) == fingerprints_on(other);
}

}  // namespace

bool is_earlier(const CertificateReport& one, const CertificateReport& other) {
  const bool equal = std::tie(one.not_after, one.not_before) == std::tie(other.not_after, other.not_before);
  if (equal && is_in_spare_slot(one) != is_in_spare_slot(other)) return is_in_spare_slot(one);
  return std::tie(one.not_after, one.not_before, one.sha256) <
         std::tie(other.not_after, other.not_before, other.sha256);
}

int certainty_of_key(const CertificateReport& certificate) {
  if (certificate.key_state == KeyState::missing) return 0;
  return certificate.key_state != KeyState::unknown || certificate.has_public_key ? 2 : 1;
}

bool are_of_one_lineage(const CertificateReport& one, const CertificateReport& other) {
  return same_holder_and_purpose(one, other) && serves_as(one, other) && one.issuer_key == other.issuer_key;
}

bool takes_the_place(const CertificateReport& later, int certainty_of_later, const CertificateReport& earlier,
                     int certainty_of_earlier, TimePoint now) {
  return is_earlier(earlier, later) && certainty_of_later != 0 &&
         certainty_of_later >= certainty_of_earlier && has_begun(later, now);
}

void assign_lineages(TokenReport& token, const RenewalsSoFar& so_far, TimePoint now) {
  const auto always = [](const auto&) { return true; };
  const auto& renewed = so_far.completed;
  auto& all = token.certificates;
  for (CertificateReport& certificate : all) {
    certificate.lineage.clear();
    certificate.replaced_by.clear();
    certificate.renewed = false;
  }
  const Lineages lineages(all, renewed, now);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CertificateReport& one = all[i];
    if (!has_lineage(one)) continue;
    const CertificateReport* head = &one;
    const CertificateReport* successor = nullptr;
    const auto after = successors_of(one.sha256, renewed, always, always);
    const std::string instead = in_use_instead_of(one, so_far.refused);
    for (std::size_t j = 0; j < all.size(); ++j) {
      const CertificateReport& other = all[j];
      if (lineages.of(i) != lineages.of(j)) continue;
      if (is_earlier(*head, other)) head = &other;
      if (!instead.empty() && other.sha256 == instead) one.replaced_by = instead;
      if (!in_use_instead_of(other, so_far.refused).empty()) continue;
      if (!takes_the_place(other, certainty_with(other, renewed), one, certainty_with(one, renewed), now))
        continue;
      if (successor == nullptr || is_earlier(*successor, other)) successor = &other;
      const bool recorded = std::find(after.begin(), after.end(), other.sha256) != after.end();
      const bool has_its_key = has_key(other.key_state) || token.private_objects_hidden;
      one.renewed = one.renewed || (recorded && has_its_key && other.not_after > now);
    }
    one.lineage = head->sha256;
    if (successor != nullptr) one.replaced_by = successor->sha256;
  }
}

CertificateNames names_of(const CertificateReport& certificate) {
  return {certificate.organization, certificate.organizational_unit, certificate.common_name,
          certificate.issuer};
}

bool is_ours(const CertificateReport& certificate, const Settings::Expect& expect) {
  const bool another_banks =
      certificate.unclaimed || !certificate.disputed.empty() || certificate.bank != expect.bank;
  return is_renewed(certificate.purpose, expect) && !another_banks &&
         !why_unexpected(names_of(certificate), expect);
}

const CertificateReport* find_certificate(const TokenReport& token, std::string_view sha256) {
  if (sha256.empty()) return nullptr;  // certificates without visible content have no fingerprint
  const auto found =
      std::find_if(token.certificates.begin(), token.certificates.end(),
                   [&](const CertificateReport& certificate) { return certificate.sha256 == sha256; });
  return found == token.certificates.end() ? nullptr : &*found;
}

Deletion deletion_of(const CertificateReport& certificate) {
  if (certificate.decrypts) return Deletion::decrypting;
  return certificate.renewed ? Deletion::renewed : Deletion::not_renewed;
}

const CertificateReport* predecessor_of(const CertificateReport& certificate, const TokenReport& token) {
  const CertificateReport* found = nullptr;
  for (const CertificateReport& other : token.certificates) {
    if (other.replaced_by != certificate.sha256 || !is_earlier(other, certificate)) continue;
    if (found == nullptr || is_earlier(*found, other)) found = &other;
  }
  return found;
}

const CertificateReport* written_elsewhere(const TokenReport& token, const std::vector<Record>& records,
                                           const Settings::Expect& expect) {
  const auto is_known = [&](const CertificateReport& certificate) {
    return std::any_of(records.begin(), records.end(),
                       [&](const Record& record) { return to_hex(record.key_id) == certificate.key_id; });
  };
  const auto found =
      std::find_if(token.certificates.begin(), token.certificates.end(), [&](const CertificateReport& one) {
        return is_ours(one, expect) && one.key_state != KeyState::missing && is_marked_in_hex(one.key_id) &&
               predecessor_of(one, token) != nullptr && !is_known(one);
      });
  return found == token.certificates.end() ? nullptr : &*found;
}

const CertificateReport* left_to_prove(const Failure& choice, const TokenReport& token,
                                       const std::vector<Record>& records, const Settings::Expect& expect) {
  return choice.reason == Reason::not_due ? written_elsewhere(token, records, expect) : nullptr;
}

std::vector<TokenReport> each_once(std::vector<TokenReport> tokens) {
  std::vector<TokenReport> once;
  for (TokenReport& token : tokens) {
    const auto same = std::find_if(once.begin(), once.end(),
                                   [&](const TokenReport& other) { return is_the_same(other, token); });
    if (same == once.end()) {
      once.push_back(std::move(token));
      continue;
    }
    const bool reads_more = !same->trouble.empty() && token.trouble.empty();
    if (reads_more) {
      token.other_modules = std::move(same->other_modules);
      std::swap(*same, token);
    }
    same->other_modules.push_back(token.module);
  }
  return once;
}

bool shows_key(const TokenReport& token, const std::string& key_id) {
  if (key_id.empty()) return false;
  const auto has_id = [&](const auto& entry) { return entry.key_id == key_id; };
  return std::any_of(token.certificates.begin(), token.certificates.end(), has_id) ||
         std::any_of(token.keys_without_certificate.begin(), token.keys_without_certificate.end(), has_id);
}

bool is_issued_for(const CertificateReport& certificate, const Record& record) {
  return !record.certificate.empty() && certificate.key_id == to_hex(record.key_id) &&
         certificate.not_after == record.new_not_after;
}

RecordMatch match_record(const Record& record, const TokenReport& token) {
  const bool shown = shows_key(token, to_hex(record.key_id));
  const bool numbered = is_one_of_many(token_key(token)) && record.key_id.size() < own_id_size;
  if (shown && (!numbered || shows_issued(token, record))) return RecordMatch::yes;
  if (!record.old_sha256.empty() && find_certificate(token, record.old_sha256) != nullptr)
    return RecordMatch::yes;
  const bool made_nothing = record.state == State::planned && record.old_sha256.empty();
  if (made_nothing && record.token_label == token.label) return RecordMatch::yes;
  return shown || token.private_objects_hidden ? RecordMatch::unknown : RecordMatch::no;
}

bool belongs_to(const Record& record, const TokenReport& token) {
  const RecordMatch about = match_record(record, token);
  if (about != RecordMatch::unknown) return about == RecordMatch::yes;
  const bool would_show = !record.old_sha256.empty() && shows_log_in(token);
  return record.token_label == token.label && !(would_show && is_one_of_many(token_key(token)));
}

const Record* unfinished_on(const TokenReport& token, const std::vector<Record>& unfinished) {
  const TokenKey key = token_key(token);
  const auto found = std::find_if(unfinished.rbegin(), unfinished.rend(), [&](const Record& record) {
    return is_unfinished(record.state) && record.token == key && belongs_to(record, token);
  });
  return found == unfinished.rend() ? nullptr : &*found;
}

bool belongs_to(const TokenMemory& memory, const TokenReport& token) {
  for (const std::string& sha256 : {memory.certificate_sha256, memory.told_sha256})
    if (!sha256.empty() && find_certificate(token, sha256) != nullptr) return true;
  return memory.label.empty() || memory.label == token.label;
}

}  // namespace koshin::renewal
