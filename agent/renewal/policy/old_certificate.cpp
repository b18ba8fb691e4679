// SPDX-License-Identifier: MIT
#include "renewal/policy/old_certificate.hpp"

#include <algorithm>
#include <array>

#include "foundation/texts/old.hpp"
#include "renewal/policy/inventory.hpp"

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

OldCertificate what_stands_of_old(const Record& record, const TokenProfile& profile, bool seen) {
  if (profile.after_proof(record) == AfterProof::clear_spare) return OldCertificate::renewed_beside;
  const bool overwrites = record.same_key && profile.overwrites_certificates();
  const bool issued = record.state >= State::issued && !record.certificate.empty();
  if (!overwrites || !issued) return OldCertificate::untouched;
  if (seen) return OldCertificate::seen_on_token;
  if (record.state == State::completed) return OldCertificate::replaced;
  // What was given up is not gone on with: nobody writes the copy back any more.
  if (record.state == State::abandoned || record.replaced_certificate.empty())
    return OldCertificate::not_seen;
  return only_proof_is_left(record) ? OldCertificate::replaced : OldCertificate::kept_in_journal;
}

bool shows_old(const messages::TokenReport& token, const Record& record) {
  const auto* found = find_certificate(token, record.old_sha256);
  return found != nullptr && !found->recalled;
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
