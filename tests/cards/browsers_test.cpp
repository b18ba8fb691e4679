// SPDX-License-Identifier: MIT
// Chromium and Firefox, each with the token's module in its database of certificates, log in at the stand-in
// bank with a certificate that koshin has renewed.
#include <gtest/gtest.h>

#include "renewed_token.hpp"

namespace koshin::cards {
namespace {

class Browsers : public testing::Test {
 protected:
  /// False where it cannot be had here; the test is skipped then.
  bool renew(View view, Algorithm algorithm) {
    if (can_be_had(view)) token = std::make_unique<RenewedToken>(view, true, algorithm);
    return why_not.empty();
  }
  bool make_a_token_not_yet_renewed() {
    if (can_be_had(View::soft_hsm)) token = RenewedToken::not_yet(Algorithm::ec_p256);
    return why_not.empty();
  }
  bool can_be_had(View view) {
    why_not = RenewedToken::missing(view);
    if (why_not.empty())
      why_not = missing_program({"chromium", "firefox-esr", "Xvfb", "xdotool", "certutil"});
    return why_not.empty();
  }
  /// The serial number of the one certificate that has logged in meanwhile.
  std::string serial_that_logs_in(const std::string& browser) {
    const auto before = token->logins();
    const auto run = log_in_with(browser);
    EXPECT_EQ(run.code, 0) << run.output;
    const auto after = token->logins();
    EXPECT_GT(after.size(), before.size()) << run.output;
    return after.empty() ? std::string() : after.back();
  }
  /// Before the renewal, after it, and after the deletion of the old certificate.
  void expect_log_in_all_the_way(const std::string& browser) {
    const std::string old = serial_that_logs_in(browser);
    token->renew();
    const std::string renewed = token->certificate().serial;
    EXPECT_NE(old, renewed);
    const std::string chosen = serial_that_logs_in(browser);
    EXPECT_TRUE(chosen == old || chosen == renewed) << chosen;
    token->prune();
    EXPECT_EQ(serial_that_logs_in(browser), renewed);
  }
  ProgramRun log_in_with(const std::string& browser) {
    return run_program({KOSHIN_BROWSER_LOG_IN, browser, KOSHIN_PROGRAM, token->module().string(),
                        token->pin(), token->bank().anchors().string(),
                        token->bank().url() + "/login?lang=en", (token->path() / browser).string()});
  }
  void expect_log_in_with(const std::string& browser) {
    const auto before = token->logins();
    const auto run = log_in_with(browser);
    EXPECT_EQ(run.code, 0) << run.output;
    const auto after = token->logins();
    ASSERT_GT(after.size(), before.size()) << run.output;
    for (std::size_t login = before.size(); login < after.size(); ++login)
      EXPECT_EQ(after[login], token->certificate().serial);
  }

  std::string why_not;
  std::unique_ptr<RenewedToken> token;
};

TEST_F(Browsers, chromium_logs_in_before_and_after_the_renewal_and_after_the_deletion) {
  if (!make_a_token_not_yet_renewed()) GTEST_SKIP() << why_not;
  expect_log_in_all_the_way("chromium");
}

TEST_F(Browsers, firefox_logs_in_before_and_after_the_renewal_and_after_the_deletion) {
  if (!make_a_token_not_yet_renewed()) GTEST_SKIP() << why_not;
  expect_log_in_all_the_way("firefox");
}

/// p11-kit's proxy module is in the browser's list, and SoftHSM is registered with p11-kit: koshin browser
/// add has nothing to add, and the browser logs in by the proxy.
TEST_F(Browsers, chromium_logs_in_by_p11_kits_proxy_and_nothing_is_added) {
  if (!renew(View::soft_hsm, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  expect_log_in_with("chromium-by-proxy");
}

TEST_F(Browsers, firefox_logs_in_by_p11_kits_proxy_and_nothing_is_added) {
  if (!renew(View::soft_hsm, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  token->prune();
  expect_log_in_with("firefox-by-proxy");
}

/// Both certificates are there; Chromium offers the new one first.
TEST_F(Browsers, chromium_offers_the_renewed_certificate_first) {
  if (!renew(View::soft_hsm, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  expect_log_in_with("chromium");
}

TEST_F(Browsers, chromium_offers_the_renewed_certificate_of_the_card_first) {
  if (!renew(View::card_by_ykcs11, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  expect_log_in_with("chromium");
}

/// Firefox chooses in the order of the module where a person leaves the choice to it: the old certificate is
/// deleted before, as koshin offers it.
TEST_F(Browsers, firefox_logs_in_once_the_old_certificate_is_deleted) {
  if (!renew(View::soft_hsm, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  token->prune();
  expect_log_in_with("firefox");
}

TEST_F(Browsers, firefox_logs_in_with_an_rsa_key_of_the_card) {
  if (!renew(View::card_by_ykcs11, Algorithm::rsa_2048)) GTEST_SKIP() << why_not;
  token->prune();
  expect_log_in_with("firefox");
}

/// Firefox finds certificate and key and cannot sign: ykcs11 describes the curve by explicit parameters. It
/// was no different before the renewal.
TEST_F(Browsers, firefox_does_not_log_in_with_an_ec_key_that_ykcs11_shows) {
  if (!renew(View::card_by_ykcs11, Algorithm::ec_p256)) GTEST_SKIP() << why_not;
  token->prune();
  const auto before = token->logins();
  const auto run = log_in_with("firefox");
  constexpr int connection_failed = 3;
  EXPECT_EQ(run.code, connection_failed) << run.output;
  EXPECT_EQ(token->logins(), before);
}

}  // namespace
}  // namespace koshin::cards
