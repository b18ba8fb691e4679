// SPDX-License-Identifier: MIT
// Two banks that tell their certificates apart by the issuer.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {

class Claims : public ::testing::Test {
 protected:
  Claims() {
    banks_ = {bank("sakura", "CN=Sakura CA,.*"), bank("ume", "CN=Ume CA,.*")};
    share_claims();
  }
  static messages::CertificateReport issued_by(const std::string& issuer, const std::string& sha256,
                                               std::string_view not_after) {
    auto report = test::certificate(sha256, not_after);
    report.issuer = "CN=" + issuer + " CA,O=" + issuer;
    report.issuer_key = "key:" + issuer;
    return report;
  }
  /// Of the first certificate of the token.
  static Record completed_at(const std::string& bank, const messages::TokenReport& token) {
    Record record;
    record.token = token_key(token);
    record.token_label = token.label;
    record.bank = bank;
    record.old_sha256 = token.certificates.front().sha256;
    record.state = State::completed;
    return record;
  }
  static Settings bank(const std::string& name, const std::string& issuer) {
    Settings settings;
    settings.expect.bank = name;
    settings.expect.issuer_pattern = issuer;
    return settings;
  }
  void share_claims() {
    std::vector<Settings::Expect> claims;
    for (const Settings& one : banks_) claims.push_back(one.expect);
    for (Settings& one : banks_) one.claims = claims;
  }
  messages::TokenReport assigned(std::vector<messages::CertificateReport> certificates) const {
    messages::TokenReport token = test::token_with(std::move(certificates));
    assign_banks(token, claims_of(banks_.front()));
    return token;
  }
  Choice choose(const messages::TokenReport& token, std::size_t bank, std::string_view sha256 = {}) const {
    return choose_certificate(token, sha256, banks_.at(bank), now, false);
  }
  Verdict decision(const messages::TokenReport& token, std::size_t bank,
                   const Record* unfinished = nullptr) const {
    return decide({.token = token, .unfinished = unfinished, .settings = banks_.at(bank), .now = now});
  }

  const TimePoint now = test::at("2026-11-22T00:00:00Z");
  std::vector<Settings> banks_;
};

}  // namespace koshin::renewal
