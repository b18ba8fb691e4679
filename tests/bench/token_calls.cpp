// SPDX-License-Identifier: MIT
// Calls to the token, counted by pkcs11-spy of OpenSC. Its log holds the PIN, so it lives in a sandbox and
// goes with it.
#include <array>
#include <fstream>
#include <map>
#include <regex>
#include <stdexcept>

#include "bench/report.hpp"
#include "bench/scene.hpp"

namespace koshin::bench {
namespace {

namespace fs = std::filesystem;
using Calls = std::map<std::string, unsigned>;

fs::path spy() {
  for (const char* path :
       {"/usr/lib/x86_64-linux-gnu/pkcs11-spy.so", "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so",
        "/usr/lib/aarch64-linux-gnu/pkcs11-spy.so", "/usr/lib/aarch64-linux-gnu/pkcs11/pkcs11-spy.so"}) {
    if (fs::exists(path)) return path;
  }
  throw std::runtime_error("pkcs11-spy.so not found: apt-get install opensc-pkcs11");
}

/// Counts what comes after fetching the function list.
Calls count(const fs::path& log) {
  static const std::regex call("^[0-9]+: (C_[A-Za-z]+)");
  std::ifstream in(log);
  Calls calls;
  std::smatch found;
  for (std::string line; std::getline(in, line);) {
    if (!std::regex_search(line, found, call)) continue;
    if (found[1] != "C_GetFunctionList" && found[1] != "C_GetInterface") ++calls[found[1]];
  }
  return calls;
}

unsigned total(const Calls& calls) {
  unsigned sum = 0;
  for (const auto& [name, times] : calls) sum += times;
  return sum;
}

Calls spied(Scene& scene, const std::string& key, double (Sandbox::*run)()) {
  Sandbox sandbox(scene, key, spy());
  const auto log = sandbox.path() / "spy.log";
  const test::ScopedEnvironment variables(
      {{"PKCS11SPY", test::SoftHsm::module().string()}, {"PKCS11SPY_OUTPUT", log.string()}});
  (sandbox.*run)();
  return count(log);
}

std::string composition(const Calls& calls) {
  std::string text;
  for (const auto& [name, times] : calls)
    text += (text.empty() ? "" : ", ") + std::to_string(times) + " " + name;
  return text;
}

}  // namespace

void measure_token_calls(Scene& scene, Report& report) {
  report.say("Token calls of a whole renewal (pkcs11-spy in front of SoftHSM)");
  const auto ec = spied(scene, "ec", &Sandbox::run_koshin);
  const auto rsa = spied(scene, "rsa", &Sandbox::run_koshin);
  report.add({.name = "token_calls_ec",
              .value = double(total(ec)),
              .at_most = 45,
              .words = "koshin renew, EC P-256"});
  report.add({.name = "token_calls_rsa", .value = double(total(rsa)), .words = "koshin renew, RSA 2048"});
  const auto floor = spied(scene, "ec", &Sandbox::run_floor);
  report.add({.name = "token_calls_floor",
              .value = double(total(floor)),
              .words = "minimal C program, no TLS, no checks"});
  const auto shell = spied(scene, "ec", &Sandbox::run_shell);
  report.add(
      {.name = "token_calls_shell", .value = double(total(shell)), .words = "pkcs11-tool, openssl, curl"});
  static constexpr std::array once = {std::pair("C_Initialize", 1), std::pair("C_Login", 1),
                                      std::pair("C_GenerateKeyPair", 1), std::pair("C_Sign", 3)};
  for (const auto& [function, times] : once) {
    const auto found = ec.find(function);
    report.add({.name = std::string("token_calls_ec_") + function,
                .value = double(found == ec.end() ? 0U : found->second),
                .at_most = times});
  }
  report.say("  " + composition(ec));
}

}  // namespace koshin::bench
