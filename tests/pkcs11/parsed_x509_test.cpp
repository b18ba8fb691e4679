// SPDX-License-Identifier: MIT
// The memory of what OpenSSL has parsed.
#include "pkcs11/parsed_x509.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <thread>
#include <vector>

namespace koshin::pkcs11 {
namespace {

template <class Object, class Encode>
Bytes encoded(Object* object, Encode encode) {
  unsigned char* memory = nullptr;
  const int length = encode(object, &memory);
  Bytes bytes(memory, memory + length);
  OPENSSL_free(memory);
  return bytes;
}

struct Made {
  Bytes certificate, public_key;
};

Made make(long serial) {
  const EvpPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const X509Handle certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  return {encoded(certificate.get(), i2d_X509), encoded(key.get(), i2d_PUBKEY)};
}

TEST(ParsedX509, TheSameBytesAreParsedOnce) {
  const Made made = make(1);
  const auto first = parse_certificate(made.certificate);
  ASSERT_NE(first.x509, nullptr);
  EXPECT_EQ(first.size, made.certificate.size());
  EXPECT_EQ(parse_certificate(made.certificate).x509, first.x509);
}

TEST(ParsedX509, TheKeyOfACertificateIsKnownByItsOwnEncoding) {
  const Made made = make(2);
  const auto certificate = parse_certificate(made.certificate);
  EXPECT_EQ(parse_public_key(made.public_key).get(), X509_get0_pubkey(certificate.x509.get()));
}

TEST(ParsedX509, OneThatWasParsedInAnotherWayIsFoundWhenItWasRemembered) {
  const Made made = make(3);
  const unsigned char* cursor = made.certificate.data();
  const X509Handle parsed(d2i_X509(nullptr, &cursor, static_cast<long>(made.certificate.size())));
  remember_certificate(parsed.get(), made.certificate);
  EXPECT_EQ(parse_certificate(made.certificate).x509, parsed);
}

TEST(ParsedX509, WhatWasForgottenIsParsedAgain) {
  const Made made = make(4);
  const auto first = parse_certificate(made.certificate);
  for (long other = 1000; other < 1520; ++other) parse_certificate(make(other).certificate);
  const auto again = parse_certificate(made.certificate);
  EXPECT_NE(again.x509, first.x509);
  EXPECT_EQ(X509_cmp(again.x509.get(), first.x509.get()), 0);
}

TEST(ParsedX509, OfACrowdedTokenNoneIsParsedTwice) {
  const Made made = make(7);
  const auto first = parse_certificate(made.certificate);
  for (long other = 300; other < 500; ++other) parse_certificate(make(other).certificate);
  EXPECT_EQ(parse_certificate(made.certificate).x509, first.x509);
}

TEST(ParsedX509, BytesBehindACertificateAreLeftToTheCaller) {
  Made made = make(5);
  const std::size_t size = made.certificate.size();
  made.certificate.push_back(0);
  for (int round = 0; round < 2; ++round) {
    const auto parsed = parse_certificate(made.certificate);
    ASSERT_NE(parsed.x509, nullptr);
    EXPECT_EQ(parsed.size, size);
  }
}

TEST(ParsedX509, WhatIsNoneIsNull) {
  const Bytes garbage{0x30, 0x03, 0x02, 0x01, 0x07};
  EXPECT_EQ(parse_certificate({}).x509, nullptr);
  EXPECT_EQ(parse_certificate(garbage).x509, nullptr);
  EXPECT_EQ(parse_public_key({}), nullptr);
  EXPECT_EQ(parse_public_key(garbage), nullptr);
  Bytes longer = make(6).public_key;
  longer.push_back(0);
  EXPECT_EQ(parse_public_key(longer), nullptr);
}

TEST(ParsedX509, ThreadsMayAskAtOnce) {
  std::vector<Made> made;
  for (long serial = 200; serial < 220; ++serial) made.push_back(make(serial));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&made] {
      for (int round = 0; round < 10; ++round) {
        for (const Made& one : made) {
          EXPECT_NE(parse_certificate(one.certificate).x509, nullptr);
          EXPECT_NE(parse_public_key(one.public_key), nullptr);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace koshin::pkcs11
