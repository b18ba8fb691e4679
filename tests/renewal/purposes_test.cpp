// SPDX-License-Identifier: MIT
// Certificates of all purposes on one token: which are due, in which order, and what authenticates them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "renewal/policy/claims.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/pruning.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/policy/sitting.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;
using test::at;
using test::token_with;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* due = "2026-12-20T00:00:00Z";
constexpr const char* later = "2027-06-01T00:00:00Z";
const TimePoint now = at("2026-12-01T00:00:00Z");

CertificateReport of(Purpose purpose, std::string sha256, std::string_view not_after = due) {
  auto report = test::certificate(std::move(sha256), not_after);
  report.purpose = purpose;
  report.decrypts = purpose == Purpose::encryption;
  return report;
}

Settings renewing(std::vector<std::string> purposes) {
  Settings settings;
  settings.expect.purposes = std::move(purposes);
  return settings;
}
Settings renewing_all() {
  return renewing({"login", "signature", "encryption"});
}

messages::TokenReport three(const char* log_in = due, const char* signature = due,
                            const char* encryption = due) {
  auto token = token_with({of(Purpose::encryption, "e1", encryption), of(Purpose::signature, "s1", signature),
                           of(Purpose::log_in, "l1", log_in)});
  assign_lineages(token, {}, now);
  return token;
}

std::vector<std::string> names(const std::vector<const CertificateReport*>& all) {
  std::vector<std::string> found;
  for (const auto* one : all) found.push_back(one->sha256);
  return found;
}

std::string chosen(const messages::TokenReport& token, const Settings& settings) {
  const Choice choice = choose_certificate(token, {}, settings, now, false);
  return choice.certificate != nullptr ? choice.certificate->sha256
                                       : std::string(info(choice.failure->reason).id);
}

TEST(Purposes, LogInAloneIsRenewedUnlessTheSettingsSayMore) {
  EXPECT_THAT(names(due_certificates(three(), {}, now)), ElementsAre("l1"));
  EXPECT_EQ(chosen(three(later), {}), "not_due");
}

TEST(Purposes, AllThatAreDueComeInTheOrderOfTheirPurposes) {
  const auto settings = renewing({"encryption", "login", "signature"});
  EXPECT_THAT(names(due_certificates(three(), settings, now)), ElementsAre("l1", "s1", "e1"));
  EXPECT_EQ(chosen(three(), settings), "l1") << "they expire at the same instant, and are not alike";
}

TEST(Purposes, EachIsDueByItself) {
  EXPECT_THAT(names(due_certificates(three(later, due, later), renewing_all(), now)), ElementsAre("s1"));
  const auto token = three(later, due, later);
  for (const bool insisted : {false, true}) {
    const Choice choice = choose_certificate(token, {}, renewing_all(), now, insisted);
    ASSERT_NE(choice.certificate, nullptr);
    EXPECT_EQ(choice.certificate->sha256, "s1") << "what is due comes before what is renewed early";
  }
  EXPECT_EQ(chosen(three(later, due, later), renewing_all()), "s1");
  EXPECT_EQ(chosen(three(later, later, due), renewing({"login", "signature"})), "not_due");
  EXPECT_EQ(chosen(three(later, later, later), renewing_all()), "not_due");
}

TEST(Purposes, WithoutALogInCertificateInForceNothingAuthenticatesTheOthers) {
  EXPECT_EQ(chosen(three("2026-11-01T00:00:00Z"), renewing_all()), "reissue_needed");
  auto token = token_with({of(Purpose::signature, "s1")});
  assign_lineages(token, {}, now);
  EXPECT_EQ(chosen(token, renewing_all()), "certificate_not_found");
  const Choice named = choose_certificate(token, "s1", renewing_all(), now, false);
  EXPECT_EQ(named.failure.value().reason, Reason::certificate_not_found);
  EXPECT_THAT(named.failure->detail, HasSubstr("authenticate"));
}

TEST(Purposes, TheAuthenticatorIsTheHoldersOwn) {
  auto other = of(Purpose::log_in, "l2", later);
  other.subject = other.holder = "CN=user0002";
  auto token = token_with({of(Purpose::signature, "s1"), other, of(Purpose::log_in, "l1", later)});
  assign_lineages(token, {}, now);
  const auto settings = renewing_all();
  const auto* one = authenticator_of(token.certificates[0], token, settings, now);
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->sha256, "l1");
  token.certificates.pop_back();
  one = authenticator_of(token.certificates[0], token, settings, now);
  ASSERT_NE(one, nullptr) << "the only one there is";
  EXPECT_EQ(one->sha256, "l2");
}

TEST(Purposes, WhatDoesNotLogInIsRenewedForAWindowAfterItsExpiry) {
  EXPECT_EQ(chosen(three(later, "2026-11-20T00:00:00Z", later), renewing_all()), "s1");
  EXPECT_EQ(chosen(three(later, "2026-10-20T00:00:00Z", later), renewing_all()), "not_due");
}

TEST(Purposes, AnExpiredLogInIsToldOfBesideAValidSignature) {
  EXPECT_EQ(chosen(three("2026-08-01T00:00:00Z", later, later), renewing_all()), "reissue_needed");
}

TEST(Purposes, ASignatureNeverReplacesALogIn) {
  auto token = token_with({of(Purpose::log_in, "l1"), of(Purpose::signature, "s1", later)});
  assign_lineages(token, {}, now);
  EXPECT_EQ(token.certificates[0].replaced_by, "");
  EXPECT_THAT(names(due_certificates(token, renewing_all(), now)), ElementsAre("l1"));
}

TEST(Purposes, AMissingKeyOfASignatureIsNoNews) {
  auto token = three(later);
  token.certificates[1].key_state = messages::KeyState::missing;
  EXPECT_EQ(chosen(token, renewing({"login", "signature"})), "not_due");
}

TEST(Purposes, ABankClaimsWhatItRenews) {
  auto one = renewing({"login"}), other = renewing_all();
  one.expect.bank = "one";
  one.expect.organization = "One";
  other.expect.bank = "other";
  auto token = three();
  assign_banks(token, std::vector{one.expect, other.expect});
  for (const auto& certificate : token.certificates) EXPECT_EQ(certificate.bank, "other");
  assign_banks(token, std::vector{one.expect});
  EXPECT_FALSE(token.certificates[0].unclaimed) << "nobody renews it";
  EXPECT_TRUE(token.certificates[2].unclaimed);
}

TEST(Purposes, EachHasItsLabel) {
  auto settings = renewing_all();
  settings.authority.label = "login";
  settings.authority.signature_label = "sign";
  EXPECT_EQ(settings_for_purpose(settings, Purpose::log_in).authority.label, "login");
  EXPECT_EQ(settings_for_purpose(settings, Purpose::signature).authority.label, "sign");
  EXPECT_EQ(settings_for_purpose(settings, Purpose::encryption).authority.label, "login");
}

Record begun(std::string old_sha256) {
  Record record;
  record.old_sha256 = std::move(old_sha256);
  record.state = State::requested;
  record.key_id = {0x0a};
  return record;
}

std::vector<std::string> names(const std::vector<CertificateReport>& all) {
  std::vector<std::string> found;
  for (const auto& one : all) found.push_back(one.sha256);
  return found;
}

TEST(Sitting, TheLogInComesFirstThenWhatWasBegun) {
  Record record = begun("e1");
  EXPECT_THAT(names(certificates_of_sitting(three(), {record}, renewing_all(), now)),
              ElementsAre("l1", "e1", "s1"));
  record.last_failure = Failure{Reason::token_error, {}, {}};
  EXPECT_THAT(names(certificates_of_sitting(three(), {record}, renewing_all(), now)),
              ElementsAre("l1", "s1", "e1"))
      << "what fails each time comes last";
  EXPECT_THAT(names(certificates_of_sitting(three(due, due, later), {record}, renewing_all(), now)),
              ElementsAre("l1", "s1", "e1"))
      << "what was begun goes on although it is not due";
}

TEST(Sitting, WhatItHasHadIsNotPartOfItOnceMore) {
  EXPECT_THAT(names(certificates_of_sitting(three(), {begun("e1")}, renewing_all(), now, {"l1", "e1"})),
              ElementsAre("s1"));
  auto crowd = token_with({of(Purpose::log_in, "l1")});
  for (std::size_t i = 0; i < longest_sitting; ++i) {
    auto one = of(Purpose::signature, "s" + std::to_string(i));
    one.holder += std::to_string(i);
    crowd.certificates.push_back(std::move(one));
  }
  assign_lineages(crowd, {}, now);
  EXPECT_EQ(certificates_of_sitting(crowd, {}, renewing_all(), now).size(), longest_sitting);
  EXPECT_EQ(certificates_of_sitting(crowd, {}, renewing_all(), now, {"l1", "l2"}).size(),
            longest_sitting - 2);
}

TEST(Sitting, AnEnrolmentWhoseProofIsLeftIsPartOfIt) {
  auto token = three(later, due, due);
  token.certificates.back().key_id = "0a";
  Record record = begun("");
  record.enrollment = true;
  record.state = State::written;
  record.certificate = {0x30};
  record.new_not_after = token.certificates.back().not_after;
  EXPECT_THAT(names(certificates_of_sitting(token, {record}, renewing_all(), now)),
              ElementsAre("l1", "s1", "e1"));
  record.state = State::requested;
  EXPECT_THAT(names(certificates_of_sitting(token, {record}, renewing_all(), now)), ElementsAre("s1", "e1"))
      << "it needs its code";
}

TEST(Sitting, EndsWithWhatConcernsTheTokenThePinOrAPassword) {
  for (const Reason reason :
       {Reason::pin_incorrect, Reason::pin_locked, Reason::token_removed, Reason::module_crashed,
        Reason::interrupted, Reason::so_pin_incorrect, Reason::proxy_authentication_failed})
    EXPECT_TRUE(ends_sitting({reason, {}, {}})) << info(reason).id;
  for (const Reason reason : {Reason::authority_refused, Reason::proof_failed, Reason::key_not_found,
                              Reason::issued_usage_changed, Reason::authority_unreachable})
    EXPECT_FALSE(ends_sitting({reason, {}, {}})) << info(reason).id;
}

TEST(Purposes, TheAgentCountsThem) {
  const auto token = three();
  const auto settings = renewing_all();
  const Verdict verdict = decide({.token = token, .settings = settings, .now = now});
  EXPECT_EQ(verdict.decision, Decision::due);
  EXPECT_EQ(verdict.due, 3U);
  ASSERT_NE(verdict.certificate, nullptr);
  EXPECT_EQ(verdict.certificate->sha256, "l1");
  const auto signature = three(later, due, later);
  EXPECT_EQ(decide({.token = signature, .settings = settings, .now = now}).due, 1U);
  const Settings log_in_alone;
  EXPECT_EQ(decide({.token = signature, .settings = log_in_alone, .now = now}).decision, Decision::not_due);
}

std::string decided(const messages::TokenReport& token, const Record& record) {
  const auto settings = renewing_all();
  const Verdict verdict = decide({.token = token, .unfinished = &record, .settings = settings, .now = now});
  return std::string(to_string(verdict.decision)) + " " +
         (verdict.certificate == nullptr ? "" : verdict.certificate->sha256) +
         (verdict.act_unattended_from ? " unattended" : "");
}

TEST(Purposes, AnUnfinishedSignatureDoesNotKeepTheLogInFromBeingRenewed) {
  Record record = begun("s1");
  EXPECT_EQ(decided(three(), record), "due l1 unattended");
  EXPECT_EQ(decided(three(later), record), "resume_unfinished s1 unattended") << "it comes before encryption";
  record.last_failure = Failure{Reason::issued_subject_changed, {}, {}};
  EXPECT_EQ(decided(three(), record), "due l1 unattended");
  EXPECT_EQ(decided(three(later), record), "due e1 unattended");
  EXPECT_EQ(decided(three(later, due, later), record), "resume_unfinished s1") << "nothing else is due";
  record.old_sha256 = "l1";
  EXPECT_EQ(decided(three(), record), "resume_unfinished l1") << "the log-in comes before all others";
}

TEST(PastRenewal, IsWhatLogsInOnceGraceIsOverAndNothingElse) {
  Settings::Renewal policy;
  const TimePoint expired = now - std::chrono::minutes{1}, valid = now + std::chrono::minutes{1};
  EXPECT_FALSE(is_past_renewal(Purpose::log_in, valid, policy, now));
  EXPECT_TRUE(is_past_renewal(Purpose::log_in, expired, policy, now));
  EXPECT_FALSE(is_past_renewal(Purpose::signature, expired, policy, now));
  EXPECT_FALSE(is_past_renewal(Purpose::encryption, expired, policy, now));
  policy.grace = *CalendarDuration::parse("P10D");
  EXPECT_FALSE(is_past_renewal(Purpose::log_in, expired, policy, now));
  EXPECT_TRUE(is_past_renewal(Purpose::log_in, expired - std::chrono::days{10}, policy, now));
}

TEST(Purposes, ABegunRenewalOfAnExpiredSignatureGoesOn) {
  const auto token = three(later, "2026-11-30T00:00:00Z", later);
  EXPECT_EQ(decided(token, begun("s1")), "resume_unfinished s1 unattended");
  EXPECT_EQ(decided(three("2026-11-30T00:00:00Z", later, later), begun("l1")), "reissue_needed l1");
}

TEST(Pruning, TheKeyOfWhatDecryptsStays) {
  EXPECT_TRUE(keeps_private_key(of(Purpose::encryption, "e1")));
  EXPECT_FALSE(keeps_private_key(of(Purpose::signature, "s1")));
}

}  // namespace
}  // namespace koshin::renewal
