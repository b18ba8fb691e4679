// SPDX-License-Identifier: MIT
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>
#include <stdexcept>

#include "module_stage.hpp"
#include "support/environment.hpp"

namespace koshin::cards {

namespace fs = std::filesystem;

ModuleStage::ModuleStage() : bank_(path_ / "bank") {
  fs::create_directories(path_ / "user");
  test::isolate_user(path_ / "user");
}

void ModuleStage::use_module(const std::string& module, const std::string& extra) {
  settings_ = test::write_settings(
      path_ / "user", bank_,
      "token.modules = [\"" + module + "\"]\nauthority.attempts = 1\nlog.level = \"error\"\n" + extra);
}

void ModuleStage::provision(const fs::path& module_path, const std::string& reserved,
                            const std::string& token_label, const std::string& pin,
                            pkcs11::KeyAlgorithm algorithm) {
  const auto module = pkcs11::Module::load(module_path, reserved);
  for (const auto& token : module->tokens()) {
    if (token.label != token_label) continue;
    const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
    session->login(pkcs11::User::user, {pin.data(), pin.size()});
    const pkcs11::Bytes id{'o', 'l', 'd'};
    const auto pair = session->generate_key_pair(algorithm, id, "old");
    constexpr int days_left = 12;
    session->write_certificate(bank_.issue(pair.public_key.public_key, test::default_user, days_left), id,
                               "old");
    session->logout();
    return;
  }
  throw std::runtime_error("no token is called " + token_label);
}

JobRun ModuleStage::run(messages::JobKind kind, const Given& given) {
  messages::Job job;
  job.kind = kind;
  job.insist_count_low = true;  // a wrong PIN came before, and the token has counted it
  return run_worker_job(std::move(job), settings_, given);
}

bool register_modules_in(const fs::path& directory) {
  constexpr const char* folder = "/usr/share/p11-kit/modules";
  return fs::exists(folder) && unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount(directory.c_str(), folder, nullptr, MS_BIND, nullptr) == 0;
}

fs::path first_there(const std::vector<fs::path>& paths) {
  const auto found =
      std::find_if(paths.begin(), paths.end(), [](const auto& path) { return fs::exists(path); });
  return found == paths.end() ? fs::path() : *found;
}

fs::path opensc_module() {
  return first_there(
      {"/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"});
}

}  // namespace koshin::cards
