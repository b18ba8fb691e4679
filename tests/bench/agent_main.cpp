// SPDX-License-Identifier: MIT
// koshin-bench-agent: what the resident agent costs when nothing happens, and how long it takes when
// something does, beside the daemons that people run today. usage: koshin-bench-agent [--json FILE]
// [--seconds N]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "agent_peers.hpp"
#include "agent_process_figures.hpp"
#include "bench/report.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "pkcs11/session.hpp"
#include "resident/agent_stage.hpp"
#include "resident/pcsc_daemon.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"

namespace koshin::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 11;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// A token that is not due, its settings, a reader.
struct Desk {
  Desk() {
    test::isolate_user(directory.path());
    test::without_desktop();
    hsm.init_token("Bank token");
    test::provision(hsm, "Bank token", bank, pkcs11::KeyAlgorithm::ec_p256, 200);
    settings = test::write_settings(directory.path(), bank);
    daemon.start();
  }
  test::TemporaryDirectory directory;
  test::SoftHsm hsm{directory.path()};
  test::TestBank bank{directory.path() / "bank"};
  test::PcscDaemon daemon{directory.path() / "pcscd"};
  test::Programs programs;
  std::filesystem::path settings;
};

void measure_start(Desk& desk, Report& report) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    test::Lines agent = test::start_agent(desk.programs, {"--settings", desk.settings.string()});
    agent.expect("Watching");
    times.push_back(milliseconds_since(begin));
    agent.child().terminate();
    agent.exit_code();
  }
  report.add({.name = "agent_start_ms",
              .value = median(times),
              .unit = "ms",
              .at_most = 20,
              .words = "from starting the program to watching"});
}

/// The median life of a worker that does `job`.
double worker_ms(const messages::Job& job) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    run_job(
        job, {}, [](const messages::Event&) {}, 60s);
    times.push_back(milliseconds_since(begin));
  }
  return median(times);
}

void measure_decision(Desk& desk, test::Lines& agent, test::VirtualCard& card, Report& report) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    card.plug();
    agent.expect("A card is in");
    const auto reported = Clock::now();
    agent.expect("KOSHIN_DECISION");
    times.push_back(milliseconds_since(reported));
    if (i + 1 == rounds) break;
    card.pull();
    agent.expect("was removed.");
  }
  messages::Job job;
  job.settings_file = desk.settings.string();
  job.module = test::SoftHsm::module().string();
  const double whole_worker = worker_ms(job);
  job.module = "/not-configured";  // ends where a module would be loaded
  const double start = worker_ms(job);
  const double all = median(times);
  report.add({.name = "agent_decision_ms",
              .value = all,
              .unit = "ms",
              .at_most = 60,
              .words = "from pcscd's report of the card to the decision"});
  report.add({.name = "agent_decision_process_ms",
              .value = start,
              .unit = "ms",
              .words = "of that: a worker's start and end, settings"});
  report.add({.name = "agent_decision_token_ms",
              .value = std::max(0.0, whole_worker - start),
              .unit = "ms",
              .words = "of that: module and token"});
  report.add({.name = "agent_decision_rest_ms",
              .value = std::max(0.0, all - whole_worker),
              .unit = "ms",
              .words = "of that: deciding, journal, log"});
}

/// The loop and the card watch; a worker's thread ends soon after its answer.
constexpr int threads_at_rest = 2;

void wait_until_at_rest(pid_t process) {
  const auto until = Clock::now() + std::chrono::seconds{30};
  while (figures_of(process).threads != threads_at_rest && Clock::now() < until)
    std::this_thread::sleep_for(50ms);
}

void measure_idle(Desk& desk, long agent, std::chrono::seconds time, Report& report) {
  Peers peers(desk.directory.path());
  const auto process = static_cast<pid_t>(agent);
  wait_until_at_rest(process);
  peers.settle();
  const ProcessFigures before = figures_of(process);
  peers.begin();
  std::this_thread::sleep_for(time);
  const ProcessFigures after = figures_of(process);
  const double per_minute = 60.0 / static_cast<double>(time.count());
  report.add({.name = "agent_idle_wakeups_60s",
              .value = static_cast<double>(after.wakeups - before.wakeups) * per_minute,
              .at_most = 0,
              .words = "with a token inserted"});
  report.add({.name = "agent_idle_pss_kib",
              .value = static_cast<double>(after.pss_kib),
              .unit = "KiB",
              .at_most = 2048,
              .words = "proportional set size"});
  report.add({.name = "agent_idle_threads",
              .value = static_cast<double>(after.threads),
              .at_most = threads_at_rest,
              .words = "the loop, and the watch of the readers"});
  peers.end(report, per_minute);
}

/// What an inspection asked of the module; fetching the function list touches no token.
struct Calls {
  double all = 0, searches = 0;
};

Calls count_calls(const std::filesystem::path& log) {
  static const std::regex call("^[0-9]+: C_(?!GetFunctionList|GetInterface).*");
  static const std::regex search("^[0-9]+: C_FindObjects\\b.*");
  std::ifstream stream(log);
  Calls calls;
  for (std::string line; std::getline(stream, line);) {
    calls.all += std::regex_match(line, call) ? 1 : 0;
    calls.searches += std::regex_match(line, search) ? 1 : 0;
  }
  return calls;
}

Calls inspect_through_spy(Desk& desk, const std::filesystem::path& spy) {
  const auto log = desk.directory.path() / "spy.log";
  std::filesystem::remove(log);
  const test::ScopedEnvironment environment(
      {{"PKCS11SPY", test::SoftHsm::module().string()}, {"PKCS11SPY_OUTPUT", log.string()}});
  messages::Job job;
  job.settings_file =
      test::write_settings(desk.directory.path(), desk.bank, "token.modules = [\"" + spy.string() + "\"]")
          .string();
  const messages::Event answer = run_job(
      job, {}, [](const messages::Event&) {}, 60s);
  const auto* result = std::get_if<messages::InspectResult>(&answer);
  if (result == nullptr || result->tokens.empty()) throw std::runtime_error("nothing was inspected");
  return count_calls(log);
}

/// Without a PIN a pair shows two objects: certificate and public key.
void add_pairs(Desk& desk, int count, const std::string& name) {
  for (int i = 0; i < count; ++i) {
    test::provision(desk.hsm, "Bank token", desk.bank, pkcs11::KeyAlgorithm::ec_p256, 100 + i,
                    "12345678901234 " + name + std::to_string(i));
  }
}

void measure_calls(Desk& desk, Report& report) {
  const std::filesystem::path spy = pkcs11_spy();
  if (spy.empty()) {
    report.say("SKIPPED inspect_calls: pkcs11-spy.so (package opensc-pkcs11) is not installed");
    return;
  }
  const Calls one_pair = inspect_through_spy(desk, spy);
  report.add({.name = "inspect_calls",
              .value = one_pair.all,
              .at_most = 13,
              .words = "C_* calls for a token with one pair"});
  report.add({.name = "inspect_searches", .value = one_pair.searches, .words = "of them C_FindObjects"});
  int there = 0;
  for (const int further : {10, 20, 200}) {
    add_pairs(desk, (further - there) / 2, std::to_string(further) + "-");
    there = further;
    const Calls calls = inspect_through_spy(desk, spy);
    const std::string name = "_" + std::to_string(further) + "_further";
    report.add({.name = "inspect_calls" + name,
                .value = calls.all,
                .at_most = one_pair.all + further + 1 + further / 100,
                .words = "with " + std::to_string(further) + " further objects: one read for each"});
    report.add({.name = "inspect_searches" + name,
                .value = calls.searches,
                .at_most = one_pair.searches + 1 + further / 100,
                .words = "and one more search for each 128"});
  }
}

int run(const std::string& json, std::chrono::seconds idle_time) {
  Report report;
  const std::string missing = test::PcscDaemon::missing();
  if (missing.empty()) {
    report.say("The resident agent: medians of " + std::to_string(rounds) + ", idle for " +
               std::to_string(idle_time.count()) + " s");
    Desk desk;
    measure_start(desk, report);
    {
      test::VirtualCard card(desk.daemon, 0);
      test::Lines agent = test::start_agent(desk.programs, {"--settings", desk.settings.string()});
      agent.expect("Watching");
      measure_decision(desk, agent, card, report);
      measure_idle(desk, agent.child().pid(), idle_time, report);
    }
    measure_calls(desk, report);
  } else {
    report.say("SKIPPED the agent's figures: " + missing);
  }
  if (!json.empty()) report.save(json);
  return 0;
}

}  // namespace
}  // namespace koshin::bench

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  std::string json;
  int seconds = 60;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == "--json") json = words[i + 1];
    if (words[i] == "--seconds")
      seconds = std::atoi(words[i + 1].c_str());  // NOLINT(cert-err34-c): checked below
  }
  if (words.size() % 2 != 0 || seconds < 1) {
    std::fputs("usage: koshin-bench-agent [--json FILE] [--seconds N]\n", stderr);
    return 2;
  }
  try {
    return koshin::bench::run(json, std::chrono::seconds{seconds});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-bench-agent: %s\n", error.what());
    return 1;
  }
}
