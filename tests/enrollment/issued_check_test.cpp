// SPDX-License-Identifier: MIT
// Every way in which an issued certificate can be wrong has its own reason.
#include "enrollment/authority/issued_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "issued_check_fixture.hpp"

namespace koshin::enrollment {
namespace {

using namespace std::chrono_literals;
using test::IssuedCheckTest;
using test::Issuer;
using testing::HasSubstr;

TEST_F(IssuedCheckTest, AcceptsWhatWasAskedFor) {
  EXPECT_NO_THROW(check_issued(issuing_.issue(good()), check_));
}

TEST_F(IssuedCheckTest, RefusesAnotherKey) {
  auto spec = good();
  spec.public_key = test::public_key(old_key_.get());
  EXPECT_EQ(reason(spec), "issued_key_mismatch");
}

TEST_F(IssuedCheckTest, E2_RefusesAnotherSubject) {
  auto spec = good();
  spec.subject = test::user_name("12345678901234 user0002");
  EXPECT_EQ(reason(spec), "issued_subject_changed");
}

TEST_F(IssuedCheckTest, E2_RefusesTheSameSubjectInAnotherEncoding) {
  const auto encoded = [](int type) {
    return test::make_name({{NID_organizationName, type, {'B'}}, {NID_commonName, V_ASN1_UTF8STRING, {'u'}}});
  };
  auto old_spec = test::user_spec(old_key_.get(), now_);
  old_spec.subject = encoded(V_ASN1_PRINTABLESTRING);
  old_ = make_old(old_spec);
  apply_old_certificate();
  auto spec = good();
  spec.subject = encoded(V_ASN1_UTF8STRING);
  const auto failure = test::failure_of([&] { check_issued(issuing_.issue(spec), check_); });
  EXPECT_EQ(failure.reason, Reason::issued_subject_changed);
  EXPECT_THAT(failure.detail,
              HasSubstr("organizationName is UTF8String \"B\", asked for was PrintableString \"B\""));
  EXPECT_THAT(failure.detail, testing::Not(HasSubstr("commonName")));
  spec.subject = old_spec.subject;
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
}

TEST_F(IssuedCheckTest, E2_RefusesALostChangedOrAddedAlternativeName) {
  auto spec = good();
  spec.extensions.back().second = "email:other@bank.test";
  EXPECT_EQ(reason(spec), "issued_san_changed");
  spec.extensions.pop_back();
  EXPECT_EQ(reason(spec), "issued_san_changed");
  check_.requested_san.reset();
  EXPECT_EQ(reason(good()), "issued_san_changed");
}

TEST_F(IssuedCheckTest, RefusesWhatTheSettingsDoNotExpect) {
  const auto issued = issuing_.issue(good());
  check_.expect.organization = "Sakura Test Bank";
  check_.expect.organizational_unit = "Internet Banking CA";
  check_.expect.common_name_pattern = "[0-9]{14} [A-Za-z0-9]+";
  EXPECT_NO_THROW(check_issued(issued, check_));
  check_.expect.organization = "Other Bank";
  EXPECT_EQ(reason(issued), "issued_policy_mismatch");
  check_.expect.organization.clear();
  check_.expect.organizational_unit = "internet banking ca";
  EXPECT_EQ(reason(issued), "issued_policy_mismatch");
  check_.expect.organizational_unit.clear();
  check_.expect.common_name_pattern = "[0-9]{14}";
  EXPECT_EQ(reason(issued), "issued_policy_mismatch");
}

TEST_F(IssuedCheckTest, AnImpossiblePatternIsTheSettingsFault) {
  check_.expect.common_name_pattern = "[0-9";
  const auto failure = test::failure_of([&] { check_issued(issuing_.issue(good()), check_); });
  EXPECT_EQ(failure.reason, Reason::settings_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("expect.common_name_pattern"));
}

TEST_F(IssuedCheckTest, RefusesWhatHasExpiredOrEndsNoLaterThanTheOldOne) {
  auto spec = good();
  spec.not_after = now_;
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  spec.not_after = old_.not_after();
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  spec.not_after = old_.not_after() + 1s;
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
}

TEST_F(IssuedCheckTest, ToleratesFiveMinutesOfClockSkewAndNoMore) {
  auto spec = good();
  spec.not_before = now_ + 5min;
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
  spec.not_before = now_ + 5min + 1s;
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
}

TEST_F(IssuedCheckTest, RefusesDatesThatNobodyBelieves) {
  auto spec = good();
  spec.not_after = *parse_rfc3339("9917-06-01T00:00:00Z");
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  spec.not_after = add(now_, {.years = 10}) + std::chrono::hours{12};
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
  check_.expect.longest_validity = {.years = 2};
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  spec = good();
  spec.not_before = *parse_rfc3339("1969-12-31T00:00:00Z");
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  spec.not_before = *parse_rfc3339("1999-12-31T00:00:00Z");
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
}

TEST_F(IssuedCheckTest, RefusesWhatThisComputersOpenSslDoesNotUse) {
  auto spec = good();
  spec.digest = EVP_sha1();
  const auto failure = test::failure_of([&] { check_issued(issuing_.issue(spec), check_); });
  EXPECT_EQ(failure.reason, Reason::issued_too_weak);
  EXPECT_THAT(failure.detail, testing::AllOf(HasSubstr("ecdsa-with-SHA1"), HasSubstr("security level")));
  const auto short_key = test::make_rsa_key(1024);
  spec = good();
  spec.public_key = check_.requested_public_key = test::public_key(short_key.get());
  EXPECT_THAT(test::failure_of([&] { check_issued(issuing_.issue(spec), check_); }).detail,
              HasSubstr("rsa-1024"));
}

TEST_F(IssuedCheckTest, AWeakAuthorityOnTheWayIsRefusedUnlessItWasChosen) {
  const auto weak = root_.make_intermediate("Weak", now_, EVP_sha1());
  check_.chain.intermediates = {weak.certificate()};
  const auto failure = test::failure_of([&] { check_issued(weak.issue(good()), check_); });
  EXPECT_EQ(failure.reason, Reason::issued_too_weak);
  EXPECT_THAT(failure.detail, HasSubstr("CN=Weak"));
  check_.chain.anchors.push_back(weak.certificate());  // by its key, then: nobody asks who has signed it
  EXPECT_NO_THROW(check_issued(weak.issue(good()), check_));
}

TEST_F(IssuedCheckTest, RefusesAnAuthoritysCertificate) {
  auto spec = good();
  spec.extensions.emplace_back(NID_basic_constraints, "critical,CA:TRUE");
  EXPECT_EQ(reason(spec), "issued_usage_changed");
}

TEST_F(IssuedCheckTest, RefusesAnotherIssuer) {
  const auto stranger = Issuer::make_root("Root", now_).make_intermediate("Issuing", now_);
  EXPECT_EQ(reason(stranger.issue(good())), "issued_chain_untrusted");
}

TEST_F(IssuedCheckTest, RefusesAChainWithAGapOrWithoutAnchors) {
  const auto issued = issuing_.issue(good());
  check_.chain.intermediates.clear();
  EXPECT_EQ(reason(issued), "issued_chain_untrusted");
  check_.chain.intermediates = {issuing_.certificate()};
  check_.chain.anchors.clear();
  EXPECT_EQ(reason(issued), "issued_chain_untrusted");
}

TEST_F(IssuedCheckTest, AnIntermediateThatWasChosenIsAnAnchorForWhatItIssues) {
  check_.chain.anchors = {issuing_.certificate()};
  check_.chain.intermediates.clear();
  EXPECT_NO_THROW(check_issued(issuing_.issue(good()), check_));
  const auto other = root_.make_intermediate("Other", now_);
  check_.chain.intermediates = {other.certificate(), root_.certificate()};
  const auto failure = test::failure_of([&] { check_issued(other.issue(good()), check_); });
  EXPECT_EQ(failure.reason, Reason::issued_chain_untrusted);
  EXPECT_THAT(failure.detail, HasSubstr("CN=Root"));
}

TEST_F(IssuedCheckTest, JudgesTheChainAtTheGivenTime) {
  check_.now = now_ + std::chrono::days(3660);
  check_.old_certificate.reset();
  auto spec = good();
  spec.not_after = now_ + std::chrono::days(7300);
  EXPECT_EQ(reason(spec), "issued_chain_untrusted");  // the root has expired by then
}

TEST_F(IssuedCheckTest, AUserCertificateIsNoIssuer) {
  const auto user = test::make_ec_key();
  auto spec = good();
  spec.public_key = test::public_key(user.get());
  check_.chain.intermediates.push_back(issuing_.issue(spec));
  // Signed by that user: no path through a certificate that is no authority's.
  const auto forger = Issuer::make_root("Forger", now_);
  EXPECT_EQ(reason(forger.issue(good())), "issued_chain_untrusted");
}

class FirstEnrollment : public IssuedCheckTest {
 protected:
  FirstEnrollment() {
    check_.old_certificate.reset();
    check_.requested_san.reset();
  }
};

TEST_F(FirstEnrollment, LeavesTheAlternativeNameToTheAuthorityUnlessOneWasAskedFor) {
  EXPECT_NO_THROW(check_issued(issuing_.issue(good()), check_));
  check_.requested_san = Bytes{0x30, 0x00};
  EXPECT_EQ(reason(good()), "issued_san_changed");
}

TEST_F(FirstEnrollment, LeavesTheSubjectToTheAuthorityOnlyWhenNoneWasAskedFor) {
  auto spec = good();
  spec.subject = test::user_name("completed by the authority");
  EXPECT_EQ(reason(spec), "issued_subject_changed");
  check_.requested_subject.clear();
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
}

/// An authority whose certificates end with a day, asked twice on that day.
TEST_F(IssuedCheckTest, MayEndWithTheOldOneInASecondLegAlone) {
  auto spec = good();
  spec.not_after = old_.not_after();
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
  check_.may_end_with_old = true;
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
  spec.not_after -= std::chrono::seconds(1);
  EXPECT_EQ(reason(spec), "issued_validity_invalid");
}

TEST_F(FirstEnrollment, MustBeForClientAuthentication) {
  auto spec = good();
  spec.extensions[1].second = "emailProtection";
  EXPECT_EQ(reason(spec), "issued_usage_changed");
}

TEST_F(IssuedCheckTest, TheOrderOfWhatCameMeansNothing) {
  check_.requested_public_key = old_.public_key_der();  // the same key, certified again
  auto spec = good();
  spec.public_key = old_.public_key_der();
  const Certificate fresh = issuing_.issue(spec);
  spec.not_after = now_ + std::chrono::days(1);
  const Certificate shorter = issuing_.issue(spec);
  for (const auto& came : {Issued{old_, {shorter, fresh}}, Issued{fresh, {old_, shorter}},
                           Issued{shorter, {fresh, issuing_.certificate(), old_}}}) {
    const Issued chosen = choose_issued(came, check_);
    EXPECT_EQ(chosen.certificate.der(), fresh.der());
    EXPECT_EQ(chosen.others.size(), came.others.size());
  }
}

TEST_F(IssuedCheckTest, OfSeveralThatDoNotPassTheOneThatEndsLastIsTold) {
  auto spec = good();
  spec.not_after = now_ + std::chrono::days(1);
  const Certificate shorter = issuing_.issue(spec);
  spec = good();
  spec.extensions[1].second = "serverAuth";
  const auto failure = test::failure_of([&] { choose_issued({shorter, {issuing_.issue(spec)}}, check_); });
  EXPECT_EQ(failure.reason, Reason::issued_usage_changed);
  EXPECT_EQ(test::reason_of([&] {
              choose_issued({old_, {issuing_.certificate()}}, check_);
            }),
            "issued_key_mismatch");
}

TEST_F(IssuedCheckTest, ADateInAnotherFormIsNoStrangersCertificate) {
  for (const char* text : {"2705010000Z", "270501000000+0000"}) {
    auto spec = good();
    spec.not_after_text = text;
    const auto failure = test::failure_of([&] { check_issued(issuing_.issue(spec), check_); });
    EXPECT_EQ(failure.reason, Reason::issued_validity_invalid) << text;
    EXPECT_THAT(failure.detail, HasSubstr("RFC 5280"));
  }
}

TEST_F(IssuedCheckTest, AnIssuerThatIsKnownButHasNotSignedIsSaidToBeKnown) {
  const Issuer namesake = root_.make_intermediate("Issuing", now_);
  const auto failure = test::failure_of([&] { check_issued(namesake.issue(good()), check_); });
  EXPECT_EQ(failure.reason, Reason::issued_chain_untrusted);
  EXPECT_THAT(failure.detail, HasSubstr("does not bear a signature of its key"));
}

}  // namespace
}  // namespace koshin::enrollment
