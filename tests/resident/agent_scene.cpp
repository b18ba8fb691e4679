// SPDX-License-Identifier: MIT
// The scene's less obvious parts.
#include "agent_scene.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace koshin::test {

void AgentScene::use_misbehaving_module(const std::string& mode, const std::string& extra) {
  use_settings("token.modules = [\"" KOSHIN_MISBEHAVING_MODULE "\"]\n" + extra);
  setenv("KOSHIN_TEST_MODULE_MODE", (directory.path() / "mode").c_str(), 1);
  set_mode(mode);
}

void AgentScene::set_mode(const std::string& mode) {
  // Renamed into its place: a module that reads it sees the old word or the new.
  const auto file = directory.path() / "mode";
  std::ofstream(file.string() + ".new") << mode << std::flush;
  std::filesystem::rename(file.string() + ".new", file);
}

void AgentScene::renew_by_itself(const std::string& pin, const std::string& extra) {
  const auto file = directory.path() / "pin";
  std::ofstream(file) << pin << "\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  use_settings("token.uri = \"pkcs11:?pin-source=file:" + file.string() +
               "\"\nunattended.enabled = true\nunattended.spread = \"PT1S\"\nmetrics.textfile = \"" +
               metrics().string() + "\"\n" + extra);
}

std::string AgentScene::file_text(const std::filesystem::path& file) const {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace koshin::test
