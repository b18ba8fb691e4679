// SPDX-License-Identifier: MIT
// Settings with all mistakes and files, for their maintenance (`koshin config check`).
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
  std::vector<std::string> banks{};  ///< names of the banks that it has keys for
};

struct SettingsReading {
  Deployment deployment;            ///< valid only without mistakes
  std::vector<SettingsFile> files;  ///< in the order in which they are read
  /// Files in the folders of settings whose names do not end in .toml, and that look as if they were meant.
  std::vector<std::filesystem::path> passed_over;
  /// All mistakes, in the order of files and lines; load_settings() throws the first.
  std::vector<Failure> mistakes;
};

/// Reads all settings.
SettingsReading read_settings(const SettingsSources& sources);

/// A key that has no effect without others, as in "mail.url is set, and …".
struct LooseEnd {
  std::string key;  ///< the key that is set
  std::vector<std::string> missing;
};
std::vector<LooseEnd> loose_ends(const Settings& settings);

/// Whether proxy.user and its password go to whichever proxy a script names that is fetched in clear: whoever
/// can change the script on its way chooses that proxy.
bool tells_any_proxy_its_user(const Settings& settings);

/// A purpose that is renewed, and the label by which the authority would know it, which is not set.
struct PurposeWithoutLabel {
  std::string_view purpose;  ///< as renewal.purposes names it
  std::string key;           ///< "authority.signature_label"
};
std::vector<PurposeWithoutLabel> purposes_without_label(const Settings& settings);

/// Two banks whose claims do not exclude each other: a certificate that matches both belongs to neither
/// (renewal::assign_banks()). Patterns are compared as text.
struct Overlap {
  std::string one, other;  ///< banks' names
};
std::vector<Overlap> overlaps(const Deployment& deployment);

/// Keys of scope SettingScope::bank that are set outside of banks while all banks have names: no bank has
/// them.
std::vector<std::string> keys_of_no_bank(const Deployment& deployment);

/// The pin-source (RFC 7512 section 2.4) of a token URI, decoded.
std::optional<std::string> pin_source_of(std::string_view token_uri);

}  // namespace koshin
