// SPDX-License-Identifier: MIT
// Tokens are made by softhsm2-util; which folder holds which token is told by what appeared.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "support/soft_hsm.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

std::set<std::string> folders_of(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
  return names;
}

void run_softhsm_util(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "softhsm2-util");
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start softhsm2-util");
  int status = -1;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("softhsm2-util failed");
}

}  // namespace

SoftHsm::SoftHsm(const fs::path& directory) : directory_(directory) {
  fs::create_directories(directory_ / "tokens");
  fs::create_directories(directory_ / "removed");
  std::ofstream(configuration())
      << "directories.tokendir = " << (directory_ / "tokens").string()
      << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n";
  ::setenv("SOFTHSM2_CONF", configuration().c_str(), 1);
}

fs::path SoftHsm::configuration() const {
  return directory_ / "softhsm2.conf";
}

fs::path SoftHsm::module() {
  for (const char* path :
       {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"}) {
    if (fs::exists(path)) return path;
  }
  throw std::runtime_error("libsofthsm2.so not found: apt-get install softhsm2");
}

void SoftHsm::init_token(const std::string& label, const std::string& pin, const std::string& so_pin) {
  const auto before = folders_of(directory_ / "tokens");
  run_softhsm_util({"--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", so_pin});
  for (const auto& folder : folders_of(directory_ / "tokens")) {
    if (before.count(folder) == 0) tokens_[label] = {folder, pin};
  }
  if (tokens_.count(label) == 0) throw std::runtime_error("softhsm2-util made no token for " + label);
}

void SoftHsm::remove_token(const std::string& label) {
  const auto& folder = tokens_.at(label).folder;
  fs::rename(directory_ / "tokens" / folder, directory_ / "removed" / folder);
}

void SoftHsm::reinsert_token(const std::string& label) {
  const auto& folder = tokens_.at(label).folder;
  fs::rename(directory_ / "removed" / folder, directory_ / "tokens" / folder);
}

fs::path SoftHsm::token_directory(const std::string& label) const {
  return directory_ / "tokens" / tokens_.at(label).folder;
}

const std::string& SoftHsm::pin(const std::string& label) const {
  return tokens_.at(label).pin;
}

}  // namespace koshin::test
