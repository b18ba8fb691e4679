// SPDX-License-Identifier: MIT
// How the calls to tokens, and the time, grow with what else is on the token, and with further tokens.
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
  std::function<double(Sandbox&)> run;  ///< milliseconds
};

/// What the further rows of one kind are compared with.
struct Alone {
  double calls = 0, milliseconds = 0;
};

std::vector<Row> rows_for(const Scene& scene, const std::string& key) {
  const std::string uri = "pkcs11:token=" + key, certificate = scene.certificate(key);
  return {{"look", [](Sandbox& sandbox) { return sandbox.run_look(); }},
          {"inspect",
           [uri](Sandbox& sandbox) {
             return sandbox.run_koshin({"inspect", "--token", uri});
           }},
          {"renew_named",
           [=](Sandbox& sandbox) {
             return sandbox.run_koshin({"renew", "--token", uri, "--certificate", certificate});
           }},
          {"renew_due",
           [uri](Sandbox& sandbox) {
             return sandbox.run_koshin({"renew", "--token", uri});
           }},
          {"shell", [](Sandbox& sandbox) { return sandbox.run_shell(); }}};
}

/// The median of three runs without the spy, each in a sandbox of its own.
double milliseconds(Scene& scene, const std::vector<std::string>& tokens, const Row& row) {
  std::vector<double> times;
  for (int run = 0; run < 3; ++run) {
    Sandbox sandbox(scene, tokens.front(), test::SoftHsm::module());
    for (std::size_t i = 1; i < tokens.size(); ++i) sandbox.insert(tokens[i]);
    times.push_back(row.run(sandbox));
  }
  return median(times);
}

/// `alone`: the figures of each row where nothing else is there; filled by the first measurement.
void measure(Scene& scene, Report& report, std::map<std::string, Alone>& alone,
             const std::vector<std::string>& tokens, const std::string& ending) {
  for (const Row& row : rows_for(scene, tokens.front())) {
    const auto run = [&](Sandbox& sandbox) { row.run(sandbox); };
    const Alone now{static_cast<double>(spied(scene, tokens, run).size()), milliseconds(scene, tokens, row)};
    const Alone first = alone.emplace(row.name, now).first->second;
    report.add({.name = std::string("calls_") + row.name + ending,
                .value = now.calls,
                .words = fmt::format("{:.1f} times", now.calls / first.calls)});
    report.add({.name = std::string("time_") + row.name + ending,
                .value = now.milliseconds / first.milliseconds,
                .words = fmt::format("times that of the token alone ({:.0f} ms)", now.milliseconds)});
  }
}

}  // namespace

void measure_growth(Scene& scene, Report& report) {
  report.say("Token calls with further certificates on the token, and their ratio to a token without any:");
  report.say(
      "look: the agent's, at all tokens; inspect with the PIN; renew the certificate that is named, or");
  report.say("the one that is due; shell: pkcs11-tool, openssl, curl");
  std::map<std::string, Alone> alone;
  for (const int others : {0, 20, 100, 200}) {
    const std::string key = "crowded-" + std::to_string(others);
    scene.add_token(key, others);
    measure(scene, report, alone, {key}, fmt::format("_{}_further", others));
  }
  report.say("The same with several tokens in the module, each with one pair");
  std::vector<std::string> tokens{"ec"};
  for (const std::size_t wanted : {std::size_t{1}, std::size_t{5}, std::size_t{20}}) {
    while (tokens.size() < wanted) {
      tokens.push_back("token-" + std::to_string(tokens.size()));
      scene.add_token(tokens.back(), 0);
    }
    measure(scene, report, alone, tokens, fmt::format("_{}_tokens", wanted));
  }
}

}  // namespace koshin::bench
