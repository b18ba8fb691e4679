// SPDX-License-Identifier: MIT
// Settings with everything that was found on the way: for who mends them, not for who works by them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// One file of the chain.
struct SettingsFile {
  std::filesystem::path path;
  bool found = false;
  std::size_t values = 0;            ///< keys that it sets
  std::vector<std::string> locked;   ///< keys that it locks
  std::vector<std::string> banks{};  ///< names of those that it sets something for
};

struct SettingsReading {
  Deployment deployment;            ///< worth something only without mistakes
  std::vector<SettingsFile> files;  ///< in the order in which they are read
  /// Everything that is wrong, in the order of files and lines; load_settings() throws the first.
  std::vector<Failure> mistakes;
};

/// Throws FailureError only for a folder of settings that cannot be listed.
SettingsReading read_settings(const SettingsSources& sources);

/// Keys that are set and come to nothing without another, as "mail.url is set, and …".
struct LooseEnd {
  std::string key;  ///< the one that is set
  std::vector<std::string> missing;
};
std::vector<LooseEnd> loose_ends(const Settings& settings);

/// Two banks whose claims do not keep them apart: there may be a certificate that fits both, which then is
/// neither's (renewal::assign_banks()). What patterns let through is compared as text.
struct Overlap {
  std::string one, other;  ///< banks' names
};
std::vector<Overlap> overlaps(const Deployment& deployment);

/// Keys of a bank that are set outside of banks where banks have names, and no bank has.
std::vector<std::string> keys_of_no_bank(const Deployment& deployment);

/// The pin-source (RFC 7512 section 2.4) of a token URI, decoded.
std::optional<std::string> pin_source_of(std::string_view token_uri);

}  // namespace koshin
