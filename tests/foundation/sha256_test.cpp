// SPDX-License-Identifier: MIT
// FIPS 180-4 by its published examples, and at the lengths around a block's end.
#include "foundation/base/sha256.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace koshin {
namespace {

std::string of(const std::string& text) {
  return sha256_hex(std::vector<std::uint8_t>(text.begin(), text.end()));
}

TEST(Sha256, IsThatOfThePublishedExamples) {
  EXPECT_EQ(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/// By Python's hashlib: the length fits into the last block up to 55 bytes.
TEST(Sha256, IsRightAroundTheEndOfABlock) {
  const auto of_length = [](std::size_t length) { return of(std::string(length, 'x')); };
  EXPECT_EQ(of_length(55), "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
  EXPECT_EQ(of_length(56), "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
  EXPECT_EQ(of_length(63), "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2");
  EXPECT_EQ(of_length(64), "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
  EXPECT_EQ(of_length(65), "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9");
  EXPECT_EQ(of_length(120), "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98");
}

}  // namespace
}  // namespace koshin
