// SPDX-License-Identifier: MIT
// The modules registered with p11-kit, read from its documented files (pkcs11.conf(5)) without loading any of
// them: p11-kit itself can only list them after it has loaded them all.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pkcs11/module.hpp"
#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {

/// Highest priority first, then by name. Modules that are remote, disabled for `program` or
/// without a usable path are left out.
std::vector<RegisteredModule> read_registered_modules(const RegisteredModuleFolders& folders,
                                                      const std::string& program);

}  // namespace koshin::pkcs11
