// SPDX-License-Identifier: MIT
// What the policies of the browsers say about the token's module and about the choice of a certificate.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "desk_check/browser_profiles.hpp"
#include "desk_check/checks.hpp"

namespace koshin::desk_check {

/// What a policy file says that concerns a token.
struct PolicyWords {
  std::string error;  ///< why it is not read, or part of it; empty: it is
  /// Whether it has AutoSelectCertificateForUrls (Chromium): of the files in a folder, the last one with it
  /// counts.
  bool sets_choices = false;
  std::vector<std::string> chosen_for;     ///< patterns of AutoSelectCertificateForUrls (Chromium)
  std::string choice;                      ///< security.default_personal_cert of Preferences (Firefox)
  std::vector<std::string> taken_modules;  ///< names in SecurityDevices, Delete (Firefox)
};
/// Chromium takes more than JSON (chromium_json.hpp), Firefox JSON alone.
PolicyWords read_policy(Browser browser, std::string_view text);

/// Of every policy that root alone can change. `libraries`: the modules of the settings, for what a policy
/// takes out of the lists of these profiles. Throws std::length_error for one that is far too large.
void check_policies(Report& report, const std::vector<BrowserProfile>& profiles,
                    const std::vector<std::filesystem::path>& libraries);

}  // namespace koshin::desk_check
