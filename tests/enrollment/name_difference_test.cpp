// SPDX-License-Identifier: MIT
// Two names that look the same: what differs is said.
#include "enrollment/x509/name_difference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/failures/failure.hpp"
#include "pki.hpp"

namespace koshin::enrollment {
namespace {

using test::make_name;
using test::NamePart;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Bytes text(std::string_view value) {
  return {value.begin(), value.end()};
}

Bytes name(int type, std::string_view cn = "user0001") {
  return make_name({{NID_countryName, V_ASN1_PRINTABLESTRING, text("JP")},
                    {NID_organizationName, type, text("Bank")},
                    {NID_commonName, type, text(cn)}});
}

TEST(SubjectDifference, NamesAttributeAndStringTypes) {
  EXPECT_THAT(
      subject_difference(name(V_ASN1_UTF8STRING), name(V_ASN1_PRINTABLESTRING)),
      AllOf(HasSubstr("organizationName is PrintableString \"Bank\", asked for was UTF8String \"Bank\""),
            HasSubstr("commonName is PrintableString \"user0001\""), Not(HasSubstr("countryName"))));
  EXPECT_THAT(subject_difference(name(V_ASN1_IA5STRING), name(V_ASN1_T61STRING)),
              AllOf(HasSubstr("TeletexString"), HasSubstr("IA5String")));
}

TEST(SubjectDifference, NamesTheValueThatDiffers) {
  EXPECT_EQ(subject_difference(name(V_ASN1_UTF8STRING), name(V_ASN1_UTF8STRING, "user0002")),
            "commonName is UTF8String \"user0002\", asked for was UTF8String \"user0001\"");
}

TEST(SubjectDifference, TellsOrderAndNumberOfAttributes) {
  const NamePart organization{NID_organizationName, V_ASN1_UTF8STRING, text("Bank")};
  const NamePart user{NID_commonName, V_ASN1_UTF8STRING, text("u")};
  EXPECT_THAT(
      subject_difference(make_name({organization, user}), make_name({user, organization})),
      HasSubstr("it has commonName, organizationName; asked for were, in this order, organizationName, "
                "commonName"));
  EXPECT_THAT(subject_difference(make_name({organization, user}), make_name({user})),
              HasSubstr("it has commonName;"));
}

TEST(SubjectDifference, TellsAttributesOfOneRelativeDistinguishedName) {
  const X509Name joined(X509_NAME_new());
  const auto add = [&](int nid, const char* value, int set) {
    X509_NAME_add_entry_by_NID(joined.get(), nid, V_ASN1_UTF8STRING,
                               reinterpret_cast<const std::uint8_t*>(value), -1, -1, set);
  };
  add(NID_organizationName, "Bank", 0);
  add(NID_commonName, "u", -1);
  const Bytes apart = make_name({{NID_organizationName, V_ASN1_UTF8STRING, text("Bank")},
                                 {NID_commonName, V_ASN1_UTF8STRING, text("u")}});
  const auto said = subject_difference(apart, to_der(joined.get(), i2d_X509_NAME));
  EXPECT_THAT(said, testing::AnyOf(HasSubstr("RelativeDistinguishedName"), HasSubstr("in this order")));
}

TEST(SubjectDifference, IsBoundedAndPrintable) {
  const auto said =
      subject_difference(name(V_ASN1_UTF8STRING), name(V_ASN1_UTF8STRING, std::string(60000, 'x')));
  EXPECT_LT(said.size(), 600U);
  EXPECT_THAT(subject_difference(Bytes(5000, 0x30), Bytes(5000, 0x31)), HasSubstr("3131"));
  EXPECT_EQ(printable(said), said);
}

Bytes san(const char* value) {
  const X509Extension extension(X509V3_EXT_nconf_nid(nullptr, nullptr, NID_subject_alt_name, value));
  const ASN1_OCTET_STRING* octets = X509_EXTENSION_get_data(extension.get());
  const unsigned char* first = ASN1_STRING_get0_data(octets);
  return {first, first + ASN1_STRING_length(octets)};
}

TEST(AlternativeNameDifference, ShowsBoth) {
  const auto said =
      alternative_name_difference(san("email:a@bank.example"), san("email:b@bank.example,DNS:x"));
  EXPECT_THAT(said, AllOf(HasSubstr("it has email:b@bank.example, DNS:x"),
                          HasSubstr("asked for was email:a@bank.example")));
}

TEST(AlternativeNameDifference, WhereBothReadTheSameTheEncodingsAreShown) {
  const auto utf8 = san("otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@bank.example");
  const auto ia5 = san("otherName:1.3.6.1.4.1.311.20.2.3;IA5:u@bank.example");
  EXPECT_NE(alternative_name_difference(utf8, ia5), "");
  EXPECT_THAT(alternative_name_difference(Bytes{0x30, 0x00}, Bytes{0x04, 0x00}), HasSubstr("3000"));
}

}  // namespace
}  // namespace koshin::enrollment
