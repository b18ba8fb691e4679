// SPDX-License-Identifier: MIT
// koshin-bench: measures, shows, compares; it judges nothing.
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "bench/report.hpp"
#include "bench/scene.hpp"
#include "foundation/system/paths.hpp"

namespace {

namespace bench = koshin::bench;

struct Measurement {
  const char* name;
  void (*run)(bench::Scene&, bench::Report&);
};
constexpr std::array measurements = {
    Measurement{"token-calls", bench::measure_token_calls}, Measurement{"growth", bench::measure_growth},
    Measurement{"wall-time", bench::measure_wall_time}, Measurement{"memory", bench::measure_memory}};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures koshin beside a minimal C program and a shell script of today's tools");
  std::string json, only;
  app.add_option("--json", json, "write the figures to this file as one flat object");
  std::vector<std::string> names;
  for (const auto& measurement : measurements) names.emplace_back(measurement.name);
  app.add_option("--only", only, "one of the measurements")->check(CLI::IsMember(names));
  CLI11_PARSE(app, argc, argv);
  try {
    bench::Scene scene(koshin::paths::self().parent_path());
    bench::Report report;
    for (const auto& measurement : measurements) {
      if (only.empty() || only == measurement.name) measurement.run(scene, report);
    }
    if (!json.empty()) report.save(json);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "koshin-bench: " << error.what() << '\n';
    return 1;
  }
}
