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
    why_not = RenewedToken::missing(view);
    if (why_not.empty())
      why_not = missing_program({"chromium", "firefox-esr", "Xvfb", "xdotool", "certutil", "modutil"});
    if (why_not.empty()) token.emplace(view, true, algorithm);
    return why_not.empty();
  }
  ProgramRun log_in_with(const std::string& browser) {
    return run_program({KOSHIN_BROWSER_LOG_IN, browser, token->module().string(), token->pin(),
                        token->bank().anchors().string(), token->bank().url() + "/login?lang=en",
                        (token->path() / browser).string()});
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
  std::optional<RenewedToken> token;
};

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
