// SPDX-License-Identifier: MIT
#include "bench/spied_calls.hpp"

#include <fstream>
#include <regex>
#include <stdexcept>

namespace koshin::bench {
namespace {

namespace fs = std::filesystem;

fs::path spy() {
  for (const char* path :
       {"/usr/lib/x86_64-linux-gnu/pkcs11-spy.so", "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so",
        "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so", "/usr/lib/aarch64-linux-gnu/pkcs11/pkcs11-spy.so"}) {
    if (fs::exists(path)) return path;
  }
  throw std::runtime_error("pkcs11-spy.so not found: apt-get install opensc-pkcs11");
}

Calls read(const fs::path& log) {
  static const std::regex call("^[0-9]+: (C_[A-Za-z]+)");
  std::ifstream in(log);
  Calls calls;
  std::smatch found;
  for (std::string line; std::getline(in, line);) {
    if (!std::regex_search(line, found, call)) continue;
    if (found[1] != "C_GetFunctionList" && found[1] != "C_GetInterface") calls.push_back(found[1]);
  }
  return calls;
}

}  // namespace

Calls spied(Scene& scene, const std::vector<std::string>& tokens, const std::function<void(Sandbox&)>& run) {
  Sandbox sandbox(scene, tokens.front(), spy());
  for (auto other = std::next(tokens.begin()); other != tokens.end(); ++other) sandbox.insert(*other);
  const auto log = sandbox.path() / "spy.log";
  const test::ScopedEnvironment variables(
      {{"PKCS11SPY", test::SoftHsm::module().string()}, {"PKCS11SPY_OUTPUT", log.string()}});
  run(sandbox);
  return read(log);
}

}  // namespace koshin::bench
