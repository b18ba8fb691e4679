// SPDX-License-Identifier: MIT
#include "renewal/policy/claims.hpp"

#include <algorithm>
#include <iterator>

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

bool claims_name(std::span<const Settings::Expect> claims, const std::string& bank) {
  return std::any_of(claims.begin(), claims.end(), [&](const auto& claim) { return claim.bank == bank; });
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
  const auto is_there = [&](const std::string& bank) { return claims_name(claims, bank); };
  const auto* const old = find_certificate(token, record.old_sha256);
  // Before the request is sent the certificate decides: bank names may have been corrected meanwhile.
  const bool sent = record.pair_sent || record.state >= State::pending;
  if (!sent && old != nullptr && !old->bank.empty() && is_there(old->bank)) return old->bank;
  if (is_there(record.bank)) return record.bank;
  for (const CertificateReport* one : {old, fetched_by(record, token)})
    if (one != nullptr && is_there(one->bank)) return one->bank;
  // The bank that the record names has left the settings: no other bank may see its certificate.
  return record.bank.empty() ? claims.front().bank : record.bank;
}

bool is_of_bank(const Record& record, const TokenReport& token, const Settings& settings) {
  return bank_of(record, token, settings) == settings.bank();
}

std::vector<TokenMemory> of_banks(std::vector<TokenMemory> memories, const Settings& settings) {
  const auto claims = claims_of(settings);
  const auto is_there = [&](const TokenMemory& memory) { return claims_name(claims, memory.bank); };
  std::vector<TokenMemory> kept;
  std::copy_if(memories.begin(), memories.end(), std::back_inserter(kept), is_there);
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
