// SPDX-License-Identifier: MIT
// A running bank, a customer with a key and a certificate, and what tests of the bank keep saying.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "bank/bank.hpp"
#include "bank/ca.hpp"
#include "bank/est_client.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::bank {

class BankTest : public testing::Test {
 protected:
  static constexpr const char* user = "12345678901234 user0001";
  static constexpr const char* est = "/.well-known/est/";

  void SetUp() override { start({}); }

  void start(const Bank::Options& options) {
    bank_.reset();
    if (!std::filesystem::exists(folder_ / "anchors.pem")) CertificateAuthority::create(folder_, "ec");
    bank_ = std::make_unique<Bank>(folder_, options);
  }

  X509Ptr certify(EVP_PKEY* key, const IssueOptions& options) {
    return parse_certificate(issue_certificate(folder_, to_der(key, i2d_PUBKEY), options));
  }

  /// A customer's connection, with the certificate unless told otherwise.
  EstClient connect(const std::string& tls_max = "", bool with_certificate = true) {
    EstClient::Options options;
    options.tls_max = tls_max;
    if (with_certificate) {
      options.key = key_.get();
      options.certificate = certificate_.get();
    }
    return EstClient(bank_->url(), folder_ / "anchors.pem", options);
  }

  Answer post(const std::string& operation, const std::string& request,
              std::vector<std::pair<std::string, std::string>> headers = {}, bool with_certificate = true) {
    headers.emplace_back("Content-Type", "application/pkcs10");
    return connect("", with_certificate).send("POST", est + operation, request, headers);
  }

  /// A fitting request for a new key.
  std::string request_for(EVP_PKEY* key) { return make_request(key, subject_); }

  const test::TemporaryDirectory temporary_;
  const std::filesystem::path folder_ = temporary_.path() / "bank";
  std::unique_ptr<Bank> bank_;
  Bytes subject_ = make_name(organization, organizational_unit, user);
  Key key_ = make_key("ec");
  Key new_key_ = make_key("ec");
  X509Ptr certificate_ = [this] {
    CertificateAuthority::create(folder_, "ec");
    return certify(key_.get(), {.days = 12});
  }();
};

}  // namespace koshin::bank
