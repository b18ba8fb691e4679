// SPDX-License-Identifier: MIT
// Several certificates of one token with one PIN: which of them are due, which one is next, and what became
// of each (renewal/policy/sitting.hpp). Each is renewed by a job of its own, one after the other.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::ui {

class SittingProgress {
 public:
  /// `rows`: what the window shows of it (Model::sitting, which nobody else changes); outlives this.
  SittingProgress(std::vector<SittingRow>& rows, const Settings& settings)
      : rows_(rows), settings_(settings) {}

  /// There is nothing to be renewed one after the other.
  void drop() { rows_.clear(); }
  /// Lists what is due on the token as it shows now, with `first`, the certificate of the agent's decision,
  /// first.
  void plan(const messages::TokenReport& token, const messages::CertificateReport& first,
            const std::vector<renewal::Record>& unfinished, TimePoint now);
  /// Whether the certificate is one of those.
  bool has(const std::string& sha256) const;
  /// Its renewal begins.
  void begin(const std::string& sha256);
  /// Its renewal has ended without a new certificate: `failed`, or `pending`. `old`: what stands of it.
  void ended(const std::string& sha256, SittingRow::State how, renewal::OldCertificate old);
  /// It was renewed. With the PIN the token may show more that is due, which is listed behind the others.
  /// `decryption_unchecked`: the token could not show that the new key decrypts.
  void renewed(const std::string& sha256, const messages::RenewResult& result, bool decryption_unchecked,
               TimePoint now);
  /// The first one that waits; null when there is none.
  const messages::CertificateReport* next() const;
  std::size_t count(SittingRow::State state) const;

 private:
  SittingRow* row_of(const std::string& sha256) const;
  /// Adds what is due and not listed yet.
  void add_due(const messages::TokenReport& token, const std::vector<renewal::Record>& unfinished,
               TimePoint now);

  std::vector<SittingRow>& rows_;
  const Settings& settings_;
};

}  // namespace koshin::ui
