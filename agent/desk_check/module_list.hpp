// SPDX-License-Identifier: MIT
// The file pkcs11.txt of an NSS database, in which browsers keep their list of PKCS#11 modules: stanzas of
// "key=value" lines, divided by blank lines (NSS, lib/util/utilmod.c). Nothing but whole stanzas of koshin's
// is added or taken out; every other byte stays.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::desk_check {

struct ListedModule {
  std::string name, library;  ///< an empty library: NSS's own module
};
std::vector<ListedModule> listed_modules(std::string_view list);

/// Stanzas of koshin's have a name that begins so: "koshin libykcs11.so".
inline constexpr std::string_view name_of_ours = "koshin ";

/// The list with a stanza for this library at its end. The library must be an absolute path without quotation
/// marks and line breaks; throws std::invalid_argument else.
std::string with_module(std::string_view list, const std::filesystem::path& library);
/// The list without the stanzas of koshin's.
std::string without_ours(std::string_view list);

/// The library of a module of the settings: an absolute path stays as it is; of "p11-kit:NAME" the file that
/// its registration names, as koshin's worker reads it. Empty where there is none.
std::filesystem::path library_of(const std::string& module);

}  // namespace koshin::desk_check
