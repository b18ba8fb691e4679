// SPDX-License-Identifier: MIT
// How the calls to tokens grow with what else is on the token, and with further tokens.
#include <fmt/core.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/report.hpp"
#include "bench/scene.hpp"
#include "bench/spied_calls.hpp"

namespace koshin::bench {
namespace {

/// A way to use a token.
struct Row {
  const char* name;
  std::function<void(Sandbox&)> run;
};

std::vector<Row> rows_for(const Scene& scene, const std::string& key) {
  const std::string uri = "pkcs11:token=" + key, certificate = scene.certificate(key);
  return {{"look", [](Sandbox& sandbox) { sandbox.run_look(); }},
          {"inspect",
           [uri](Sandbox& sandbox) {
             sandbox.run_koshin({"inspect", "--token", uri});
           }},
          {"renew_named",
           [=](Sandbox& sandbox) {
             sandbox.run_koshin({"renew", "--token", uri, "--certificate", certificate});
           }},
          {"renew_due",
           [uri](Sandbox& sandbox) {
             sandbox.run_koshin({"renew", "--token", uri});
           }},
          {"shell", [](Sandbox& sandbox) { sandbox.run_shell(); }}};
}

/// `alone`: the calls of each row where nothing else is there; filled by the first count.
void count(Scene& scene, Report& report, std::map<std::string, double>& alone,
           const std::vector<std::string>& tokens, const std::string& ending) {
  for (const Row& row : rows_for(scene, tokens.front())) {
    const auto calls = static_cast<double>(spied(scene, tokens, row.run).size());
    const double first = alone.emplace(row.name, calls).first->second;
    report.add({.name = std::string("calls_") + row.name + ending,
                .value = calls,
                .words = fmt::format("{:.1f} times", calls / first)});
  }
}

}  // namespace

void measure_growth(Scene& scene, Report& report) {
  report.say("Token calls with further certificates on the token, and their ratio to a token without any:");
  report.say(
      "look: the agent's, at all tokens; inspect with the PIN; renew the certificate that is named, or");
  report.say("the one that is due; shell: pkcs11-tool, openssl, curl");
  std::map<std::string, double> alone;
  for (const int others : {0, 20, 100, 200}) {
    const std::string key = "crowded-" + std::to_string(others);
    scene.add_token(key, others);
    count(scene, report, alone, {key}, fmt::format("_{}_further", others));
  }
  report.say("The same with several tokens in the module, each with one pair");
  std::vector<std::string> tokens{"ec"};
  for (const std::size_t wanted : {std::size_t{1}, std::size_t{5}, std::size_t{20}}) {
    while (tokens.size() < wanted) {
      tokens.push_back("token-" + std::to_string(tokens.size()));
      scene.add_token(tokens.back(), 0);
    }
    count(scene, report, alone, tokens, fmt::format("_{}_tokens", wanted));
  }
}

}  // namespace koshin::bench
