// SPDX-License-Identifier: MIT
// The same with keys that stay on a token: request, renewal and proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "enrollment/authority/certificate_authority.hpp"
#include "enrollment/est/est_client.hpp"
#include "enrollment/proof.hpp"
#include "enrollment/x509/certificate_request.hpp"
#include "pkcs11/session.hpp"
#include "support/provisioning.hpp"
#include "support/soft_hsm.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_bank.hpp"

namespace koshin::enrollment {
namespace {

using pkcs11::KeyAlgorithm;

struct Case {
  KeyAlgorithm algorithm;
  const char* tls_max;
};

class TokenRenewal : public testing::TestWithParam<Case> {
 protected:
  TokenRenewal() : hsm_(directory_.path() / "hsm") {
    hsm_.init_token("bank");
    old_ = Certificate::from_der(koshin::test::provision(hsm_, "bank", bank_, GetParam().algorithm, 12));
    settings_.authority.url = bank_.url();
    settings_.authority.trust_anchors = bank_.anchors();
    settings_.authority.prove_url = bank_.url() + "/login";
    settings_.proxy.url = "none";
    module_ = pkcs11::Module::load(koshin::test::SoftHsm::module());
    for (const auto& token : module_->tokens()) {
      if (token.label == "bank")
        session_ = pkcs11::Session::open(module_, token.slot, pkcs11::Access::read_write);
    }
    session_->login(pkcs11::User::user, std::string_view(koshin::test::SoftHsm::default_pin));
  }
  pkcs11::EvpPkey old_key() {
    for (const auto& object : session_->objects()) {
      if (object.object_class == pkcs11::ObjectClass::private_key) {
        return session_->evp_private_key(object, old_->public_key_der());
      }
    }
    throw std::runtime_error("no private key on the token");
  }

  koshin::test::TemporaryDirectory directory_;
  koshin::test::SoftHsm hsm_;
  koshin::test::TestBank bank_{directory_.path() / "bank",
                               {.tls_max = GetParam().tls_max, .switches = {{"csrattrs", "challenge"}}}};
  Settings settings_;
  std::optional<Certificate> old_;
  std::shared_ptr<pkcs11::Module> module_;
  std::unique_ptr<pkcs11::Session> session_;
};

INSTANTIATE_TEST_SUITE_P(Keys, TokenRenewal,
                         testing::Values(Case{KeyAlgorithm::ec_p256, ""}, Case{KeyAlgorithm::ec_p384, "1.2"},
                                         Case{KeyAlgorithm::rsa_2048, ""},
                                         Case{KeyAlgorithm::rsa_2048, "1.2"}),
                         [](const auto& one) {
                           std::string name(to_string(one.param.algorithm));
                           std::ranges::replace(name, '-', '_');
                           return name + (*one.param.tls_max == '\0' ? "_tls1_3" : "_tls1_2");
                         });

TEST_P(TokenRenewal, E4_E11_RequestRenewalAndProofWithTheKeysOnTheToken) {
  const auto authenticating = old_key();  // the only one so far
  const auto made = session_->generate_key_pair(GetParam().algorithm, Bytes{1, 2, 3, 4}, "new");
  const auto new_key = session_->evp_private_key(made.private_key, made.public_key.public_key);

  AuthorityOptions options;
  options.credential = ClientCredential{*old_, authenticating.get(), true};
  const auto ca = std::make_unique<EstClient>(settings_, options);
  const Bytes request = make_certificate_request({.subject_der = old_->subject_der(),
                                                  .san_der = old_->san_der(),
                                                  .public_key_der = made.public_key.public_key,
                                                  .challenge_password = ca->channel_binding()},
                                                 new_key.get());
  const auto outcome = ca->submit(Operation::reenroll, request);
  ASSERT_TRUE(std::holds_alternative<Issued>(outcome));
  const Certificate& issued = std::get<Issued>(outcome).certificate;
  EXPECT_EQ(issued.public_key_der(), made.public_key.public_key);
  EXPECT_EQ(bank_.requests("channel_binding_verified"), 1U);

  options.credential = ClientCredential{issued, new_key.get(), true};
  EXPECT_NO_THROW(prove_login(settings_, options));
  EXPECT_EQ(bank_.logins(), 1U);
}

}  // namespace
}  // namespace koshin::enrollment
