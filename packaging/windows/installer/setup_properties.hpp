// SPDX-License-Identifier: MIT
// The installer's properties, checked by the rules of the settings that they become.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::setup {

/// A public property and the setting that it becomes.
struct SetupProperty {
  std::string_view name, key;
  bool is_list;  ///< the only element of that list
};
std::span<const SetupProperty> setup_properties();

/// One sentence for each property whose value the settings would refuse: "AUTHORITY_URL: authority.url must
/// …". `value` gives a property's value in UTF-8, empty when it was not given.
std::vector<std::string> wrong_properties(const std::function<std::string(std::string_view)>& value);

/// The same for BANK_FILE, a file that becomes a bank of this computer: its name, its size and every mistake
/// in it with line and column.
std::vector<std::string> wrong_bank_file(const std::filesystem::path& file);

}  // namespace koshin::setup
