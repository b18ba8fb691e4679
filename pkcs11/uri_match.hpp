// SPDX-License-Identifier: MIT
// Matching of tokens and modules against URIs (RFC 7512 section 2.3).
#pragma once

#include <filesystem>
#include <string>

#include "pkcs11/module.hpp"
#include "pkcs11/uri.hpp"

namespace koshin::pkcs11 {

/// Whether `token` of `module` matches every attribute of the URI. CK_INFO and CK_SLOT_INFO are read only
/// when the URI has attributes of them. Throws Error.
bool describes(const Uri& uri, Module& module, const TokenInfo& token);

/// Whether module-path names this file, or the folder it is in.
bool is_module_path(const std::filesystem::path& wanted, const std::filesystem::path& file);
/// Whether module-name matches this file's name without its extension, with or without the prefix "lib".
bool is_module_name(const std::string& wanted, const std::filesystem::path& file);

}  // namespace koshin::pkcs11
