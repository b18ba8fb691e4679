// SPDX-License-Identifier: MIT
// What a report leaves out.
#include <gtest/gtest.h>

#include "module_check/redaction_of_report.hpp"

namespace koshin::module_check {
namespace {

TEST(ReportRedaction, hides_names_wherever_they_are) {
  ReportRedaction redaction;
  messages::CertificateReport certificate;
  certificate.common_name = "Hanako Sato";
  certificate.subject = "CN=Hanako Sato,O=Bank";
  certificate.serial = "0011223344";
  redaction.hide_names(certificate);
  redaction.hide("5c01ab23");
  EXPECT_EQ(redaction.apply("of CN=Hanako Sato,O=Bank (Hanako Sato, 0011223344) on 5c01ab23"),
            "of (…) ((…), (…)) on (…)");
}

TEST(ReportRedaction, hides_every_uri) {
  const ReportRedaction redaction;
  EXPECT_EQ(redaction.apply("two fit: pkcs11:model=A;serial=1;token=Hanako%20Sato; pkcs11:token=(x)'y'."),
            "two fit: (…); (…).");
  EXPECT_EQ(redaction.apply("at \"pkcs11:token=a\" and pkcs11:"), "at \"(…)\" and (…)");
}

TEST(ReportRedaction, hides_a_short_serial_number_where_it_stands_alone) {
  ReportRedaction redaction;
  redaction.hide_word("12");
  EXPECT_EQ(redaction.apply("token Soft 12 is busy, 12.5, 112 and 12ab"),
            "token Soft (…) is busy, (…).5, 112 and 12ab");
}

TEST(ReportRedaction, what_identifies_nobody_stays) {
  ReportRedaction redaction;
  redaction.hide("123");
  redaction.hide("");
  EXPECT_EQ(redaction.apply("CKR 123"), "CKR 123");
}

}  // namespace
}  // namespace koshin::module_check
