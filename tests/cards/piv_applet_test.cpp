// SPDX-License-Identifier: MIT
// The card itself, command by command: what a host may rely on in the tests that use it.
#include "piv_applet.hpp"

#include <gtest/gtest.h>

#include "enrollment/x509/certificate.hpp"
#include "piv_attestation.hpp"
#include "piv_crypto.hpp"
#include "piv_pin_only.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::cards {
namespace {

class Applet : public testing::Test {
 protected:
  Status status_of(const Bytes& answer) {
    return static_cast<Status>(answer[answer.size() - 2] << 8U | answer.back());
  }
  Bytes send(std::uint8_t instruction, std::uint8_t p1, std::uint8_t p2, ByteView data = {},
             std::uint8_t cla = 0) {
    Bytes command{cla, instruction, p1, p2};
    if (!data.empty()) {
      command.push_back(static_cast<std::uint8_t>(data.size()));
      append(command, data);
    }
    Bytes answer = applet.answer(command);
    status = status_of(answer);
    answer.resize(answer.size() - 2);
    return answer;
  }
  void select() {
    send(0xA4, 4, 0, Bytes{0xA0, 0, 0, 3, 8});
    ASSERT_EQ(status, ok);
  }
  Status verify(const std::string& pin, std::uint8_t reference = 0x80) {
    Bytes padded(pin.begin(), pin.end());
    padded.resize(8, 0xFF);
    send(0x20, 0, reference, padded);
    return status;
  }
  /// Signs a digest with the P-256 key of this slot.
  Status sign_with(std::uint8_t slot) {
    Bytes fields{0x82, 0};
    append(fields, tlv(0x81, random_bytes(32)));
    send(0x87, 0x11, slot, tlv(0x7C, fields));
    return status;
  }
  Bytes pins(const std::string& first, const std::string& second) {
    Bytes both(first.begin(), first.end());
    both.resize(8, 0xFF);
    both.insert(both.end(), second.begin(), second.end());
    both.resize(16, 0xFF);
    return both;
  }
  /// Mutual authentication with this key.
  Status authenticate(Algorithm algorithm, const Bytes& key) {
    const auto p1 = static_cast<std::uint8_t>(algorithm);
    const Bytes sealed = send(0x87, p1, 0x9B, tlv(0x7C, tlv(0x80, {})));
    const auto fields = find_tlv(sealed, 0x7C);
    if (!fields) return status;
    const Bytes witness = decrypt_block(algorithm, key, *find_tlv(*fields, 0x80));
    const Bytes challenge = random_bytes(block_size(algorithm));
    Bytes both = tlv(0x80, witness);
    append(both, tlv(0x81, challenge));
    const Bytes answer = send(0x87, p1, 0x9B, tlv(0x7C, both));
    if (status != ok) return status;
    const Bytes response = encrypt_block(algorithm, key, challenge);
    EXPECT_EQ(answer, tlv(0x7C, tlv(0x82, response)));
    return status;
  }
  Bytes generate(std::uint8_t slot, Algorithm algorithm) {
    return send(0x47, 0, slot, tlv(0xAC, tlv(0x80, Bytes{static_cast<std::uint8_t>(algorithm)})));
  }
  Bytes get(const Bytes& tag) { return send(0xCB, 0x3F, 0xFF, tlv(0x5C, tag)); }

  CardState state = fresh_card(7);
  unsigned changes = 0;
  PivApplet applet{state, [this] { ++changes; }};
  Status status = 0;
};

TEST_F(Applet, answers_nothing_before_it_is_selected) {
  EXPECT_EQ(verify("123456"), 0x6D00);
  select();
  EXPECT_EQ(verify("123456"), ok);
}

TEST_F(Applet, counts_wrong_pins_and_locks) {
  select();
  EXPECT_EQ(verify("000000"), 0x63C2);
  EXPECT_EQ(verify("123456"), ok);
  EXPECT_EQ(state.pin.tries_left, 3U);
  for (const int expected : {0x63C2, 0x63C1, 0x6983, 0x6983}) EXPECT_EQ(verify("000000"), expected);
  EXPECT_EQ(verify("123456"), 0x6983) << "the right one comes too late";
  send(0x2C, 0, 0x80, pins("12345678", "654321"));
  EXPECT_EQ(status, ok);
  EXPECT_EQ(verify("654321"), ok);
  send(0x24, 0, 0x80, pins("654321", "111111"));
  EXPECT_EQ(status, ok);
  EXPECT_EQ(state.pin.value, "111111");
}

TEST_F(Applet, takes_its_management_key_and_no_other) {
  select();
  EXPECT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  select();
  Bytes other = default_management_key();
  other[0] ^= 2;  // not the parity bit
  EXPECT_EQ(authenticate(Algorithm::triple_des, other), 0x6982);
  EXPECT_EQ(authenticate(Algorithm::aes_192, default_management_key()), 0x6A86);
}

TEST_F(Applet, has_management_keys_of_aes_too) {
  for (const auto& [algorithm, size] :
       {std::pair{Algorithm::aes_128, std::size_t{16}}, {Algorithm::aes_192, 24}, {Algorithm::aes_256, 32}}) {
    state.management_algorithm = algorithm;
    state.management_key = random_bytes(size);
    select();
    EXPECT_EQ(authenticate(algorithm, state.management_key), ok);
  }
}

TEST_F(Applet, gives_out_a_management_key_behind_the_pin_after_the_pin_alone) {
  protect_management_key(state, Algorithm::aes_192);
  select();
  EXPECT_EQ(get({0x5F, 0xFF, 0x00}), (Bytes{0x53, 5, 0x80, 3, 0x81, 1, 0x03})) << "anybody may read this one";
  get({0x5F, 0xC1, 0x09});
  EXPECT_EQ(status, 0x6982);
  EXPECT_EQ(verify("000000"), 0x63C2);
  get({0x5F, 0xC1, 0x09});
  EXPECT_EQ(status, 0x6982);
  ASSERT_EQ(verify("123456"), ok);
  const Bytes printed = get({0x5F, 0xC1, 0x09});
  EXPECT_EQ(printed, tlv(0x53, tlv(0x88, tlv(0x89, state.management_key))));
  EXPECT_EQ(authenticate(Algorithm::aes_192, state.management_key), ok);
  const Bytes metadata = send(0xF7, 0, 0x9B);
  EXPECT_EQ(*find_tlv(metadata, 0x01)->begin(), 0x0A);
}

TEST_F(Applet, says_to_anybody_with_which_salt_its_management_key_is_derived) {
  derive_management_key(state, "123456");
  select();
  const Bytes object = get({0x5F, 0xFF, 0x00});
  const auto fields = find_tlv(*find_tlv(object, 0x53), 0x80);
  ASSERT_TRUE(fields);
  EXPECT_EQ(find_tlv(*fields, 0x82)->size(), 16U);
  get({0x5F, 0xC1, 0x09});
  EXPECT_EQ(status, 0x6982);
  EXPECT_EQ(authenticate(Algorithm::triple_des, state.management_key), ok);
}

TEST_F(Applet, makes_keys_and_keeps_objects_for_its_manager_only) {
  select();
  generate(0x82, Algorithm::ec_p256);
  EXPECT_EQ(status, 0x6982);
  send(0xDB, 0x3F, 0xFF, Bytes{0x5C, 3, 0x5F, 0xC1, 0x0D, 0x53, 1, 7});
  EXPECT_EQ(status, 0x6982);
  EXPECT_EQ(changes, 0U);
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  const Bytes made = generate(0x82, Algorithm::ec_p256);
  ASSERT_EQ(status, ok);
  EXPECT_EQ(made, tlv(0x7F49, public_key_fields(state.keys.at(0x82).private_key)));
  send(0xDB, 0x3F, 0xFF, Bytes{0x5C, 3, 0x5F, 0xC1, 0x0D, 0x53, 1, 7});
  EXPECT_EQ(status, ok);
  EXPECT_EQ(get({0x5F, 0xC1, 0x0D}), (Bytes{0x53, 1, 7}));
  send(0xDB, 0x3F, 0xFF, Bytes{0x5C, 3, 0x5F, 0xC1, 0x0D, 0x53, 0});
  get({0x5F, 0xC1, 0x0D});
  EXPECT_EQ(status, 0x6A82);
}

TEST_F(Applet, moves_and_deletes_keys_for_its_manager_from_firmware_5_7_on) {
  constexpr std::uint8_t nowhere = 0xFF;
  select();
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  generate(0x82, Algorithm::ec_p256);
  send(0xF6, nowhere, 0x82);
  EXPECT_EQ(status, 0x6D00) << "an older one";
  state.moves_keys = true;
  select();
  send(0xF6, nowhere, 0x82);
  EXPECT_EQ(status, 0x6982);
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  send(0xF6, 0x83, 0x82);
  EXPECT_EQ(status, ok);
  EXPECT_TRUE(state.keys.contains(0x83) && !state.keys.contains(0x82));
  send(0xF6, nowhere, 0x83);
  EXPECT_EQ(status, ok);
  EXPECT_TRUE(state.keys.empty());
  send(0xF6, nowhere, 0x83);
  EXPECT_EQ(status, 0x6A88);
}

TEST_F(Applet, long_data_comes_in_a_chain_and_leaves_in_parts) {
  select();
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  Bytes put{0x5C, 3, 0x5F, 0xC1, 0x0D};
  const Bytes value = random_bytes(600);
  append(put, tlv(0x53, value));
  const ByteView all(put);
  send(0xDB, 0x3F, 0xFF, all.first(255), 0x10);
  send(0xDB, 0x3F, 0xFF, all.subspan(255, 255), 0x10);
  send(0xDB, 0x3F, 0xFF, all.subspan(510));
  EXPECT_EQ(status, ok);
  Bytes got = get({0x5F, 0xC1, 0x0D});
  EXPECT_EQ(status, 0x61FF);
  while (status >> 8U == 0x61) append(got, send(0xC0, 0, 0));
  EXPECT_EQ(status, ok);
  EXPECT_EQ(got, tlv(0x53, value));
}

TEST_F(Applet, a_key_signs_once_for_each_pin_where_its_policy_says_so) {
  select();
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  generate(0x9A, Algorithm::ec_p256);
  generate(0x9C, Algorithm::ec_p256);
  EXPECT_EQ(sign_with(0x9A), 0x6982);
  ASSERT_EQ(verify("123456"), ok);
  EXPECT_EQ(sign_with(0x9A), ok);
  EXPECT_EQ(sign_with(0x9A), ok);
  EXPECT_EQ(sign_with(0x9C), 0x6982) << "the PIN was not the last command before it";
  ASSERT_EQ(verify("123456"), ok);
  EXPECT_EQ(sign_with(0x9C), ok);
  EXPECT_EQ(sign_with(0x9C), 0x6982);
  applet.reset();
  select();
  EXPECT_EQ(sign_with(0x9A), 0x6982);
}

TEST_F(Applet, a_key_waits_for_a_touch_where_its_policy_says_so) {
  select();
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  const auto make = [&](std::uint8_t slot, TouchPolicy touch) {
    Bytes fields = tlv(0x80, Bytes{static_cast<std::uint8_t>(Algorithm::ec_p256)});
    append(fields, tlv(0xAB, Bytes{static_cast<std::uint8_t>(touch)}));
    send(0x47, 0, slot, tlv(0xAC, fields));
    ASSERT_EQ(status, ok);
  };
  make(0x9A, TouchPolicy::always);
  make(0x82, TouchPolicy::cached);
  make(0x83, TouchPolicy::standard);
  ASSERT_EQ(verify("123456"), ok);
  unsigned asked = 0;
  bool touches = false;
  applet.set_finger([&] {
    ++asked;
    return touches;
  });
  EXPECT_EQ(sign_with(0x83), ok);
  EXPECT_EQ(asked, 0U);
  EXPECT_EQ(sign_with(0x9A), 0x6982);
  EXPECT_EQ(sign_with(0x82), 0x6982);
  EXPECT_EQ(asked, 2U);
  EXPECT_EQ(state.pin.tries_left, 3U);
  touches = true;
  EXPECT_EQ(sign_with(0x9A), ok);
  EXPECT_EQ(sign_with(0x9A), ok);
  EXPECT_EQ(asked, 4U) << "for each signature";
  EXPECT_EQ(sign_with(0x82), ok);
  EXPECT_EQ(sign_with(0x82), ok);
  EXPECT_EQ(asked, 5U) << "one touch is good for both";
}

TEST_F(Applet, attests_the_keys_that_it_has_made) {
  select();
  send(0xF9, 0x9A, 0);
  EXPECT_EQ(status, 0x6D00) << "a card without a key in F9";
  make_attesting(state);
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  send(0xF9, 0x9A, 0);
  EXPECT_EQ(status, 0x6A88);
  generate(0x9A, Algorithm::ec_p256);
  Bytes attestation = send(0xF9, 0x9A, 0);
  while (status >> 8U == 0x61) append(attestation, send(0xC0, 0, 0));
  ASSERT_EQ(status, ok);
  const auto certificate = enrollment::Certificate::from_der(attestation);
  EXPECT_EQ(certificate.subject(), "CN=YubiKey PIV Attestation 9a");
  EXPECT_EQ(certificate.public_key_der(), public_key_info(state.keys.at(0x9A).private_key));
  const auto object = state.objects.at(attestation_object);
  const auto maker = enrollment::Certificate::from_der(*find_tlv(object, 0x70));
  EXPECT_TRUE(maker.has_issued(certificate));
  state.keys.at(0x9A).imported = true;
  send(0xF9, 0x9A, 0);
  EXPECT_EQ(status, 0x6A80);
}

TEST_F(Applet, its_state_is_read_as_it_was_written) {
  const test::TemporaryDirectory directory;
  select();
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  generate(0x82, Algorithm::rsa_1024);
  state.keys.at(0x82).touch_policy = TouchPolicy::cached;
  state.keys.at(0x82).imported = true;
  make_attesting(state);
  verify("000000");
  const auto file = directory.path() / "card";
  save(state, file);
  EXPECT_EQ(load(file), state);
  EXPECT_THROW(load(directory.path() / "another"), std::runtime_error);
}

/// A host that gives up a chain, as after an error, and goes on with another command: nobody's PIN is blamed
/// for the data that came before.
TEST_F(Applet, ends_a_chain_at_another_command) {
  select();
  send(0xDB, 0x3F, 0xFF, random_bytes(200), 0x10);
  EXPECT_EQ(status, ok);
  EXPECT_EQ(verify("123456"), ok);
  EXPECT_EQ(state.pin.tries_left, 3U);
  ASSERT_EQ(authenticate(Algorithm::triple_des, default_management_key()), ok);
  Bytes fields = tlv(0x5C, Bytes{0x5F, 0xC1, 0x05});
  append(fields, tlv(0x53, random_bytes(50)));
  send(0xDB, 0x3F, 0xFF, ByteView(fields).first(30), 0x10);
  send(0xCB, 0x3F, 0xFE, tlv(0x5C, Bytes{0x5F, 0xC1, 0x05}));
  EXPECT_EQ(status, 0x6A82) << "another INS: what it asks for is its own";
  send(0xDB, 0x3F, 0xFF, ByteView(fields).subspan(30));
  EXPECT_EQ(status, 0x6A80) << "and the chain is not gone on with";
  send(0xDB, 0x3F, 0xFF, ByteView(fields).first(30), 0x10);
  send(0xDB, 0x3F, 0xFF, ByteView(fields).subspan(30));
  EXPECT_EQ(status, ok);
}

}  // namespace
}  // namespace koshin::cards
