// SPDX-License-Identifier: MIT
#include "module_check/redaction_of_report.hpp"

#include <algorithm>

namespace koshin::module_check {

void ReportRedaction::hide(std::string_view text) {
  constexpr std::size_t shortest = 4;
  if (text.size() < shortest) return;
  const auto place = std::find_if(hidden_.begin(), hidden_.end(),
                                  [&](const std::string& other) { return other.size() <= text.size(); });
  hidden_.emplace(place, text);
}

void ReportRedaction::hide_names(const messages::CertificateReport& certificate) {
  for (const std::string* text :
       {&certificate.subject, &certificate.issuer, &certificate.serial, &certificate.common_name,
        &certificate.organization, &certificate.organizational_unit, &certificate.email, &certificate.label})
    hide(*text);
}

std::string ReportRedaction::apply(std::string text) const {
  static constexpr std::string_view instead = "(…)";
  for (const std::string& hidden : hidden_) {
    for (std::size_t at = text.find(hidden); at != std::string::npos;
         at = text.find(hidden, at + instead.size()))
      text.replace(at, hidden.size(), instead);
  }
  return text;
}

}  // namespace koshin::module_check
