// SPDX-License-Identifier: MIT
// The modules registered with p11-kit, read from its documented files (pkcs11.conf(5)) without loading them:
// p11-kit's own interface lists modules only after loading all of them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pkcs11/module.hpp"
#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {

/// The registered modules, highest priority first, then by name, without modules that are remote, disabled
/// for `program` or without a usable path.
std::vector<RegisteredModule> read_registered_modules(const RegisteredModuleFolders& folders,
                                                      const std::string& program);

}  // namespace koshin::pkcs11
