// SPDX-License-Identifier: MIT
// A SoftHSM token, and certificates made for the keys on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "pkcs11/module.hpp"
#include "pkcs11/session.hpp"
#include "support/soft_hsm.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::pkcs11 {

inline constexpr std::string_view user_pin = test::SoftHsm::default_pin;
inline PinView pin_of(std::string_view text) {
  return {text.data(), text.size()};
}

/// A fresh token called "desk" in a SoftHSM of its own. SoftHSM lists one more slot with an uninitialised
/// token.
class SoftHsmToken : public testing::Test {
 protected:
  SoftHsmToken() : hsm_(directory_.path()) { hsm_.init_token("desk"); }

  static std::shared_ptr<Module> load() { return Module::load(test::SoftHsm::module()); }
  static TokenInfo token_named(Module& module, const std::string& label);
  /// A read-write session with "desk", the user logged in.
  static std::unique_ptr<Session> logged_in(const std::shared_ptr<Module>& module);

  test::TemporaryDirectory directory_;
  test::SoftHsm hsm_;
};

/// A P-256 key that no token has.
EvpPkey software_key();
/// The SubjectPublicKeyInfo of a key.
Bytes public_key_info(EVP_PKEY* key);
/// A certificate over `public_key` (DER SubjectPublicKeyInfo), issued by a throw-away authority.
Bytes certificate_for(ByteView public_key, const std::string& common_name, long serial = 4711);
/// Whether `signature` over `data` is good under this SubjectPublicKeyInfo.
bool verifies(ByteView public_key, const EVP_MD* digest, ByteView data, ByteView signature, bool pss = false);
/// A whole EVP_DigestSign with `key`; empty when it fails.
Bytes digest_sign(EVP_PKEY* key, const EVP_MD* digest, ByteView data, bool pss = false);

}  // namespace koshin::pkcs11
