// SPDX-License-Identifier: MIT
#include "sitting_progress.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/sitting.hpp"

namespace koshin::ui {

using State = SittingRow::State;

namespace {

/// Fingerprints of what the sitting has had so far, new certificates included.
std::vector<std::string> known_in(const std::vector<SittingRow>& rows) {
  std::vector<std::string> known;
  for (const SittingRow& row : rows)
    for (const std::string& sha256 : {row.certificate.sha256, row.new_sha256})
      if (!sha256.empty()) known.push_back(sha256);
  return known;
}

}  // namespace

SittingRow* SittingProgress::row_of(const std::string& sha256) const {
  const auto found =
      std::ranges::find_if(rows_, [&](const SittingRow& row) { return row.certificate.sha256 == sha256; });
  return found == rows_.end() ? nullptr : &*found;
}

void SittingProgress::add_due(const messages::TokenReport& token,
                              const std::vector<renewal::Record>& unfinished, TimePoint now) {
  for (auto& one : renewal::certificates_of_sitting(token, unfinished, settings_, now, known_in(rows_)))
    rows_.push_back({std::move(one)});
}

void SittingProgress::plan(const messages::TokenReport& token, const messages::CertificateReport& first,
                           const std::vector<renewal::Record>& unfinished, TimePoint now) {
  rows_.clear();
  rows_.push_back({first});
  add_due(token, unfinished, now);
}

bool SittingProgress::has(const std::string& sha256) const {
  return row_of(sha256) != nullptr;
}

void SittingProgress::begin(const std::string& sha256) {
  ended(sha256, State::running, renewal::OldCertificate::untouched);
}

void SittingProgress::ended(const std::string& sha256, State how, renewal::OldCertificate old) {
  SittingRow* row = row_of(sha256);
  if (row == nullptr) return;
  row->state = how;
  row->old = old;
}

void SittingProgress::renewed(const std::string& sha256, const messages::RenewResult& result,
                              bool decryption_unchecked, TimePoint now) {
  if (SittingRow* row = row_of(sha256)) {
    row->state = State::renewed;
    row->new_sha256 = result.new_certificate.sha256;
    row->new_not_after = result.new_certificate.not_after;
    row->decryption_unchecked = decryption_unchecked;
  }
  add_due(result.token, {}, now);
}

const messages::CertificateReport* SittingProgress::next() const {
  const auto found = std::ranges::find(rows_, State::waiting, &SittingRow::state);
  return found == rows_.end() ? nullptr : &found->certificate;
}

std::size_t SittingProgress::count(State state) const {
  return static_cast<std::size_t>(std::ranges::count(rows_, state, &SittingRow::state));
}

}  // namespace koshin::ui
