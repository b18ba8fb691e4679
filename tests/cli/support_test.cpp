// SPDX-License-Identifier: MIT
// What a support bundle leaves out, and its archive byte by byte.
#include <gmock/gmock.h>

#include "cli/support_redaction.hpp"
#include "cli/tar_gz.hpp"

namespace koshin::cli {
namespace {

using testing::HasSubstr;

TEST(SupportRedaction, takes_user_and_password_out_of_addresses) {
  EXPECT_EQ(without_secrets("via http://koshin:s3cret@proxy.example:3128/x now"),
            "via http://***@proxy.example:3128/x now");
  EXPECT_EQ(without_secrets(R"("https://a@b:c@host.example")"), R"("https://***@host.example")");
  EXPECT_EQ(without_secrets("https://est.example:8443/a@b/c"), "https://est.example:8443/***@b/c");
  EXPECT_EQ(without_secrets("smtp://mail.example:587 and ldap://x"), "smtp://mail.example:587 and ldap://x");
}

TEST(SupportRedaction, takes_the_values_of_named_secrets_out) {
  EXPECT_EQ(without_secrets("pkcs11:token=T?pin-value=123456&x=1"), "pkcs11:token=T?pin-value=***&x=1");
  EXPECT_EQ(without_secrets(R"({"password":"hunter2","n":1})"), R"({"password":"***","n":1})");
  EXPECT_EQ(without_secrets("Passphrase: open\nPIN=9876;"), "Passphrase: ***\nPIN=***;");
}

TEST(SupportRedaction, leaves_a_document_that_can_be_read) {
  EXPECT_EQ(without_secrets(R"({"pin":{"final_try":false,"pin":"123456"}})"),
            R"({"pin":{"final_try":false,"pin":"***"}})");
  EXPECT_EQ(without_secrets(R"({"pin":123456,"n":1})"), R"({"pin":"***","n":1})");
  EXPECT_EQ(without_secrets("pin={1234 password: [open"), "pin=*** password: ***") << "no document";
}

TEST(SupportRedaction, leaves_names_of_settings_and_findings) {
  for (const char* text : {R"("mail.password_file","value":"\"/etc/koshin/p\"")", R"("pin_accepted")",
                           "pin-source=file:/etc/koshin/pin", "the PIN was accepted", "spinning: 3"})
    EXPECT_EQ(without_secrets(text), text);
}

TEST(SupportRedaction, takes_the_persons_part_out_of_mail_addresses) {
  EXPECT_EQ(without_secrets(R"("tanaka.taro@corp.example")"), R"("***@corp.example")");
  EXPECT_EQ(without_secrets("a@b.example,c+d@e.example"), "***@b.example,***@e.example");
  EXPECT_EQ(without_secrets("to=田中.taro@corp.example: user@銀行.example"),
            "to=***@corp.example: ***@銀行.example");
  EXPECT_EQ(without_secrets("systemd-coredump@1.service"), "***@1.service");
  EXPECT_EQ(without_secrets("@ alone and user@"), "@ alone and user@");
}

TEST(Archive, has_gzips_frame_and_ustars_blocks) {
  const std::string archive = tar_gz("folder", {{"a.txt", "hello"}, {"empty", ""}}, TimePoint{});
  EXPECT_TRUE(archive.starts_with("\x1f\x8b\x08"));
  EXPECT_THAT(archive, HasSubstr("folder/a.txt"));
  EXPECT_THAT(archive, HasSubstr("hello"));
  constexpr std::size_t blocks = 512 * (2 + 1 + 2), frame = 10 + 5 + 8;
  EXPECT_EQ(archive.size(), blocks + frame);
}

TEST(Archive, refuses_names_that_ustar_would_cut_off) {
  EXPECT_THROW(tar_gz("folder", {{std::string(100, 'x'), ""}}, TimePoint{}), std::length_error);
}

}  // namespace
}  // namespace koshin::cli
