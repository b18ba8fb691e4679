// SPDX-License-Identifier: MIT
// What authorities say they want in a request.
#include "enrollment/est/csr_attributes.hpp"

#include <gtest/gtest.h>

#include "enrollment/http/base64.hpp"
#include "failure_matcher.hpp"

namespace koshin::enrollment {
namespace {

using pkcs11::KeyAlgorithm;

Bytes wrap(std::uint8_t tag, const std::vector<Bytes>& parts) {
  Bytes der;
  der.push_back(tag);
  der.push_back(0);
  for (const auto& part : parts) {
    for (const auto byte : part) der.push_back(byte);
  }
  der[1] = static_cast<std::uint8_t>(der.size() - 2);
  return der;
}
Bytes sequence(const std::vector<Bytes>& parts) {
  return wrap(0x30, parts);
}
Bytes set(const std::vector<Bytes>& parts) {
  return wrap(0x31, parts);
}

const Bytes challenge_password{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x07};
const Bytes ec_public_key{0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
const Bytes secp384r1{0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};
const Bytes secp521r1{0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23};
const Bytes brainpool{0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07};
const Bytes rsa_encryption{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
const Bytes number_3072{0x02, 0x02, 0x0C, 0x00};
const Bytes number_8192{0x02, 0x02, 0x20, 0x00};
const Bytes ecdsa_with_sha384{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03};
const Bytes sha512{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03};
const Bytes mac_address{0x06, 0x07, 0x2B, 0x06, 0x01, 0x01, 0x01, 0x01, 0x16};
const Bytes unknown{0x06, 0x03, 0x88, 0x37, 0x02};

RequestAttributes read(const std::vector<Bytes>& entries) {
  return read_request_attributes(to_wrapped_base64(sequence(entries)));
}

void expect_nothing(const RequestAttributes& wanted) {
  EXPECT_TRUE(wanted.key_algorithms.empty());
  EXPECT_EQ(wanted.digest, std::nullopt);
  EXPECT_FALSE(wanted.challenge_password);
}

TEST(CsrAttributes, E10_AnEmptySequenceOrBodyAsksForNothing) {
  expect_nothing(read({}));
  expect_nothing(read_request_attributes(""));
  expect_nothing(read_request_attributes(" \r\n"));
}

TEST(CsrAttributes, E10_TheExampleOfRfc7030AsksForP384WithSha384AndTheChannelBinding) {
  // RFC 7030 section 4.5.2: challengePassword, id-ecPublicKey with secp384r1, extReq with macAddress,
  // ecdsa-with-SHA384.
  const Bytes extension_request{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E};
  const auto wanted = read({challenge_password, sequence({ec_public_key, set({secp384r1})}),
                            sequence({extension_request, set({mac_address})}), ecdsa_with_sha384});
  EXPECT_TRUE(wanted.challenge_password);
  EXPECT_EQ(wanted.key_algorithms, std::vector{KeyAlgorithm::ec_p384});
  EXPECT_EQ(wanted.digest, "SHA384");
}

TEST(CsrAttributes, E10_HonoursAnRsaKeySizeAndABareDigest) {
  const auto wanted = read({sequence({rsa_encryption, set({number_3072})}), sha512});
  EXPECT_EQ(wanted.key_algorithms, std::vector{KeyAlgorithm::rsa_3072});
  EXPECT_EQ(wanted.digest, "SHA512");
}

TEST(CsrAttributes, E10_SeveralKeyTypesAreAlternatives) {
  const Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  const auto rsa = sequence({rsa_encryption, set({number_3072})});
  EXPECT_EQ(read({rsa, sequence({ec_public_key, set({p256, secp384r1})}), rsa}).key_algorithms,
            (std::vector{KeyAlgorithm::rsa_3072, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384}));
  EXPECT_EQ(read({sequence({ec_public_key, set({secp521r1})})}).key_algorithms,
            std::vector{KeyAlgorithm::ec_p521});
  EXPECT_EQ(read({ec_public_key, rsa}).key_algorithms,
            (std::vector{KeyAlgorithm::rsa_3072, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384,
                         KeyAlgorithm::ec_p521}))
      << "a family without a curve: any of them";
}

TEST(CsrAttributes, E10_IgnoresUnknownObjectsAndKeysThatKoshinDoesNotMake) {
  expect_nothing(
      read({unknown, sequence({unknown, set({number_3072})}), mac_address, rsa_encryption,
            sequence({rsa_encryption, set({number_8192})}), sequence({ec_public_key, set({brainpool})}),
            sequence({rsa_encryption, set({})}), sequence({ec_public_key, set({number_3072})})}));
}

TEST(CsrAttributes, E10_IgnoresEntriesThatAreNeitherObjectNorAttribute) {
  expect_nothing(read({number_3072, sequence({number_3072}), set({unknown})}));
  EXPECT_TRUE(read({number_3072, challenge_password}).challenge_password);
}

TEST(CsrAttributes, RefusesABodyThatIsNoSequence) {
  const auto reason = [](const std::string& body) {
    return test::reason_of([&] { read_request_attributes(body); });
  };
  EXPECT_EQ(reason("<html>"), "authority_response_invalid");
  EXPECT_EQ(reason(to_base64(challenge_password)), "authority_response_invalid");
  EXPECT_EQ(reason(to_base64(Bytes{0x30, 0x05, 0x06})), "authority_response_invalid");
  EXPECT_EQ(reason(to_base64(Bytes{0x30, 0x00, 0x00})), "authority_response_invalid");
}

}  // namespace
}  // namespace koshin::enrollment
