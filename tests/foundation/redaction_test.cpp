// SPDX-License-Identifier: MIT
#include "foundation/secrets/redaction.hpp"

#include <gtest/gtest.h>

#include <string>

namespace koshin {
namespace {

bool holds(std::string_view line, std::string_view secret) {
  return holds_secret(line, {secret.data(), secret.size()});
}

TEST(HoldsSecret, InEveryFormThatADumpHas) {
  using namespace std::string_literals;
  for (const std::string& line :
       {"pin=8642a"s, "x 38 36 34 32 61 y"s, "3836343261"s, "38:36:34:32:61"s, "38-36-34-32-61"s,
        "{0x38, 0x36, 0x34, 0x32, 0x61}"s, "{0x38,0x36,0x34,0x32,0x61}"s, "\\x38\\x36\\x34\\x32\\x61"s,
        "38 36 34 32  61"s, "8\0006\0004\0002\000a"s, "00000000  38 36 34 32 61   8642a"s})
    EXPECT_TRUE(holds(line, "8642a")) << line;
  EXPECT_TRUE(holds("4F 6A", "Oj")) << "upper case";
  EXPECT_TRUE(holds("e38182", "あ"));
}

TEST(HoldsSecret, NotInWhatOnlyLooksAlike) {
  for (const std::string_view line : {"", "864", "38 36 34", "8 6 4 2", "pin=****", "1234"})
    EXPECT_FALSE(holds(line, "8642")) << line;
  EXPECT_FALSE(holds("anything", "")) << "an empty secret stands in every text";
}

TEST(HoldsSecret, InThePiecesThatADumpBreaksItInto) {
  const std::string secret = "abcdefghijklmnopQRSTuv";
  EXPECT_TRUE(holds("00000000  61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop", secret));
  EXPECT_TRUE(holds("00000010  51 52 53 54 75 76                                QRSTuv", secret));
  EXPECT_TRUE(holds("ijklmnop", secret)) << "eight bytes a line";
}

TEST(LineRedaction, LeavesOutALineWithASecretAndTheNext) {
  const std::string pin = "8642", code = "K7-XX";
  const std::vector<std::span<const char>> secrets{{pin.data(), pin.size()}, {code.data(), code.size()}};
  LineRedaction redaction(secrets);
  EXPECT_TRUE(redaction.may_show("C_Login", "pin 8642"));
  EXPECT_FALSE(redaction.may_show("pin 8642", "where a dump goes on"));
  EXPECT_FALSE(redaction.may_show("where a dump goes on", "Returned: 0 CKR_OK"));
  EXPECT_TRUE(redaction.may_show("Returned: 0 CKR_OK", "code K7-XX"));
  EXPECT_FALSE(redaction.may_show("code K7-XX", ""));
}

TEST(LineRedaction, LeavesOutTwoRowsThatHoldASecretTogether) {
  const std::string pin = "12345678";
  const std::vector<std::span<const char>> secrets{{pin.data(), pin.size()}};
  for (std::size_t split = 1; split < pin.size(); ++split) {
    const auto row = [](std::string_view bytes) {
      std::string text = "0020:";
      for (const char byte : bytes) text += " 3" + std::string(1, byte);
      return text + "  " + std::string(bytes);
    };
    const std::string first = row(pin.substr(0, split)), second = row(pin.substr(split));
    LineRedaction redaction(secrets);
    EXPECT_TRUE(redaction.may_show("0010: 00 20 00 81 08", first));
    EXPECT_FALSE(redaction.may_show(first, second)) << split;
    EXPECT_FALSE(redaction.may_show(second, "Returned")) << split;
    EXPECT_TRUE(redaction.may_show("Returned", "")) << split;
  }
}

}  // namespace
}  // namespace koshin
