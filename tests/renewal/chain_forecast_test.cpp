// SPDX-License-Identifier: MIT
// Whether the chain of the next certificate will hold, as the present one and what the authority publishes
// tell.
#include "renewal/steps/chain_forecast.hpp"

#include <gtest/gtest.h>

#include "enrollment/pki.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using enrollment::test::Issuer;
using Outcome = ChainForecast::Outcome;

/// Publishes what it was given, and does nothing else.
class Publisher final : public enrollment::CertificateAuthority {
 public:
  explicit Publisher(std::vector<Certificate> published) : published_(std::move(published)) {}
  const std::vector<Certificate>& ca_certificates() override { return published_; }
  std::optional<TimePoint> clock() const override { return std::nullopt; }
  enrollment::CertificateUse certificate_use() const override { return enrollment::CertificateUse::used; }
  std::vector<Certificate> shown_certificates() const override { return {}; }
  const enrollment::Wishes& wishes() override { return wishes_; }
  enrollment::Exchange prepare(const enrollment::Enrollment& /*what*/, EVP_PKEY* /*key*/) override {
    return {};
  }
  bool still_good(const enrollment::Exchange& /*exchange*/) override { return true; }
  void after_pause() override {}
  enrollment::Outcome submit(enrollment::Exchange& /*exchange*/) override { return enrollment::Pending{}; }
  void confirm(const enrollment::Exchange& /*exchange*/, enrollment::Verdict /*verdict*/) override {}
  bool answer_lost() const override { return false; }
  bool answer_was_lost() const override { return false; }

 private:
  std::vector<Certificate> published_;
  enrollment::Wishes wishes_;
};

class ChainForecastTest : public testing::Test {
 protected:
  ChainForecast forecast(const Issuer& issuer, std::vector<Certificate> published) {
    const messages::Job job;
    const Settings settings;
    const auto journal = Journal::open_when_needed(directory_.path() / "journal");
    const JobContext context{.job = job,
                             .settings = settings,
                             .journal = *journal,
                             .emit = [](const messages::Event&) {},
                             .now = [this] { return now_; },
                             .stop = {},
                             .wait_for_go = {}};
    Examination exam(context);
    exam.old_certificate = issuer.issue(enrollment::test::user_spec(key_.get(), now_));
    exam.issuer_anchors = {root_.certificate()};
    exam.authority = std::make_unique<Publisher>(std::move(published));
    return forecast_chain(exam);
  }
  koshin::test::TemporaryDirectory directory_;
  TimePoint now_ = enrollment::test::test_now();
  pkcs11::EvpPkey key_ = enrollment::test::make_ec_key();
  Issuer root_ = Issuer::make_root("Root", now_);
  Issuer parent_ = root_.make_intermediate("Policy", now_);
  /// Its time was over long ago.
  Issuer expired_ = parent_.make_intermediate("Issuing", now_ - std::chrono::years{30});
  Issuer successor_ = parent_.make_intermediate("Issuing 2", now_);
};

TEST_F(ChainForecastTest, AnIssuerThatIsInOrderIsTrusted) {
  EXPECT_EQ(forecast(successor_, {successor_.certificate(), parent_.certificate()}).outcome,
            Outcome::trusted);
}

TEST_F(ChainForecastTest, WhoStandsAboveTheIssuerDoesNotStepInForIt) {
  const auto found = forecast(expired_, {expired_.certificate(), parent_.certificate(), root_.certificate()});
  EXPECT_EQ(found.outcome, Outcome::untrusted) << found.why;
}

TEST_F(ChainForecastTest, ASuccessorBesideTheIssuerDoes) {
  const auto found =
      forecast(expired_, {expired_.certificate(), parent_.certificate(), successor_.certificate()});
  EXPECT_EQ(found.outcome, Outcome::by_another) << found.why;
}

}  // namespace
}  // namespace koshin::renewal
