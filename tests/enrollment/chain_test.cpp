// SPDX-License-Identifier: MIT
// Chains: every order of cross-certificates, authorities of one name without key identifiers, dead ends,
// bounds.
#include "enrollment/x509/chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pki.hpp"

namespace koshin::enrollment {
namespace {

using test::Issuer;
using testing::HasSubstr;

class Chain : public testing::Test {
 protected:
  Certificate user_of(const Issuer& issuer) const { return issuer.issue(test::user_spec(key_.get(), now_)); }
  std::string trouble(const Certificate& leaf, const ChainParts& parts) const {
    const auto found = chain_trouble(leaf, parts, now_);
    return found ? found->why : "";
  }
  /// In every order of the intermediates.
  void expect_trusted_in_every_order(const Certificate& leaf, ChainParts parts) const {
    std::sort(parts.intermediates.begin(), parts.intermediates.end(), by_der);
    do {
      EXPECT_EQ(trouble(leaf, parts), "");
    } while (std::next_permutation(parts.intermediates.begin(), parts.intermediates.end(), by_der));
  }
  static bool by_der(const Certificate& one, const Certificate& other) { return one.der() < other.der(); }

  TimePoint now_ = test::test_now();
  TimePoint long_ago_ = now_ - std::chrono::days(5000);  // expired authorities are around it
  test::EvpPkey key_ = test::make_ec_key();
  Issuer root_ = Issuer::make_root("Root", now_);
  Issuer other_root_ = Issuer::make_root("Other Root", now_);
};

TEST_F(Chain, CrossCertificatesAreTriedInAnyOrder) {
  const auto issuing = root_.make_intermediate("Issuing", now_);
  const auto by_other = other_root_.certify(issuing, now_);
  const auto expired = root_.certify(issuing, long_ago_);
  const auto stranger = Issuer::make_root("Stranger", now_).certify(issuing, now_);
  const ChainParts parts{{root_.certificate()}, {issuing.certificate(), by_other, expired, stranger}};
  expect_trusted_in_every_order(user_of(issuing), parts);
}

TEST_F(Chain, ARootThatAnotherOneHasCertifiedLeadsToEither) {
  const auto issuing = root_.make_intermediate("Issuing", now_);
  const auto crossed = other_root_.certify(root_, now_);
  for (const auto* anchor : {&root_, &other_root_})
    expect_trusted_in_every_order(
        user_of(issuing), {{anchor->certificate()}, {issuing.certificate(), crossed, root_.certificate()}});
}

TEST_F(Chain, AuthoritiesOfOneNameAreToldApartByTheirSignatures) {
  const auto first = root_.make_intermediate("Issuing", now_);
  const auto second = root_.make_intermediate("Issuing", now_);
  const auto third = other_root_.make_intermediate("Issuing", now_);
  const std::vector<Certificate> all{first.certificate(), second.certificate(), third.certificate()};
  for (const auto* issuer : {&first, &second})
    expect_trusted_in_every_order(user_of(*issuer), {{root_.certificate()}, all});
  EXPECT_THAT(trouble(user_of(third), {{root_.certificate()}, all}), HasSubstr("CN=Other Root"));
}

TEST_F(Chain, AnchorsOfOneNameAreToldApartToo) {
  const auto again = Issuer::make_root("Root", now_);
  const auto oldest = Issuer::make_root("Root", long_ago_);
  std::vector<Certificate> anchors{oldest.certificate(), again.certificate(), root_.certificate()};
  std::sort(anchors.begin(), anchors.end(), by_der);
  do {
    EXPECT_EQ(trouble(user_of(root_), {anchors, {}}), "");
    EXPECT_EQ(trouble(user_of(again), {anchors, {}}), "");
    EXPECT_THAT(trouble(user_of(oldest), {anchors, {}}), HasSubstr("expired"));
  } while (std::next_permutation(anchors.begin(), anchors.end(), by_der));
}

TEST_F(Chain, SaysWhoIsNotKnown) {
  const auto issuing = root_.make_intermediate("Issuing", now_);
  const auto leaf = user_of(issuing);
  EXPECT_THAT(trouble(leaf, {{root_.certificate()}, {}}), HasSubstr("CN=Issuing"));
  EXPECT_THAT(trouble(leaf, {{other_root_.certificate()}, {issuing.certificate()}}),
              testing::AllOf(HasSubstr("CN=Root"), HasSubstr("not known")));
}

TEST_F(Chain, TheDatesOfTheCertificateItselfAreTheCallersBusiness) {
  auto spec = test::user_spec(key_.get(), now_);
  spec.not_after = now_ - std::chrono::days(3);
  EXPECT_EQ(trouble(root_.issue(spec), {{root_.certificate()}, {}}), "");
}

TEST_F(Chain, AUserCertificateIssuesNothing) {
  const auto user = root_.make_user_that_signs("Clerk", now_);
  EXPECT_NE(trouble(user_of(user), {{root_.certificate()}, {user.certificate()}}), "");
  EXPECT_NE(trouble(user_of(user), {{user.certificate()}, {}}), "")
      << "not even where somebody has chosen it";
}

TEST_F(Chain, HundredsOfDeadEndsEnd) {
  std::vector<Certificate> loops;
  const auto issuing = root_.make_intermediate("Issuing", now_);
  for (int i = 0; i < 12; ++i) {
    const auto one = Issuer::make_root("Loop", now_);
    for (int j = 0; j < 4; ++j) loops.push_back(Issuer::make_root("Loop", now_).certify(one, now_));
  }
  loops.push_back(Issuer::make_root("Loop", now_).certify(issuing, now_));
  EXPECT_NE(trouble(user_of(issuing), {{other_root_.certificate()}, loops}), "");
}

TEST_F(Chain, FindsTheIssuerBySignature) {
  const auto first = root_.make_intermediate("Issuing", now_);
  const auto second = root_.make_intermediate("Issuing", now_);
  const ChainParts parts{{root_.certificate()}, {first.certificate(), second.certificate()}};
  const auto* issuer = find_issuer(user_of(second), parts);
  ASSERT_NE(issuer, nullptr);
  EXPECT_EQ(issuer->der(), second.certificate().der());
  EXPECT_EQ(find_issuer(user_of(other_root_), parts), nullptr);
}

}  // namespace
}  // namespace koshin::enrollment
