// SPDX-License-Identifier: MIT
// RFC 7512, with the examples of its section 3.
#include "pkcs11/uri.hpp"

#include "pkcs11/uri_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::pkcs11 {
namespace {

using testing::HasSubstr;

TokenInfo token_called(const std::string& label) {
  TokenInfo token;
  token.label = label;
  token.identity = {.manufacturer = "Snake Oil, Inc.", .model = "1.0", .serial = "DECC0401648"};
  return token;
}

TokenObject certificate_called(const std::string& label) {
  TokenObject object;
  object.object_class = ObjectClass::certificate;
  object.label = label;
  object.id = {0x69, 0x95, 0x3E, 0x5C, 0xF4, 0xBD, 0xEC, 0x91};
  return object;
}

std::string refusal(std::string_view text) {
  try {
    Uri::parse(text);
  } catch (const UriError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Rfc7512, an_empty_uri_matches_everything) {
  const Uri uri = Uri::parse("pkcs11:");
  EXPECT_TRUE(uri.matches(token_called("any")));
  EXPECT_TRUE(uri.matches(certificate_called("any")));
  EXPECT_EQ(uri.to_string(), "pkcs11:");
}

TEST(Rfc7512, example_with_an_object_and_its_type) {
  const Uri uri = Uri::parse("pkcs11:object=my-pubkey;type=public");
  EXPECT_EQ(uri.object, "my-pubkey");
  EXPECT_EQ(uri.type, "public");
}

TEST(Rfc7512, example_with_a_pin_source) {
  const Uri uri = Uri::parse("pkcs11:object=my-key;type=private?pin-source=file:/etc/token");
  EXPECT_EQ(uri.object, "my-key");
  EXPECT_EQ(uri.pin_source, "file:/etc/token");
}

TEST(Rfc7512, example_of_a_certificate_on_one_token) {
  const Uri uri = Uri::parse(
      "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;"
      "manufacturer=Snake%20Oil,%20Inc.;"
      "model=1.0;"
      "object=my-certificate;"
      "type=cert;"
      "id=%69%95%3E%5C%F4%BD%EC%91;"
      "serial="
      "?pin-source=file:/etc/token_pin");
  EXPECT_EQ(uri.token, "The Software PKCS#11 Softtoken");
  EXPECT_EQ(uri.manufacturer, "Snake Oil, Inc.");
  EXPECT_EQ(uri.model, "1.0");
  EXPECT_EQ(uri.serial, "");
  EXPECT_EQ(uri.id, (Bytes{0x69, 0x95, 0x3E, 0x5C, 0xF4, 0xBD, 0xEC, 0x91}));
  EXPECT_EQ(uri.pin_source, "file:/etc/token_pin");
  EXPECT_TRUE(uri.matches(certificate_called("my-certificate")));
  EXPECT_FALSE(uri.matches(certificate_called("another")));
}

TEST(Rfc7512, example_with_a_module_by_name) {
  const Uri uri = Uri::parse("pkcs11:object=my-sign-key;type=private?module-name=mypkcs11");
  EXPECT_EQ(uri.module_name, "mypkcs11");
}

TEST(Rfc7512, example_with_a_module_by_path) {
  const Uri uri = Uri::parse("pkcs11:object=my-sign-key;type=private?module-path=/mnt/libmypkcs11.so.1");
  EXPECT_EQ(uri.module_path, "/mnt/libmypkcs11.so.1");
}

TEST(Rfc7512, example_with_a_library) {
  const Uri uri = Uri::parse(
      "pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;"
      "library-description=Soft%20Token%20Library;"
      "library-version=1.23");
  EXPECT_EQ(uri.library_manufacturer, "Snake Oil, Inc.");
  EXPECT_EQ(uri.library_description, "Soft Token Library");
  EXPECT_EQ(uri.library_version, "1.23");
  EXPECT_TRUE(uri.matches(LibraryInfo{"Snake Oil, Inc.", "Soft Token Library", 1, 23}));
  EXPECT_FALSE(uri.matches(LibraryInfo{"Snake Oil, Inc.", "Soft Token Library", 1, 22}));
  EXPECT_FALSE(uri.matches(LibraryInfo{"Snake Oil, Inc.", "Hard Token Library", 1, 23}));
  EXPECT_FALSE(uri.matches(LibraryInfo{"Honest Oil", "Soft Token Library", 1, 23}));
}

TEST(Rfc7512, example_with_a_slot) {
  const Uri uri = Uri::parse("pkcs11:slot-description=Sun%20Metaslot");
  EXPECT_EQ(uri.slot_description, "Sun Metaslot");
  EXPECT_TRUE(uri.matches(SlotInfo{"Sun Metaslot", "Sun"}));
  EXPECT_FALSE(uri.matches(SlotInfo{"Moon Metaslot", "Sun"}));
  EXPECT_FALSE(Uri::parse("pkcs11:slot-manufacturer=Moon").matches(SlotInfo{"Sun Metaslot", "Sun"}));
}

TEST(Rfc7512, a_version_is_two_numbers) {
  const auto fits = [](const std::string& text, unsigned major, unsigned minor) {
    return Uri::parse("pkcs11:library-version=" + text).matches(LibraryInfo{"", "", major, minor});
  };
  EXPECT_TRUE(fits("2.6", 2, 6));
  EXPECT_TRUE(fits("2.06", 2, 6));
  EXPECT_TRUE(fits("3", 3, 0));
  EXPECT_FALSE(fits("2.6", 2, 60));
  EXPECT_FALSE(fits("3", 3, 1));
}

TEST(Rfc7512, a_module_is_meant_by_its_name_or_its_path) {
  EXPECT_TRUE(is_module_name("softhsm2", "/usr/lib/softhsm/libsofthsm2.so"));
  EXPECT_TRUE(is_module_name("libp11", "/usr/lib/libp11.so.3"));
  EXPECT_TRUE(is_module_name("vendor-2.7", "/opt/vendor/libvendor-2.7.so"));
  EXPECT_TRUE(is_module_name("vendor", "C:/Windows/System32/vendor.dll"));
  EXPECT_FALSE(is_module_name("softhsm", "/usr/lib/softhsm/libsofthsm2.so"));
  EXPECT_TRUE(is_module_path("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/softhsm/libsofthsm2.so"));
  EXPECT_TRUE(is_module_path("/usr/lib/softhsm/", "/usr/lib/softhsm/libsofthsm2.so"));
  EXPECT_TRUE(is_module_path("/usr/lib/softhsm", "/usr/lib/softhsm/libsofthsm2.so"));
  EXPECT_FALSE(is_module_path("/usr/lib", "/usr/lib/softhsm/libsofthsm2.so"));
}

TEST(Rfc7512, example_with_vendor_attributes_in_the_query) {
  const Uri uri = Uri::parse(
      "pkcs11:token=my-token;object=my-certificate;type=cert;vendor-aaa=value-a"
      "?pin-source=file:/etc/token_pin&vendor-bbb=value-b");
  EXPECT_TRUE(uri.unknown_path_attribute);
  EXPECT_EQ(uri.pin_source, "file:/etc/token_pin");
}

TEST(Rfc7512, example_with_a_pin_value) {
  const Uri uri = Uri::parse(
      "pkcs11:token=Software%20PKCS%2311%20softtoken;manufacturer=Snake%20Oil,%20Inc.?pin-value=the-pin");
  EXPECT_EQ(uri.pin_value, "the-pin");
}

TEST(Rfc7512, what_is_written_is_read_as_the_same_whatever_a_value_ends_in) {
  for (const std::string end : {":", "?", ";", "&", "=", "a:", "a?b", "pkcs11:", "%", "\x1b\n", ""}) {
    Uri uri;
    uri.token = uri.manufacturer = uri.serial = uri.model = uri.object = end;
    uri.id = Bytes{0x3A, 0x3F};
    uri.slot_id = 7;
    uri.module_name = end == "?" ? "m" + end : std::string("m");
    uri.pin_source = "file:/a" + end;
    const Uri read = Uri::parse(uri.to_string());
    EXPECT_EQ(read.token, uri.token) << uri.to_string();
    EXPECT_EQ(read.manufacturer, uri.manufacturer) << uri.to_string();
    EXPECT_EQ(read.serial, uri.serial) << uri.to_string();
    EXPECT_EQ(read.model, uri.model) << uri.to_string();
    EXPECT_EQ(read.object, uri.object) << uri.to_string();
    EXPECT_EQ(read.id, uri.id) << uri.to_string();
    EXPECT_EQ(read.slot_id, uri.slot_id) << uri.to_string();
    EXPECT_EQ(read.module_name, uri.module_name) << uri.to_string();
    EXPECT_EQ(read.pin_source, uri.pin_source) << uri.to_string();
  }
  Uri query_alone;
  query_alone.module_name = "m";
  EXPECT_EQ(query_alone.to_string(), "pkcs11:?module-name=m");
}

TEST(Rfc7512, example_with_a_percent_encoded_name) {
  EXPECT_EQ(Uri::parse("pkcs11:token=%E3%83%88%E3%83%BC%E3%82%AF%E3%83%B3").token, "トークン");
}

TEST(Rfc7512, P1_a_duplicate_path_attribute_is_invalid) {
  EXPECT_THAT(refusal("pkcs11:token=a;token=a"), HasSubstr("\"token\" at offset 15: it is there twice"));
  EXPECT_THAT(refusal("pkcs11:id=%01;id=%02"), HasSubstr("\"id\""));
  EXPECT_THAT(refusal("pkcs11:vendor=1;vendor=2"), HasSubstr("\"vendor\""));
}

TEST(Rfc7512, P1_an_unknown_path_attribute_matches_nothing) {
  const Uri uri = Uri::parse("pkcs11:token=desk;colour=red");
  EXPECT_FALSE(uri.matches(token_called("desk")));
  EXPECT_FALSE(uri.matches(certificate_called("desk")));
}

TEST(Rfc7512, P1_a_pin_in_another_spelling_or_place_is_refused_and_not_repeated) {
  for (const char* const uri :
       {"pkcs11:token=a;pin-value=4829157", "pkcs11:pin-value=4829157", "pkcs11:token=a?PIN-VALUE=4829157",
        "pkcs11:token=a;Pin-Value=4829157", "pkcs11:token=a?x-pin-value=4829157",
        "pkcs11:token=a?pin=4829157", "pkcs11:token=a;PIN=4829157", "pkcs11:token=a?pin_value=4829157"}) {
    EXPECT_THAT(refusal(uri), HasSubstr("pin-source or a prompt")) << uri;
    EXPECT_THAT(refusal(uri), testing::Not(HasSubstr("4829157"))) << uri;
  }
}

TEST(Rfc7512, P1_an_unknown_query_attribute_is_ignored) {
  const Uri uri = Uri::parse("pkcs11:token=desk?colour=red&colour=blue");
  EXPECT_TRUE(uri.matches(token_called("desk")));
}

TEST(Rfc7512, P1_pin_source_and_pin_value_together_are_refused) {
  EXPECT_THAT(refusal("pkcs11:?pin-source=/a&pin-value=1234"), HasSubstr("exclude each other"));
}

TEST(Rfc7512, P1_a_relative_module_path_is_refused) {
  EXPECT_THAT(refusal("pkcs11:?module-path=libmodule.so"), HasSubstr("must be absolute"));
  EXPECT_THAT(refusal("pkcs11:?module-path=../libmodule.so"), HasSubstr("must be absolute"));
  EXPECT_THAT(refusal("pkcs11:?module-name=a/b"), HasSubstr("use module-path"));
}

TEST(Rfc7512, what_the_grammar_does_not_have_is_refused) {
  EXPECT_THAT(refusal("token=desk"), HasSubstr("begins with"));
  EXPECT_THAT(refusal("pkcs11"), HasSubstr("begins with"));
  EXPECT_THAT(refusal("pkcs11:token"), HasSubstr("name=value"));
  EXPECT_THAT(refusal("pkcs11:=x"), HasSubstr("name=value"));
  EXPECT_THAT(refusal("pkcs11:token=a;"), HasSubstr("nothing follows"));
  EXPECT_THAT(refusal("pkcs11:;token=a"), HasSubstr("name=value"));
  EXPECT_THAT(refusal("pkcs11:token=%4"), HasSubstr("bad percent escape"));
  EXPECT_THAT(refusal("pkcs11:token=%zz"), HasSubstr("bad percent escape"));
  EXPECT_THAT(refusal("pkcs11:token=a b"), HasSubstr("percent-encoded"));
  EXPECT_THAT(refusal("pkcs11:token=a/b"), HasSubstr("percent-encoded"));
  EXPECT_THAT(refusal("pkcs11:type=certificate"), HasSubstr("public, private, cert"));
  EXPECT_THAT(refusal("pkcs11:library-version=1.2.3"), HasSubstr("major.minor"));
  EXPECT_THAT(refusal("pkcs11:library-version=256"), HasSubstr("major.minor"));
  EXPECT_THAT(refusal("pkcs11:slot-id=x"), HasSubstr("a number"));
  EXPECT_THAT(refusal("pkcs11:?pin-source=a&pin-source=b"), HasSubstr("twice"));
}

TEST(Rfc7512, no_refusal_repeats_a_pin) {
  EXPECT_THAT(refusal("pkcs11:?pin-value=12 34"), testing::Not(HasSubstr("12")));
  EXPECT_THAT(refusal("pkcs11:?pin-value=1234&pin-value=1234"), testing::Not(HasSubstr("1234")));
  EXPECT_THAT(refusal("pkcs11:?pin-value=12&34"), testing::Not(HasSubstr("34")));
}

TEST(Rfc7512, the_scheme_is_compared_without_regard_to_case) {
  EXPECT_EQ(Uri::parse("PKCS11:token=a").token, "a");
}

TEST(Rfc7512, what_is_written_reads_back_the_same) {
  Uri uri;
  uri.token = "a;b?c&d%e/f #日本";
  uri.id = Bytes{0x00, 0xFF, 'a'};
  uri.slot_id = 7;
  uri.pin_source = "file:/etc/pin&x";
  uri.module_name = "softhsm2";
  const std::string text = uri.to_string();
  const Uri again = Uri::parse(text);
  EXPECT_EQ(again.token, uri.token);
  EXPECT_EQ(again.id, uri.id);
  EXPECT_EQ(again.slot_id, uri.slot_id);
  EXPECT_EQ(again.pin_source, uri.pin_source);
  EXPECT_EQ(again.module_name, uri.module_name);
  EXPECT_EQ(again.to_string(), text);
}

TEST(Rfc7512, a_query_alone_is_written_with_its_question_mark) {
  Uri uri;
  uri.module_name = "a";
  uri.pin_source = "/b";
  EXPECT_EQ(uri.to_string(), "pkcs11:?pin-source=/b&module-name=a");
}

TEST(Rfc7512, the_uri_of_a_token_matches_that_token_only) {
  const TokenInfo token = token_called("desk");
  const Uri uri = Uri::parse(uri_of(token).to_string());
  EXPECT_TRUE(uri.matches(token));
  TokenInfo other = token;
  other.identity.serial = "2";
  EXPECT_FALSE(uri.matches(other));
}

}  // namespace
}  // namespace koshin::pkcs11
