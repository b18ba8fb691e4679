// SPDX-License-Identifier: MIT
// Peak resident memory of the worker in a whole renewal. Nothing else of koshin runs meanwhile.
#include <fstream>
#include <stdexcept>

#include "bench/report.hpp"
#include "bench/scene.hpp"

namespace koshin::bench {

void measure_memory(Scene& scene, Report& report) {
  report.say("\nMemory");
  constexpr int rounds = 5;
  std::vector<double> peaks;
  for (int round = 0; round < rounds; ++round) {
    Sandbox sandbox(scene, "ec", test::SoftHsm::module());
    const auto file = sandbox.path() / "peak";
    sandbox.run_worker({scene.program("koshin-bench-peak-rss").string(), file.string()});
    double kib = 0;
    if (!(std::ifstream(file) >> kib)) throw std::runtime_error("no peak memory in " + file.string());
    peaks.push_back(kib);
  }
  report.add({.name = "worker_peak_rss_kib",
              .value = median(peaks),
              .unit = "KiB",
              .words = "koshin-worker with SoftHSM loaded"});
}

}  // namespace koshin::bench
