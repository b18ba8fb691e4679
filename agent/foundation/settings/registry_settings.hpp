// SPDX-License-Identifier: MIT
// Settings in the registry: a tree of keys as a layer. The sections are keys and their settings are values;
// a list is a REG_MULTI_SZ, or a key with the values "1", "2", …; a bank is a key of its name below `bank`.
// docs/settings.md says more.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "foundation/settings/settings_layer.hpp"
#include "foundation/system/registry.hpp"

namespace koshin {

/// `place`: the tree's own, "HKLM\SOFTWARE\Policies\koshin". Its author is the administrator. `folder`: what
/// a relative path is relative to.
SettingsLayer read_registry_settings(std::string_view place, const RegistryKey& tree,
                                     const std::filesystem::path& folder);

/// Leaves out of `lower` what `policies` set: a key that they set outside of banks in every bank, one that
/// they set for a bank in that bank.
void leave_out_what_policies_set(const SettingsLayer& policies, SettingsLayer& lower);

}  // namespace koshin
