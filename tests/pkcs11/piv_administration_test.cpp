// SPDX-License-Identifier: MIT
// What a YubiKey says of its management key, byte by byte.
#include "pkcs11/piv_administration.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "pkcs11/quirks.hpp"

namespace koshin::pkcs11 {
namespace {

Bytes with_salt(std::size_t size, std::uint8_t flags) {
  Bytes object{0x80, static_cast<std::uint8_t>(5 + size), 0x81, 0x01, flags,
               0x82, static_cast<std::uint8_t>(size)};
  for (std::size_t at = 0; at < size; ++at) object.push_back(static_cast<std::uint8_t>(at));
  return object;
}

TEST(PivAdministration, TellsAKeyBehindThePinByItsFlag) {
  EXPECT_TRUE(parse_piv_administration(Bytes{0x80, 0x03, 0x81, 0x01, 0x03}).key_behind_pin);
  EXPECT_TRUE(parse_piv_administration(Bytes{0x80, 0x03, 0x81, 0x01, 0x02}).key_behind_pin);
  EXPECT_FALSE(parse_piv_administration(Bytes{0x80, 0x03, 0x81, 0x01, 0x01}).key_behind_pin);
}

TEST(PivAdministration, TellsADerivedKeyByItsSalt) {
  const auto found = parse_piv_administration(with_salt(16, 0x01));
  EXPECT_EQ(found.salt.size(), 16U);
  EXPECT_FALSE(found.key_behind_pin);
  EXPECT_TRUE(parse_piv_administration(with_salt(15, 0x01)).salt.empty()) << "no salt of Yubico's";
}

TEST(PivAdministration, WhatIsNotWholeSaysNothing) {
  const Bytes whole = with_salt(16, 0x03);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto found = parse_piv_administration(ByteView(whole).first(size));
    EXPECT_TRUE(found.salt.empty()) << size;
    EXPECT_FALSE(found.key_behind_pin) << size;
  }
  for (const Bytes& other : {Bytes{}, Bytes{0x30, 0x03, 0x81, 0x01, 0x03}, Bytes{0x80, 0x80},
                             Bytes{0x80, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, Bytes{0x80, 0x03, 0x81, 0x02, 0x03}})
    EXPECT_FALSE(parse_piv_administration(other).key_behind_pin);
}

TEST(PivAdministration, ALengthMayHaveBytesOfItsOwn) {
  EXPECT_TRUE(parse_piv_administration(Bytes{0x80, 0x81, 0x03, 0x81, 0x01, 0x02}).key_behind_pin);
  EXPECT_TRUE(parse_piv_administration(Bytes{0x80, 0x82, 0x00, 0x03, 0x81, 0x01, 0x02}).key_behind_pin);
}

TEST(PivAdministration, MetadataTellTheAlgorithmAndTheFactorysKey) {
  const auto found = parse_piv_key_metadata(Bytes{0x01, 1, 0x0A, 0x02, 2, 0, 1, 0x05, 1, 1});
  EXPECT_EQ(piv_management_algorithm(found.algorithm), "AES-192");
  EXPECT_TRUE(found.factory);
  EXPECT_EQ(parse_piv_key_metadata(Bytes{}).algorithm, 0);
  EXPECT_FALSE(parse_piv_key_metadata(Bytes{0x01, 1, 0x03, 0x05, 1, 0}).factory);
  EXPECT_EQ(piv_management_algorithm(0x11), "0x11");
}

/// RFC 6070 has no case of this length; the expected key is Python's hashlib.pbkdf2_hmac("sha1", …, 10000,
/// 24).
TEST(PivAdministration, DerivesTheKeyAsYubicosProgramsDo) {
  Bytes salt;
  for (std::uint8_t at = 0; at < 16; ++at) salt.push_back(at);
  constexpr std::string_view pin = "123456";
  std::array<char, piv_longest_key_digits> digits{};
  const std::size_t size =
      derive_piv_management_key(PinView(pin.data(), pin.size()), salt, piv_triple_des, digits);
  EXPECT_EQ(std::string(digits.data(), size), "6f4f2d621842bcdf52c44ef73d28d6017045e5d543b5547d");
  constexpr std::uint8_t aes_128 = 0x08, aes_256 = 0x0C;
  EXPECT_EQ(derive_piv_management_key(PinView(pin.data(), pin.size()), salt, aes_128, digits), 32U);
  EXPECT_EQ(derive_piv_management_key(PinView(pin.data(), pin.size()), salt, aes_256, digits), 64U);
}

TEST(Quirks, Ykcs11KnowsAesFromVersion230On) {
  const auto library = [](const char* maker, unsigned major, unsigned minor) {
    return LibraryInfo{.manufacturer = maker, .description = {}, .major = major, .minor = minor};
  };
  EXPECT_TRUE(knows_triple_des_alone(library("Yubico (www.yubico.com)", 2, 20)));
  EXPECT_TRUE(knows_triple_des_alone(library("Yubico (www.yubico.com)", 1, 99)));
  EXPECT_FALSE(knows_triple_des_alone(library("Yubico (www.yubico.com)", 2, 30)));
  EXPECT_FALSE(knows_triple_des_alone(library("PKCS#11 Kit", 1, 1)));
}

}  // namespace
}  // namespace koshin::pkcs11
