// SPDX-License-Identifier: MIT
// The stand-in bank, a user certificate of it with a key in memory, and settings that lead there.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "enrollment/authority_choice.hpp"
#include "enrollment/est/est_client.hpp"
#include "enrollment/x509/certificate_request.hpp"
#include "failure_matcher.hpp"
#include "pki.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_bank.hpp"

namespace koshin::enrollment::test {

class EstFixture : public testing::Test {
 protected:
  EstFixture() { open_bank({}); }

  void open_bank(const koshin::test::TestBank::Options& options) {
    bank_.reset();
    bank_ = std::make_unique<koshin::test::TestBank>(
        directory_.path() / ("bank-" + options.key_type + options.tls_max), options);
    settings_.authority.url = bank_->url();
    settings_.authority.trust_anchors = bank_->anchors();
    settings_.proxy.url = "none";
    settings_.authority.prove_url = bank_->url() + "/login";
    old_ = user_certificate(old_key_.get());
  }
  Certificate user_certificate(const EVP_PKEY* key, int days_left = 12) const {
    return Certificate::from_der(
        bank_->issue(public_key(key), "12345678901234 user0001", days_left, 353, "email:user@bank.test"));
  }
  AuthorityOptions as(const Certificate& certificate, EVP_PKEY* key) const {
    AuthorityOptions options;
    options.credential = ClientCredential{certificate, key, true};
    return options;
  }
  /// With the certificate being renewed.
  std::unique_ptr<EstClient> authority() const {  // its notices go to notices_
    notices_.clear();
    auto options = as(*old_, old_key_.get());
    options.notice = [this](const std::string& code, const std::string&) { notices_.push_back(code); };
    return std::make_unique<EstClient>(settings_, options);
  }
  Bytes request(const std::optional<std::string>& binding = std::nullopt) const {
    return make_certificate_request({.subject_der = old_->subject_der(),
                                     .san_der = old_->san_der(),
                                     .public_key_der = public_key(new_key_.get()),
                                     .challenge_password = binding,
                                     .san_critical = old_->san_critical()},
                                    new_key_.get());
  }
  static Issued issued(Outcome outcome) {
    if (!std::holds_alternative<Issued>(outcome)) throw std::runtime_error("pending, not issued");
    return std::get<Issued>(std::move(outcome));
  }
  /// The failure of renewing with the bank as it is.
  Failure renewal_failure() const {
    return failure_of([&] { authority()->submit(Operation::reenroll, request()); });
  }
  Reason renewal_reason() const { return renewal_failure().reason; }

  koshin::test::TemporaryDirectory directory_;
  std::unique_ptr<koshin::test::TestBank> bank_;
  Settings settings_;
  EvpPkey old_key_ = make_ec_key(), new_key_ = make_ec_key();
  std::optional<Certificate> old_;
  mutable std::vector<std::string> notices_;  ///< codes, of the authority made last
};

}  // namespace koshin::enrollment::test
