// SPDX-License-Identifier: MIT
// Counts what reaches a module, by putting OpenSC's pkcs11-spy in front of it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "pkcs11/module.hpp"

namespace koshin::pkcs11 {

/// Where pkcs11-spy.so is; empty when this machine has none.
std::filesystem::path spy_module();

/// Makes the spy, once loaded, watch `module` and write what it sees below `directory`.
class Spy {
 public:
  Spy(const std::filesystem::path& module, const std::filesystem::path& directory);
  ~Spy();
  Spy(const Spy&) = delete;
  Spy& operator=(const Spy&) = delete;

  /// The watched module.
  static std::shared_ptr<Module> load();
  /// How often each function was called so far.
  std::map<std::string, int> calls() const;
  int total() const;
  /// Everything the spy wrote.
  std::string log() const;
  /// The calls as a table, for the output of a test that fails.
  std::string table() const;

 private:
  std::filesystem::path log_;
};

}  // namespace koshin::pkcs11
