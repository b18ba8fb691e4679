// SPDX-License-Identifier: MIT
// Calls to the token of a whole renewal.
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "bench/report.hpp"
#include "bench/scene.hpp"
#include "bench/spied_calls.hpp"

namespace koshin::bench {
namespace {

double total(const Calls& calls) {
  return static_cast<double>(calls.size());
}

double times(const Calls& calls, const std::string& function) {
  return static_cast<double>(std::count(calls.begin(), calls.end(), function));
}

/// After how many of them there is a key pair without its certificate on the token. Whoever writes nothing
/// down and is interrupted there leaves it for ever.
double with_a_lone_key(const Calls& calls) {
  const auto made = std::find(calls.begin(), calls.end(), "C_GenerateKeyPair");
  const auto completed = std::find(made, calls.end(), "C_CreateObject");
  return static_cast<double>(completed - made);
}

Calls spied(Scene& scene, const std::string& key, double (Sandbox::*run)()) {
  return spied(scene, {key}, [run](Sandbox& sandbox) { (sandbox.*run)(); });
}

std::string composition(const Calls& calls) {
  std::map<std::string, unsigned> counted;
  for (const std::string& name : calls) ++counted[name];
  std::string text;
  for (const auto& [name, count] : counted)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  return text;
}

}  // namespace

void measure_token_calls(Scene& scene, Report& report) {
  report.say("Token calls of a whole renewal (pkcs11-spy in front of SoftHSM)");
  const auto ec = spied(scene, "ec", &Sandbox::run_koshin);
  const auto rsa = spied(scene, "rsa", &Sandbox::run_koshin);
  report.add(
      {.name = "token_calls_ec", .value = total(ec), .at_most = 38, .words = "koshin renew, EC P-256"});
  report.add({.name = "token_calls_rsa", .value = total(rsa), .words = "koshin renew, RSA 2048"});
  const auto shell = spied(scene, "ec", &Sandbox::run_shell);
  report.add({.name = "token_calls_shell", .value = total(shell), .words = "pkcs11-tool, openssl, curl"});
  report.add({.name = "token_calls_shell_lone_key",
              .value = with_a_lone_key(shell),
              .words = "of them: cut off there, it leaves a key that nobody knows"});
  static constexpr std::array once = {std::pair("C_Initialize", 1), std::pair("C_Login", 1),
                                      std::pair("C_GenerateKeyPair", 1), std::pair("C_Sign", 3)};
  for (const auto& [function, most] : once)
    report.add(
        {.name = std::string("token_calls_ec_") + function, .value = times(ec, function), .at_most = most});
  report.say("  " + composition(ec));
}

}  // namespace koshin::bench
