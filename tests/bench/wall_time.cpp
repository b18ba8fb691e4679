// SPDX-License-Identifier: MIT
// Wall time, from starting a program to its end. The contestants take turns, so that what else the machine
// does hits all of them alike; each run has a fresh copy of the token.
#include "bench/report.hpp"
#include "bench/scene.hpp"

namespace koshin::bench {
namespace {

constexpr int rounds = 21;

double once(Scene& scene, const std::string& key, double (Sandbox::*run)()) {
  Sandbox sandbox(scene, key, test::SoftHsm::module());
  return (sandbox.*run)();
}

double worker_alone(Scene& scene) {
  Sandbox sandbox(scene, "ec", test::SoftHsm::module());
  return sandbox.run_worker();
}

/// A server that writes header and body separately, and waits for the header's acknowledgement in between.
double at_a_server_of_two_writes(Scene& scene) {
  std::vector<double> times;
  scene.bank().set("two_writes", "1");
  for (int round = 0; round < rounds; ++round) times.push_back(once(scene, "ec", &Sandbox::run_koshin));
  scene.bank().set("two_writes", "0");
  return median(times);
}

}  // namespace

void measure_wall_time(Scene& scene, Report& report) {
  report.say("\nWall time of a whole renewal, EC P-256, medians of " + std::to_string(rounds) +
             " interleaved runs");
  std::vector<double> koshin, worker, shell;
  for (int round = 0; round < rounds; ++round) {
    koshin.push_back(once(scene, "ec", &Sandbox::run_koshin));
    worker.push_back(worker_alone(scene));
    shell.push_back(once(scene, "ec", &Sandbox::run_shell));
  }
  report.add({.name = "wall_koshin_ec_ms",
              .value = median(koshin),
              .unit = "ms",
              .words = "koshin renew: command line and worker"});
  report.add(
      {.name = "wall_worker_ec_ms", .value = median(worker), .unit = "ms", .words = "koshin-worker alone"});
  report.add({.name = "wall_shell_ec_ms",
              .value = median(shell),
              .unit = "ms",
              .words = "pkcs11-tool, openssl, curl"});
  report.add({.name = "wall_two_writes_over_one",
              .value = at_a_server_of_two_writes(scene) / median(koshin),
              .unit = "x",
              .at_most = 1.3,
              .words = "the same at a server that writes header and body separately"});
  report.add({.name = "wall_shell_over_koshin_ec",
              .value = median(shell) / median(koshin),
              .unit = "x",
              .at_least = 4});
}

}  // namespace koshin::bench
