// SPDX-License-Identifier: MIT
// The files of p11-kit: "key: value" lines (pkcs11.conf(5)). Part of registered_modules.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace koshin::pkcs11 {

using FileValues = std::map<std::string, std::string>;

/// Reads at most 64 KiB of the file; '#' begins a comment line. A key that is there keeps its value. Nothing
/// is added where the file cannot be read.
void read_values(const std::filesystem::path& file, FileValues& values);
/// Empty where there is none.
std::string value_of(const FileValues& values, const std::string& key);

}  // namespace koshin::pkcs11
