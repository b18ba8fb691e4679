// SPDX-License-Identifier: MIT
// Requests that no client in its right mind sends: the bank answers them with 400 and goes on.
#include <openssl/rsa.h>

#include <algorithm>

#include "bank/bank_fixture.hpp"
#include "bank/base64.hpp"
#include "bank/request_check.hpp"

namespace koshin::bank {
namespace {

constexpr std::uint8_t boolean = 0x01, integer = 0x02, bit_string = 0x03, octet_string = 0x04, null = 0x05,
                       printable_string = 0x13, sequence = 0x30, set = 0x31, attributes = 0xA0;

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// DER with lengths up to 65535.
Bytes der(std::uint8_t tag, const Bytes& content) {
  const std::size_t size = content.size();
  const auto low = static_cast<std::uint8_t>(size), high = static_cast<std::uint8_t>(size >> 8U);
  if (size < 0x80) return Bytes{tag, low} + content;
  return Bytes{tag, 0x82, high, low} + content;
}

Bytes oid(int nid) {
  return to_der(OBJ_nid2obj(nid), i2d_ASN1_OBJECT);
}

/// The bits of a BIT STRING without unused ones.
Bytes bits(const Bytes& content) {
  return der(bit_string, Bytes{0} + content);
}

Bytes public_key_info(const Bytes& algorithm, const Bytes& bit_string_der) {
  return der(sequence, der(sequence, algorithm) + bit_string_der);
}

/// RFC 2986 with these bytes in the places of SubjectPublicKeyInfo and attributes, and a signature of none.
Bytes request_with(const Bytes& info, const Bytes& attribute_list = {}) {
  const Bytes subject = make_name(organization, organizational_unit, "12345678901234 user0001");
  return der(sequence, der(sequence, der(integer, {0}) + subject + info + der(attributes, attribute_list)) +
                           der(sequence, oid(NID_ecdsa_with_SHA256)) + bits(Bytes(70, 0x30)));
}

Bytes rsa_key(const Bytes& modulus, const Bytes& exponent) {
  return public_key_info(oid(NID_rsaEncryption) + der(null, {}),
                         bits(der(sequence, der(integer, modulus) + der(integer, exponent))));
}

Bytes p256_key(const Bytes& point) {
  return public_key_info(oid(NID_X9_62_id_ecPublicKey) + oid(NID_X9_62_prime256v1), bits(point));
}

struct Garbage {
  const char* name;
  Bytes info;
};

void PrintTo(const Garbage& garbage, std::ostream* out) {
  *out << garbage.name;
}

std::vector<Garbage> malformed_keys() {
  const Bytes elliptic = oid(NID_X9_62_id_ecPublicKey), rsa = oid(NID_rsaEncryption);
  const Bytes point = Bytes{4} + Bytes(64, 0x11), large(256, 0x7F), three{1, 0, 1};
  return {
      {"nothing", {}},
      {"an_empty_sequence", der(sequence, {})},
      {"no_bits", der(sequence, der(sequence, rsa))},
      {"no_algorithm", public_key_info({}, bits(point))},
      {"an_empty_oid", public_key_info(der(0x06, {}), bits(point))},
      {"an_unknown_oid", public_key_info({0x06, 3, 0x2A, 3, 4}, bits(point))},
      {"an_oid_that_goes_on", public_key_info({0x06, 3, 0x2A, 0x86, 0x86}, bits(point))},
      {"an_oid_of_a_digest", public_key_info(oid(NID_sha256) + der(null, {}), bits(point))},
      {"ec_without_parameters", public_key_info(elliptic, bits(point))},
      {"ec_with_null", public_key_info(elliptic + der(null, {}), bits(point))},
      {"ec_with_an_unknown_curve", public_key_info(elliptic + Bytes{0x06, 3, 0x2A, 3, 4}, bits(point))},
      {"ec_with_the_oid_of_rsa", public_key_info(elliptic + rsa, bits(point))},
      {"ec_with_empty_explicit_parameters", public_key_info(elliptic + der(sequence, {}), bits(point))},
      {"ec_with_a_field_of_zero",
       public_key_info(elliptic + der(sequence, der(integer, {1}) + der(sequence, oid(NID_X9_62_prime_field) +
                                                                                      der(integer, {0}))),
                       bits(point))},
      {"an_empty_point", p256_key({})},
      {"no_unused_bits", public_key_info(elliptic + oid(NID_X9_62_prime256v1), der(bit_string, {}))},
      {"nine_unused_bits",
       public_key_info(elliptic + oid(NID_X9_62_prime256v1), der(bit_string, Bytes{9} + point))},
      {"the_point_at_infinity", p256_key({0})},
      {"half_a_point", p256_key(Bytes{4} + Bytes(32, 0x11))},
      {"a_point_off_the_curve", p256_key(point)},
      {"a_compressed_point_cut_off", p256_key({2, 1})},
      {"a_point_larger_than_the_field", p256_key(Bytes{4} + Bytes(64, 0xFF))},
      {"rsa_without_numbers", public_key_info(rsa + der(null, {}), bits(der(sequence, {})))},
      {"rsa_without_a_sequence", public_key_info(rsa + der(null, {}), bits({}))},
      {"rsa_without_parameters", public_key_info(rsa, bits(der(sequence, der(integer, large))))},
      {"an_rsa_modulus_of_no_bytes", rsa_key({}, three)},
      {"an_rsa_modulus_of_zero", rsa_key({0}, three)},
      {"a_negative_rsa_modulus", rsa_key(Bytes(256, 0x81), three)},
      {"an_even_rsa_modulus", rsa_key(Bytes(255, 0x7E) + Bytes{2}, three)},
      {"an_rsa_modulus_of_16000_bits", rsa_key(Bytes(2000, 0x7F), three)},
      {"an_rsa_modulus_of_480000_bits", rsa_key(Bytes(60000, 0x7F), three)},
      {"an_rsa_exponent_of_no_bytes", rsa_key(large, {})},
      {"an_rsa_exponent_of_zero", rsa_key(large, {0})},
      {"an_rsa_exponent_of_one", rsa_key(large, {1})},
      {"a_large_rsa_exponent", rsa_key(large, large)},
      {"rsa_pss_with_garbage",
       public_key_info(oid(NID_rsassaPss) + der(sequence, der(sequence, {})),
                       bits(der(sequence, der(integer, large) + der(integer, three))))},
      {"dsa_without_parameters", public_key_info(oid(NID_dsa), bits(der(integer, {5})))},
      {"dsa_with_zeros", public_key_info(oid(NID_dsa) + der(sequence, der(integer, {0}) + der(integer, {0}) +
                                                                          der(integer, {0})),
                                         bits(der(integer, {5})))},
      {"dh_without_parameters", public_key_info(oid(NID_dhKeyAgreement), bits(der(integer, {5})))},
      {"ed25519_of_no_bytes", public_key_info(oid(NID_ED25519), bits({}))},
      {"ed25519_of_31_bytes", public_key_info(oid(NID_ED25519), bits(Bytes(31, 7)))},
      {"ed25519_with_null", public_key_info(oid(NID_ED25519) + der(null, {}), bits(Bytes(32, 7)))},
      {"x25519", public_key_info(oid(NID_X25519), bits(Bytes(32, 7)))},
      {"an_octet_string_for_the_bits",
       public_key_info(elliptic + oid(NID_X9_62_prime256v1), der(octet_string, Bytes{0} + point))},
  };
}

/// What the bank answers; 0 when it would go on to certify the request.
int status_of(const Bytes& request) {
  try {
    open_request(request);
    return 0;
  } catch (const Refusal& no) {
    return no.status();
  }
}

class MalformedKey : public testing::TestWithParam<Garbage> {};

TEST_P(MalformedKey, is_400) {
  EXPECT_EQ(status_of(request_with(GetParam().info)), 400);
}

INSTANTIATE_TEST_SUITE_P(Each, MalformedKey, testing::ValuesIn(malformed_keys()),
                         [](const auto& about) { return std::string(about.param.name); });

Bytes attribute(int nid, const Bytes& values) {
  return der(sequence, oid(nid) + der(set, values));
}

/// Every form that the type "ANY" of an attribute allows, where the bank wants a text or extensions.
TEST(GarbageRequest, attributes_of_any_type_are_400) {
  const Key key = make_key("ec");
  const Bytes info = to_der(key.get(), i2d_PUBKEY);
  const std::vector<Bytes> values{{},
                                  der(null, {}),
                                  der(boolean, {0xFF}),
                                  der(integer, {5}),
                                  oid(NID_sha256),
                                  der(bit_string, {}),
                                  der(sequence, {}),
                                  der(sequence, der(sequence, {})),
                                  der(sequence, der(sequence, oid(NID_subject_alt_name))),
                                  der(set, der(null, {})),
                                  der(0x84, {1}),
                                  der(printable_string, {})};
  for (const int nid : {NID_pkcs9_challengePassword, NID_ext_req}) {
    for (const auto& value : values)
      EXPECT_EQ(status_of(request_with(info, attribute(nid, value))), 400) << hex(value);
  }
}

/// A well-signed request in which one byte is another one, for every byte.
TEST(GarbageRequest, no_changed_byte_passes_and_none_ends_the_bank) {
  const Bytes subject = make_name(organization, organizational_unit, "12345678901234 user0001");
  const Key rsa = make_key("rsa"), elliptic = make_key("ec");
  for (EVP_PKEY* key : {rsa.get(), elliptic.get()}) {
    const Bytes good = *base64_decode(make_request(key, subject, {"email:a@bank.example", "secret"}));
    ASSERT_EQ(status_of(good), 0);
    // OpenSSL takes RSA's signature algorithm with any type of parameters (RFC 4055 section 5: NULL).
    const Bytes signed_with = oid(NID_sha256WithRSAEncryption);
    const auto algorithm = std::find_end(good.begin(), good.end(), signed_with.begin(), signed_with.end());
    const auto ignored = static_cast<std::size_t>(algorithm - good.begin()) + signed_with.size();
    for (std::size_t at = 0; at < good.size(); ++at) {
      if (at == ignored) continue;
      for (const unsigned change : {0x01U, 0x80U, 0xFFU, 0x10U}) {
        Bytes bad = good;
        bad[at] = static_cast<std::uint8_t>(bad[at] ^ change);
        EXPECT_EQ(status_of(bad), 400) << "byte " << at << " xor " << change;
      }
      EXPECT_EQ(status_of(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at))), 400)
          << "the first " << at << " bytes";
    }
  }
}

class BankAfterGarbage : public BankTest {};

TEST_F(BankAfterGarbage, still_certifies) {
  for (const auto& garbage : malformed_keys()) {
    const auto answer = post("simplereenroll", base64_encode(request_with(garbage.info), true));
    constexpr std::size_t most_of_a_request = 50000;
    EXPECT_EQ(answer.status, garbage.info.size() > most_of_a_request ? 413 : 400)
        << garbage.name << ": " << answer.body;
  }
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get())).status, 200);
  EXPECT_EQ(bank_->issued(), 1U);
}

/// The card centre's door certifies keys of any type, and tells of what is none.
TEST_F(BankAfterGarbage, certifies_no_key_that_cannot_be_read) {
  for (const auto& garbage : malformed_keys()) {
    const unsigned char* cursor = garbage.info.data();
    const Key readable(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(garbage.info.size())));
    if (readable) {
      EXPECT_NO_THROW(issue_certificate(folder_, garbage.info, {})) << garbage.name;
    } else {
      EXPECT_THROW(issue_certificate(folder_, garbage.info, {}), std::runtime_error) << garbage.name;
    }
  }
}

}  // namespace
}  // namespace koshin::bank
