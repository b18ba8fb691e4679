// SPDX-License-Identifier: MIT
// Which token and which module a URI means (RFC 7512 section 2.3).
#pragma once

#include <filesystem>
#include <string>

#include "pkcs11/module.hpp"
#include "pkcs11/uri.hpp"

namespace koshin::pkcs11 {

/// Whether `token` of `module` is what the URI describes: every attribute that is there has to match. The
/// module is asked about itself and about the slot only when the URI speaks of them. Throws Error.
bool describes(const Uri& uri, Module& module, const TokenInfo& token);

/// Whether module-path names this file, or the folder it is in.
bool is_module_path(const std::filesystem::path& wanted, const std::filesystem::path& file);
/// Whether module-name names this file: without its ending, with or without "lib" before it.
bool is_module_name(const std::string& wanted, const std::filesystem::path& file);

}  // namespace koshin::pkcs11
