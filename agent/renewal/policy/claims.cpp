// SPDX-License-Identifier: MIT
#include "renewal/policy/claims.hpp"

#include <algorithm>

#include "foundation/base/small_letters.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/settings/token_attributes.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

bool is_said_of(const std::optional<std::string>& attribute, const std::string& value) {
  return !attribute || *attribute == value;
}

bool are_said_of(const TokenAttributes& attributes, const TokenReport& token) {
  return is_said_of(attributes.label, token.label) &&
         is_said_of(attributes.manufacturer, token.manufacturer) &&
         is_said_of(attributes.model, token.model) && is_said_of(attributes.serial, token.serial);
}

bool is_on_tokens_of(const Settings::Expect& claim, const TokenReport& token) {
  if (claim.token_uri.empty()) return true;
  const auto attributes = token_attributes_of(claim.token_uri);
  return attributes && are_said_of(*attributes, token);
}

void assign(CertificateReport& certificate, const std::vector<const Settings::Expect*>& claims_here) {
  certificate.bank.clear();
  certificate.unclaimed = false;
  certificate.disputed.clear();
  std::vector<std::string> claimed_by;
  bool renewed_by_any = certificate.purpose == messages::Purpose::log_in;
  for (const Settings::Expect* claim : claims_here) {
    if (!is_renewed(certificate.purpose, *claim)) continue;
    renewed_by_any = true;
    if (!why_unexpected(names_of(certificate), *claim)) claimed_by.push_back(claim->bank);
  }
  certificate.unclaimed = renewed_by_any && claimed_by.empty();
  if (claimed_by.size() == 1) certificate.bank = claimed_by.front();
  if (claimed_by.size() > 1) certificate.disputed = std::move(claimed_by);
}

/// The bank's name as the settings spell it, which may be another spelling than when the journal was written;
/// null where the settings have no such bank.
const std::string* spelled(std::span<const Settings::Expect> claims, const std::string& bank) {
  const auto found =
      std::ranges::find_if(claims, [&](const auto& claim) { return is_same_bank(claim.bank, bank); });
  return found == claims.end() ? nullptr : &found->bank;
}

const CertificateReport* fetched_by(const Record& record, const TokenReport& token) {
  const std::string key_id = to_hex(record.key_id);
  const auto found = std::find_if(token.certificates.begin(), token.certificates.end(),
                                  [&](const CertificateReport& one) { return one.key_id == key_id; });
  return key_id.empty() || found == token.certificates.end() ? nullptr : &*found;
}

}  // namespace

std::span<const Settings::Expect> claims_of(const Settings& settings) {
  return settings.claims.empty() ? std::span(&settings.expect, 1) : std::span(settings.claims);
}

void assign_banks(TokenReport& token, std::span<const Settings::Expect> claims) {
  std::vector<const Settings::Expect*> here;
  for (const Settings::Expect& claim : claims)
    if (is_on_tokens_of(claim, token)) here.push_back(&claim);
  for (CertificateReport& certificate : token.certificates) assign(certificate, here);
}

bool tells_of_dispute(const CertificateReport& certificate, const TokenReport& token, std::string_view bank) {
  const auto has_none_here = [&](const std::string& claimant) {
    return std::ranges::none_of(token.certificates, [&](const CertificateReport& one) {
      return one.bank == claimant && one.purpose == certificate.purpose && one.replaced_by.empty();
    });
  };
  const auto& claimants = certificate.disputed;
  if (claimants.empty()) return false;
  const auto free = std::ranges::find_if(claimants, has_none_here);
  return bank == (free == claimants.end() ? claimants.front() : *free);
}

bool may_mean(const Settings& settings, const TokenReport& token) {
  const std::string& uri = settings.token.uri;
  const auto attributes = token_attributes_of(uri.substr(0, uri.find('?')));
  return !attributes || are_said_of(*attributes, token);
}

std::string bank_of(const Record& record, const TokenReport& token, const Settings& settings) {
  const auto claims = claims_of(settings);
  const auto* const old = find_certificate(token, record.old_sha256);
  // Before the request is sent the certificate decides: bank names may have been corrected meanwhile.
  const bool sent = record.pair_sent || record.state >= State::pending;
  const auto* const certificates = old == nullptr ? nullptr : spelled(claims, old->bank);
  if (!sent && certificates != nullptr && !certificates->empty()) return *certificates;
  if (const auto* const recorded = spelled(claims, record.bank)) return *recorded;
  for (const CertificateReport* one : {old, fetched_by(record, token)})
    if (const auto* const bank = one == nullptr ? nullptr : spelled(claims, one->bank)) return *bank;
  // The bank that the record names has left the settings: no other bank may see its certificate.
  return record.bank.empty() ? claims.front().bank : record.bank;
}

bool is_of_bank(const Record& record, const TokenReport& token, const Settings& settings) {
  return bank_of(record, token, settings) == settings.bank();
}

std::vector<TokenMemory> of_banks(std::vector<TokenMemory> memories, const Settings& settings) {
  const auto claims = claims_of(settings);
  std::vector<TokenMemory> kept;
  const auto keep = [&](const TokenMemory& memory, bool in_its_spelling) {
    const auto* const bank = spelled(claims, memory.bank);
    if (bank == nullptr || (*bank == memory.bank) != in_its_spelling) return;
    const bool is_known = std::ranges::any_of(
        kept, [&](const TokenMemory& one) { return one.token == memory.token && one.bank == *bank; });
    if (!is_known) kept.emplace_back(memory).bank = *bank;
  };
  for (const bool in_its_spelling : {true, false})
    for (const TokenMemory& memory : memories) keep(memory, in_its_spelling);
  for (TokenMemory& memory : memories) {
    const bool is_known = std::any_of(kept.begin(), kept.end(),
                                      [&](const TokenMemory& one) { return one.token == memory.token; });
    if (!is_known && memory.bank.empty()) kept.push_back(std::move(memory));
  }
  return kept;
}

std::vector<Record> of_bank(std::vector<Record> records, const TokenReport& token, const Settings& settings) {
  std::erase_if(records, [&](const Record& record) { return !is_of_bank(record, token, settings); });
  return records;
}

}  // namespace koshin::renewal
