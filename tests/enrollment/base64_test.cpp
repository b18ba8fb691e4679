// SPDX-License-Identifier: MIT
// base64 as bodies of EST carry it.
#include "enrollment/http/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace koshin::enrollment {
namespace {

using pkcs11::Bytes;

Bytes counting_bytes(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  return bytes;
}

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64({}), "");
  EXPECT_EQ(to_base64(bytes_of("f")), "Zg==");
  EXPECT_EQ(to_base64(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(to_base64(bytes_of("foobar")), "Zm9vYmFy");
}

TEST(Base64, WrapsAt64ColumnsWithALineFeedAtTheEndOfEach) {
  const std::string text = to_wrapped_base64(counting_bytes(100));
  EXPECT_EQ(text.find('\n'), 64U);
  EXPECT_EQ(text.find('\n', 65), 129U);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(text.size(), 136U + 3U);
}

TEST(Base64, ReadsBackWhatItWroteWrappedOrNot) {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 47U, 48U, 49U, 1000U}) {
    const Bytes bytes = counting_bytes(size);
    EXPECT_EQ(from_base64(to_wrapped_base64(bytes)), bytes) << size;
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << size;
  }
}

TEST(Base64, E1_ToleratesBlanksTabsCarriageReturnsAndLineFeedsAnywhere) {
  EXPECT_EQ(from_base64("  Zm9v\r\n\tYm \nFy\r\n"), bytes_of("foobar"));
  EXPECT_EQ(from_base64("Zg=\n="), bytes_of("f"));
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v!", "Zm=v", "<html>", "Zm9-", "Zm9_"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64(std::string("Zm9\0", 4)), std::nullopt);
}

}  // namespace
}  // namespace koshin::enrollment
