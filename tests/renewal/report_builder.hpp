// SPDX-License-Identifier: MIT
// Reports made by hand, for the tests of the pure parts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::test {

inline TimePoint at(std::string_view text) {
  return parse_rfc3339(text).value();
}

/// Valid for a year up to `not_after`, with its key on the token.
inline messages::CertificateReport certificate(std::string sha256, std::string_view not_after,
                                               std::string cn = "user0001") {
  messages::CertificateReport report;
  report.sha256 = std::move(sha256);
  report.common_name = std::move(cn);
  report.subject = "CN=" + report.common_name;
  report.serial = "01";
  report.not_after = at(not_after);
  report.not_before = subtract(report.not_after, CalendarDuration{.years = 1});
  report.has_public_key = true;
  report.key_state = messages::KeyState::present;
  report.holder = report.subject;
  report.issuer_key = "key:01";
  return report;
}

inline messages::TokenReport token_with(std::vector<messages::CertificateReport> certificates) {
  messages::TokenReport report;
  report.label = "demo";
  report.serial = "0123456789abcdef";
  report.certificates = std::move(certificates);
  return report;
}

}  // namespace koshin::test
