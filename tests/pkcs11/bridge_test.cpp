// SPDX-License-Identifier: MIT
// Keys for OpenSSL: both bridges, one set of tests, a real token behind them.
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "pkcs11/function_table.hpp"
#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/private_key_bridge.hpp"
#include "pkcs11/public_key.hpp"
#include "pkcs11/signer.hpp"
#include "tls_pair.hpp"
#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

using Scheme = SignatureRequest::Scheme;
using testing::ElementsAre;

const Bytes id{0x42};
const Bytes message{'t', 'o', ' ', 'b', 'e', ' ', 's', 'i', 'g', 'n', 'e', 'd'};

class BothBridges : public SoftHsmToken, public testing::WithParamInterface<BridgeKind> {
 protected:
  void SetUp() override {
    module_ = load();
    slot_ = token_named(*module_, "desk").slot;
    session_ = Session::open(module_, slot_, Access::read_write);
    session_->login(User::user, pin_of(user_pin));
    // Login is per token: a session of the test's own can use the same keys, and see each request.
    module_->functions().call(KOSHIN_CK(C_OpenSession), slot_, CK_FLAGS{CKF_SERIAL_SESSION}, nullptr, nullptr,
                              &handle_);
  }

  GeneratedKeyPair generate(KeyAlgorithm algorithm) {
    return session_->generate_key_pair(algorithm, id, "key");
  }

  /// The token's signature; notes what was asked of it.
  SignFunction on_token(const GeneratedKeyPair& pair) {
    return [this, handle = pair.private_key.handle](const SignatureRequest& request) {
      requested_.push_back(request.scheme);
      return sign(module_->functions(), {handle_, static_cast<CK_OBJECT_HANDLE>(handle), false}, request,
                  nullptr);
    };
  }
  EvpPkey key_of(const GeneratedKeyPair& pair) {
    return make_private_key(GetParam(), pair.public_key.public_key, on_token(pair));
  }

  std::shared_ptr<Module> module_;
  std::uint64_t slot_ = 0;
  std::unique_ptr<Session> session_;
  CK_SESSION_HANDLE handle_ = CK_INVALID_HANDLE;
  std::vector<Scheme> requested_;
};

INSTANTIATE_TEST_SUITE_P(Bridge, BothBridges, testing::Values(BridgeKind::libp11, BridgeKind::native),
                         [](const auto& instance) {
                           return instance.param == BridgeKind::libp11 ? "libp11" : "native";
                         });

TEST_P(BothBridges, an_ec_signature_verifies_and_takes_one_call) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ec_p521}) {
    const auto pair = generate(algorithm);
    const EvpPkey key = key_of(pair);
    for (const EVP_MD* digest : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
      requested_.clear();
      const Bytes signature = digest_sign(key.get(), digest, message);
      EXPECT_TRUE(verifies(pair.public_key.public_key, digest, message, signature))
          << to_string(algorithm) << " " << EVP_MD_get0_name(digest);
      EXPECT_THAT(requested_, ElementsAre(Scheme::ecdsa));
    }
  }
}

TEST_P(BothBridges, an_rsa_signature_verifies_and_takes_one_call) {
  const auto pair = generate(KeyAlgorithm::rsa_2048);
  const EvpPkey key = key_of(pair);
  const Bytes signature = digest_sign(key.get(), EVP_sha256(), message);
  EXPECT_TRUE(verifies(pair.public_key.public_key, EVP_sha256(), message, signature));
  EXPECT_THAT(requested_, ElementsAre(Scheme::rsa_pkcs1));
}

TEST_P(BothBridges, pss_is_made_by_the_token_in_one_call) {
  const auto pair = generate(KeyAlgorithm::rsa_2048);
  const EvpPkey key = key_of(pair);
  for (const EVP_MD* digest : {EVP_sha256(), EVP_sha384()}) {
    requested_.clear();
    const Bytes signature = digest_sign(key.get(), digest, message, true);
    EXPECT_TRUE(verifies(pair.public_key.public_key, digest, message, signature, true));
    EXPECT_THAT(requested_, ElementsAre(Scheme::rsa_pss));
  }
}

TEST_P(BothBridges, pss_without_the_mechanism_is_padded_here_and_signed_raw) {
  const auto pair = generate(KeyAlgorithm::rsa_2048);
  const SignFunction token = on_token(pair);
  const EvpPkey key =
      make_private_key(GetParam(), pair.public_key.public_key, [&](const SignatureRequest& request) {
        if (request.scheme == Scheme::rsa_pss) throw Error(CKR_MECHANISM_INVALID, "C_SignInit");
        return token(request);
      });
  const Bytes signature = digest_sign(key.get(), EVP_sha256(), message, true);
  EXPECT_TRUE(verifies(pair.public_key.public_key, EVP_sha256(), message, signature, true));
  EXPECT_THAT(requested_, ElementsAre(Scheme::rsa_raw));
}

TEST_P(BothBridges, a_certificate_request_signs_and_verifies) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048}) {
    const auto pair = generate(algorithm);
    const EvpPkey key = key_of(pair);
    const EvpPkey public_key = parse_public_key(pair.public_key.public_key);
    const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(X509_REQ_new(), X509_REQ_free);
    ASSERT_EQ(X509_REQ_set_pubkey(request.get(), public_key.get()), 1);
    ASSERT_GT(X509_REQ_sign(request.get(), key.get(), EVP_sha256()), 0);
    EXPECT_EQ(X509_REQ_verify(request.get(), public_key.get()), 1);
    EXPECT_EQ(EVP_PKEY_eq(key.get(), public_key.get()), 1);
  }
}

TEST_P(BothBridges, tls_authenticates_the_client_in_1_2_and_1_3) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::ec_p256, KeyAlgorithm::rsa_2048}) {
    const auto pair = generate(algorithm);
    const EvpPkey key = key_of(pair);
    const Bytes certificate = certificate_for(pair.public_key.public_key, "tls client");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      requested_.clear();
      const TlsOutcome outcome = handshake(key.get(), certificate, version);
      EXPECT_TRUE(outcome.finished) << outcome.trouble;
      EXPECT_EQ(outcome.client_certificate, certificate);
      EXPECT_EQ(requested_.size(), 1U);
      if (algorithm == KeyAlgorithm::rsa_2048 && version == TLS1_3_VERSION) {
        EXPECT_THAT(requested_, ElementsAre(Scheme::rsa_pss));
      }
    }
  }
}

TEST_P(BothBridges, P6_a_token_without_pss_and_raw_rsa_does_tls_1_2_with_pkcs1) {
  const auto pair = generate(KeyAlgorithm::rsa_2048);
  const SignFunction token = on_token(pair);
  const EvpPkey key =
      make_private_key(GetParam(), pair.public_key.public_key, [&](const SignatureRequest& request) {
        if (request.scheme != Scheme::rsa_pkcs1) throw Error(CKR_MECHANISM_INVALID, "C_SignInit");
        return token(request);
      });
  const Bytes certificate = certificate_for(pair.public_key.public_key, "tls client");
  EXPECT_FALSE(handshake(key.get(), certificate, TLS1_3_VERSION).finished);
  const TlsOutcome outcome = handshake(key.get(), certificate, TLS1_2_VERSION, "RSA+SHA256:ECDSA+SHA256");
  EXPECT_TRUE(outcome.finished) << outcome.trouble;
}

TEST_P(BothBridges, several_keys_are_used_side_by_side_and_outlive_each_other) {
  const auto ec = generate(KeyAlgorithm::ec_p256);
  const auto rsa = generate(KeyAlgorithm::rsa_2048);
  EvpPkey first = key_of(ec);
  const EvpPkey second = key_of(rsa);
  EXPECT_TRUE(verifies(ec.public_key.public_key, EVP_sha256(), message,
                       digest_sign(first.get(), EVP_sha256(), message)));
  EXPECT_TRUE(verifies(rsa.public_key.public_key, EVP_sha256(), message,
                       digest_sign(second.get(), EVP_sha256(), message)));
  first.reset();
  const EvpPkey third = key_of(ec);
  EXPECT_TRUE(verifies(rsa.public_key.public_key, EVP_sha256(), message,
                       digest_sign(second.get(), EVP_sha256(), message)));
  EXPECT_TRUE(verifies(ec.public_key.public_key, EVP_sha256(), message,
                       digest_sign(third.get(), EVP_sha256(), message)));
}

TEST_P(BothBridges, a_key_that_somebody_else_still_holds_keeps_signing) {
  const auto pair = generate(KeyAlgorithm::ec_p256);
  EvpPkey key = key_of(pair);
  EVP_PKEY_up_ref(key.get());
  const EvpPkey other_holder(key.get());
  key.reset();
  EXPECT_TRUE(verifies(pair.public_key.public_key, EVP_sha256(), message,
                       digest_sign(other_holder.get(), EVP_sha256(), message)));
}

/// With RSA-PSS OpenSSL and libp11 have a second way for most failures: none of these may take it.
TEST_P(BothBridges, P9_after_a_token_is_gone_or_a_pin_was_wrong_nothing_is_asked_again) {
  const auto pair = generate(KeyAlgorithm::rsa_2048);
  for (const CK_RV rv : {CKR_DEVICE_REMOVED, CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_FUNCTION_CANCELED}) {
    int asked = 0;
    const EvpPkey key =
        make_private_key(GetParam(), pair.public_key.public_key, [&](const SignatureRequest&) -> Bytes {
          ++asked;
          throw Error(rv, "C_Sign");
        });
    EXPECT_THAT(digest_sign(key.get(), EVP_sha256(), message, true), testing::IsEmpty());
    EXPECT_THAT(digest_sign(key.get(), EVP_sha256(), message), testing::IsEmpty());
    EXPECT_EQ(asked, 1);
    ERR_clear_error();
  }
}

TEST_P(BothBridges, a_failure_of_another_kind_leaves_the_key_usable) {
  const auto pair = generate(KeyAlgorithm::ec_p256);
  const SignFunction token = on_token(pair);
  bool fails = true;
  const EvpPkey key =
      make_private_key(GetParam(), pair.public_key.public_key, [&](const SignatureRequest& request) {
        if (std::exchange(fails, false)) throw Error(CKR_FUNCTION_FAILED, "C_Sign");
        return token(request);
      });
  EXPECT_THAT(digest_sign(key.get(), EVP_sha256(), message), testing::IsEmpty());
  ERR_clear_error();
  EXPECT_TRUE(verifies(pair.public_key.public_key, EVP_sha256(), message,
                       digest_sign(key.get(), EVP_sha256(), message)));
}

TEST_P(BothBridges, what_is_no_public_key_is_refused) {
  EXPECT_THROW(make_private_key(GetParam(), Bytes{1, 2, 3}, nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace koshin::pkcs11
