// SPDX-License-Identifier: MIT
// What belongs together: public key first, then CKA_ID, never the label.
#include "pkcs11/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::pkcs11 {
namespace {

using testing::SizeIs;

TokenObject object(ObjectClass object_class, Bytes id, Bytes public_key, std::uint64_t handle) {
  TokenObject made;
  made.object_class = object_class;
  made.id = std::move(id);
  made.public_key = std::move(public_key);
  made.handle = handle;
  made.label = "same label";
  return made;
}

const Bytes key_a{0xA};
const Bytes key_b{0xB};
constexpr auto certificate = ObjectClass::certificate;
constexpr auto public_key = ObjectClass::public_key;
constexpr auto private_key = ObjectClass::private_key;

TEST(P5_Credentials, a_pair_and_its_certificate_are_one) {
  const auto groups =
      match_credentials({object(private_key, {1}, {}, 10), object(certificate, {1}, key_a, 11),
                         object(public_key, {1}, key_a, 12)});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].certificate->handle, 11U);
  EXPECT_EQ(groups[0].private_key->handle, 10U);
  EXPECT_EQ(groups[0].public_key->handle, 12U);
  EXPECT_FALSE(groups[0].id_mismatch);
}

TEST(P5_Credentials, the_public_key_wins_over_the_id) {
  const auto groups =
      match_credentials({object(certificate, {1}, key_a, 1), object(certificate, {2}, key_b, 2),
                         object(public_key, {2}, key_a, 3), object(public_key, {1}, key_b, 4)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].public_key->handle, 3U);
  EXPECT_TRUE(groups[0].id_mismatch);
  EXPECT_EQ(groups[1].public_key->handle, 4U);
  EXPECT_TRUE(groups[1].id_mismatch);
}

TEST(P5_Credentials, an_ec_private_key_that_hides_its_public_key_follows_its_public_key_object) {
  const auto groups = match_credentials({object(certificate, {1}, key_a, 1),
                                         object(public_key, {9}, key_a, 2), object(private_key, {9}, {}, 3)});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].private_key->handle, 3U);
  EXPECT_TRUE(groups[0].id_mismatch);
}

TEST(P5_Credentials, of_two_keys_under_one_id_each_finds_its_own_certificate) {
  const auto groups =
      match_credentials({object(certificate, {1}, key_b, 1), object(private_key, {1}, key_a, 2),
                         object(private_key, {1}, key_b, 3)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].private_key->handle, 3U);
  EXPECT_FALSE(groups[1].certificate);
  EXPECT_EQ(groups[1].private_key->handle, 2U);
}

TEST(P5_Credentials, a_label_never_makes_a_pair) {
  const auto groups =
      match_credentials({object(certificate, {1}, key_a, 1), object(private_key, {2}, {}, 2)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_FALSE(groups[0].private_key);
  EXPECT_FALSE(groups[1].certificate);
}

TEST(P5_Credentials, empty_ids_are_no_match) {
  EXPECT_THAT(match_credentials({object(certificate, {}, {}, 1), object(private_key, {}, {}, 2)}), SizeIs(2));
}

TEST(P5_Credentials, a_certificate_that_cannot_be_parsed_is_grouped_by_id) {
  const auto groups = match_credentials(
      {object(certificate, {1}, {}, 1), object(public_key, {1}, key_a, 2), object(private_key, {1}, {}, 3)});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_TRUE(groups[0].public_key && groups[0].private_key);
}

TEST(P5_Credentials, keys_without_a_certificate_are_still_pairs) {
  const auto groups = match_credentials(
      {object(public_key, {5}, key_a, 1), object(private_key, {5}, {}, 2), object(private_key, {6}, {}, 3)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].private_key->handle, 2U);
  EXPECT_EQ(groups[1].private_key->handle, 3U);
}

TEST(P5_Credentials, a_key_that_was_certified_twice_belongs_to_both_certificates) {
  const auto groups =
      match_credentials({object(certificate, {1}, key_a, 1), object(certificate, {1}, key_a, 2),
                         object(public_key, {1}, key_a, 3), object(private_key, {1}, {}, 4)});
  ASSERT_THAT(groups, SizeIs(2));
  for (const Credential& group : groups) {
    ASSERT_TRUE(group.public_key && group.private_key);
    EXPECT_EQ(group.private_key->handle, 4U);
  }
}

TEST(P5_Credentials, a_hidden_key_is_not_given_to_a_certificate_that_only_shares_its_id) {
  const auto groups =
      match_credentials({object(certificate, {1}, key_b, 1), object(certificate, {1}, key_a, 2),
                         object(public_key, {1}, key_a, 3), object(private_key, {1}, {}, 4)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_FALSE(groups[0].private_key);
  EXPECT_EQ(groups[1].private_key->handle, 4U);
}

TEST(P5_Credentials, a_public_key_that_cannot_be_read_belongs_to_no_certificate) {
  const auto groups = match_credentials({object(public_key, {1}, {}, 1), object(certificate, {1}, key_a, 2),
                                         object(public_key, {1}, key_a, 3), object(private_key, {1}, {}, 4)});
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].public_key->handle, 3U);
  EXPECT_EQ(groups[0].private_key->handle, 4U);
  EXPECT_FALSE(groups[1].certificate);
  EXPECT_EQ(groups[1].public_key->handle, 1U);
  EXPECT_FALSE(
      match_credentials({object(public_key, {1}, {}, 1), object(certificate, {1}, key_a, 2)})[0].public_key);
}

}  // namespace
}  // namespace koshin::pkcs11
