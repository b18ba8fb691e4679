// SPDX-License-Identifier: MIT
// The issuers that TLS shows beside our certificate.
#include "enrollment/http/client_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pki.hpp"

namespace koshin::enrollment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClientChain : public testing::Test {
 protected:
  std::vector<std::string> chain(const std::vector<Certificate>& known) const {
    std::vector<std::string> names;
    for (const auto& one : client_chain(leaf_, known, test::clock_now())) names.push_back(one.common_name());
    return names;
  }
  test::Issuer root_ = test::Issuer::make_root("Root", test::clock_now());
  test::Issuer policy_ = root_.make_intermediate("Policy", test::clock_now());
  test::Issuer issuing_ = policy_.make_intermediate("Issuing", test::clock_now());
  test::EvpPkey key_ = test::make_ec_key();
  Certificate leaf_ = issuing_.issue(test::user_spec(key_.get(), test::clock_now()));
};

TEST_F(ClientChain, LeadsUpToTheRootInOrderWithoutIt) {
  EXPECT_THAT(chain({root_.certificate(), policy_.certificate(), issuing_.certificate()}),
              ElementsAre("Issuing", "Policy"));
  EXPECT_THAT(chain({issuing_.certificate()}), ElementsAre("Issuing"));
  EXPECT_THAT(chain({policy_.certificate()}), IsEmpty());
  EXPECT_THAT(chain({}), IsEmpty());
}

TEST_F(ClientChain, AnAuthorityOfTheSameNameWithAnotherKeyHasIssuedNothing) {
  const auto twin = policy_.make_intermediate("Issuing", test::clock_now());
  EXPECT_THAT(chain({twin.certificate()}), IsEmpty());
  const auto found = client_chain(leaf_, {twin.certificate(), issuing_.certificate()}, test::clock_now());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].der(), issuing_.certificate().der());
}

TEST_F(ClientChain, ACertificateThatVouchesForItselfHasNone) {
  EXPECT_THAT(client_chain(root_.certificate(), {root_.certificate()}, test::clock_now()), IsEmpty());
}

/// Names as a server sends them with its request for a certificate.
struct Names {
  explicit Names(const std::vector<Certificate>& authorities) : list(sk_X509_NAME_new_null()) {
    for (const auto& one : authorities)
      sk_X509_NAME_push(list, X509_NAME_dup(X509_get_subject_name(one.native())));
  }
  ~Names() { sk_X509_NAME_pop_free(list, X509_NAME_free); }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;
  STACK_OF(X509_NAME) * list;
};

class SeveralWays : public ClientChain {
 protected:
  static std::vector<Bytes> ders(const std::vector<Certificate>& certificates) {
    std::vector<Bytes> all;
    all.reserve(certificates.size());
    for (const auto& one : certificates) all.push_back(one.der());
    return all;
  }
  std::vector<Bytes> shown(const std::vector<Certificate>& known, const Names* names = nullptr) const {
    return ders(client_chain(leaf_, known, test::clock_now(), names == nullptr ? nullptr : names->list));
  }
  test::Issuer other_ = test::Issuer::make_root("Other root", test::clock_now());
  /// The root has a new key: the old one certifies it, and it the old one, all under one name.
  test::Issuer renewed_ = test::Issuer::make_root("Root", test::clock_now());
};

TEST_F(SeveralWays, AreAllShownToAServerThatNamesNobody) {
  const Certificate cross = other_.certify(root_, test::clock_now());
  const std::vector<Certificate> straight{issuing_.certificate(), policy_.certificate()};
  std::vector<Certificate> both = straight;
  both.push_back(cross);
  std::vector<Certificate> known{cross, root_.certificate(), policy_.certificate(), issuing_.certificate()};
  for (int turn = 0; turn < 4; ++turn) {
    EXPECT_EQ(shown(known), ders(both));
    const Names of_root({root_.certificate()}), of_other({other_.certificate()}), of_nobody({leaf_});
    EXPECT_EQ(shown(known, &of_other), ders(both));
    EXPECT_EQ(shown(known, &of_root), ders(both)) << "it may trust the root by either certificate";
    EXPECT_EQ(shown(known, &of_nobody), ders(both));
    std::rotate(known.begin(), known.begin() + 1, known.end());
  }
}

TEST_F(SeveralWays, TheOneThatTheServerNamesIsShownAlone) {
  const Certificate cross = other_.certify(issuing_, test::clock_now());
  const std::vector<Certificate> known{cross, root_.certificate(), policy_.certificate(),
                                       issuing_.certificate()};
  const Names of_policy({policy_.certificate()}), of_other({other_.certificate()});
  EXPECT_EQ(shown(known, &of_policy), ders({issuing_.certificate(), policy_.certificate()}));
  EXPECT_EQ(shown(known, &of_other), ders({cross}));
}

TEST_F(SeveralWays, ALinkBetweenARootsKeysIsNoRoot) {
  const Certificate link = renewed_.certify(root_, test::clock_now());
  const Certificate back = root_.certify(renewed_, test::clock_now());
  ASSERT_TRUE(link.self_issued());
  const std::vector<Certificate> known{
      renewed_.certificate(), back, link, root_.certificate(), policy_.certificate(), issuing_.certificate()};
  EXPECT_EQ(shown(known), ders({issuing_.certificate(), policy_.certificate(), link}));
}

TEST_F(SeveralWays, ThatLeadInACircleEnd) {
  const Certificate one = policy_.certify(root_, test::clock_now());
  EXPECT_EQ(shown({issuing_.certificate(), policy_.certificate(), one}).size(), 3U);
}

}  // namespace
}  // namespace koshin::enrollment
