// SPDX-License-Identifier: MIT
// The issuers that TLS shows beside our certificate.
#include "enrollment/http/client_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace koshin::enrollment
