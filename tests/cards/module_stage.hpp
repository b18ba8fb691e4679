// SPDX-License-Identifier: MIT
// A bank, a user, and a token of any module, with a certificate that expires soon.
#pragma once

#include <filesystem>
#include <string>

#include "job_run.hpp"
#include "pkcs11/session.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::cards {

class ModuleStage {
 public:
  ModuleStage();

  const std::filesystem::path& path() const { return path_; }
  test::TestBank& bank() { return bank_; }
  /// `module`: as in token.modules. `extra`: further settings.
  void use_module(const std::string& module, const std::string& extra = "");
  /// Makes a pair and writes a certificate to a token, by koshin's own hand.
  void provision(const std::filesystem::path& module, const std::string& reserved,
                 const std::string& token_label, const std::string& pin, pkcs11::KeyAlgorithm algorithm);
  JobRun run(messages::JobKind kind, const Given& given);

 private:
  test::TemporaryDirectory temporary_;
  std::filesystem::path path_ = temporary_.path();
  test::TestBank bank_;
  std::filesystem::path settings_;
};

/// Shows `directory` in the place of the folder where packages register their modules with p11-kit, to this
/// process and its children alone (mount_namespaces(7)). False where none can be made.
bool register_modules_in(const std::filesystem::path& directory);

/// The first of these files that is there; empty when none is.
std::filesystem::path first_there(const std::vector<std::filesystem::path>& paths);

/// /usr/lib/…/opensc-pkcs11.so (package opensc-pkcs11); empty where it is not installed.
std::filesystem::path opensc_module();

}  // namespace koshin::cards
