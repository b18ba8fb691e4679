// SPDX-License-Identifier: MIT
// What a report does not say about the person who made it: names on foreign certificates, the token's serial
// number.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/jobs/messages.hpp"

namespace koshin::module_check {

class ReportRedaction {
 public:
  /// From now on this text is replaced. Texts of fewer than four bytes identify nobody and are left.
  void hide(std::string_view text);
  /// From now on this text is replaced where it stands alone, however short it is.
  void hide_word(std::string_view text);
  /// Hides the names, the serial number and the label of a certificate that the check has not made.
  void hide_names(const messages::CertificateReport& certificate);
  /// The text with "(…)" in place of what is hidden and of every PKCS#11 URI: one may be of a token that the
  /// check was not for.
  std::string apply(std::string text) const;

 private:
  std::vector<std::string> hidden_;  ///< longest first
  std::vector<std::string> words_;
};

}  // namespace koshin::module_check
