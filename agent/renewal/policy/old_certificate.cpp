// SPDX-License-Identifier: MIT
#include "renewal/policy/old_certificate.hpp"

#include <algorithm>
#include <array>

#include "foundation/base/text.hpp"
#include "foundation/texts/old.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::renewal {
namespace {

constexpr std::string_view notice_prefix = "old_certificate_";

struct Row {
  OldCertificate stands;
  std::string_view name;
  Text sentence;
};
constexpr std::array<Row, 6> rows{{
    {OldCertificate::untouched, "untouched", texts::old_untouched},
    {OldCertificate::seen_on_token, "seen_on_token", texts::old_seen_on_token},
    {OldCertificate::kept_in_journal, "kept_in_journal", texts::old_kept_in_journal},
    {OldCertificate::replaced, "replaced", texts::old_replaced},
    {OldCertificate::not_seen, "not_seen", texts::old_not_seen},
    {OldCertificate::renewed_beside, "renewed_beside", texts::old_renewed_beside},
}};
static_assert(std::ranges::all_of(rows,
                                  [](const Row& row) { return &row == &rows[std::size_t(row.stands)]; }));

const Row& row_of(OldCertificate stands) {
  return rows.at(static_cast<std::size_t>(stands));
}

}  // namespace

bool overwrites_old(const Record& record, const TokenProfile& profile) {
  return record.same_key && profile.overwrites_certificates();
}

OldCertificate what_stands_of_old(const Record& record, const TokenProfile& profile, OldAsKnown old) {
  if (profile.after_proof(record) == AfterProof::clear_spare) {
    if (record.state == State::completed) return OldCertificate::replaced;
    return old.due ? OldCertificate::untouched : OldCertificate::renewed_beside;
  }
  const bool overwrites = overwrites_old(record, profile);
  const bool issued = record.state >= State::issued && !record.certificate.empty();
  if (!overwrites || !issued) return OldCertificate::untouched;
  if (old.seen) return OldCertificate::seen_on_token;
  if (record.state == State::completed) return OldCertificate::replaced;
  if (record.replaced_certificate.empty()) return OldCertificate::not_seen;
  if (record.state == State::abandoned) return once_given_up(OldCertificate::kept_in_journal);
  return only_proof_is_left(record) ? OldCertificate::replaced : OldCertificate::kept_in_journal;
}

bool stays_as_it_was(OldCertificate stands) {
  return stands == OldCertificate::untouched || stands == OldCertificate::seen_on_token;
}

OldCertificate once_given_up(OldCertificate stands) {
  return stands == OldCertificate::kept_in_journal ? OldCertificate::not_seen : stands;
}

bool shows_old(const messages::TokenReport& token, const Record& record, const TokenProfile& profile) {
  const bool in_place = overwrites_old(record, profile);
  const std::string place = to_hex(record.key_id);
  return std::ranges::any_of(token.certificates, [&](const messages::CertificateReport& one) {
    return one.sha256 == record.old_sha256 && !one.recalled && (!in_place || one.key_id == place);
  });
}

bool is_known_to_be_due(const messages::CertificateReport* old, const Settings::Renewal& policy,
                        TimePoint now) {
  return old != nullptr && now >= due_from(old->not_after, policy);
}

std::string_view to_string(OldCertificate stands) {
  return row_of(stands).name;
}

const Text& sentence_of(OldCertificate stands) {
  return row_of(stands).sentence;
}

std::string notice_code(OldCertificate stands) {
  return std::string(notice_prefix) + std::string(to_string(stands));
}

std::optional<OldCertificate> parse_notice_code(std::string_view code) {
  if (!code.starts_with(notice_prefix)) return {};
  const auto* found = std::ranges::find(rows, code.substr(notice_prefix.size()), &Row::name);
  return found == rows.end() ? std::nullopt : std::optional(found->stands);
}

}  // namespace koshin::renewal
