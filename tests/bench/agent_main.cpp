// SPDX-License-Identifier: MIT
// koshin-bench-agent: what the resident agent costs when nothing happens, and how long it takes when
// something does, beside the daemons that people run today. usage: koshin-bench-agent [--json FILE]
// [--seconds N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "agent_process_figures.hpp"
#include "foundation/job_runner.hpp"
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
constexpr const char* spy = "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so";

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

/// Name and value, in the order in which they are printed and written.
class Results {
 public:
  void add(const std::string& name, double value, const std::string& what) {
    rows_.emplace_back(name, value);
    std::printf("  %-34s %10.1f   %s\n", name.c_str(), value, what.c_str());
    std::fflush(stdout);
  }
  void write(const std::string& file) const {
    std::ofstream out(file);
    out << "{";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      out << (i == 0 ? "" : ",") << "\n  \"" << rows_[i].first << "\": " << rows_[i].second;
    }
    out << "\n}\n";
  }

 private:
  std::vector<std::pair<std::string, double>> rows_;
};

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

void measure_start(Desk& desk, Results& results) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    test::Lines agent = test::start_agent(desk.programs, {"--settings", desk.settings.string()});
    agent.expect("Watching");
    times.push_back(milliseconds_since(begin));
    agent.child().terminate();
    agent.exit_code();
  }
  results.add("agent_start_ms", median(times), "from exec to watching (at most 20)");
}

void measure_decision(Desk& desk, test::Lines& agent, test::VirtualCard& card, Results& results) {
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
  std::vector<double> workers;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = Clock::now();
    run_job(
        job, {}, [](const messages::Event&) {}, 60s);
    workers.push_back(milliseconds_since(begin));
  }
  const double all = median(times);
  const double worker = median(workers);
  results.add("agent_decision_ms", all, "from pcscd's report of the card to the decision (at most 60)");
  results.add("agent_decision_worker_ms", worker,
              "of that: the worker's whole life (start, module, token, end)");
  results.add("agent_decision_rest_ms", std::max(0.0, all - worker), "of that: deciding, journal, log");
}

/// A daemon to compare with, if this machine has it.
struct Peer {
  std::string name;
  std::unique_ptr<ChildProcess> child;
};

std::optional<Peer> start_peer(const std::string& name, const std::string& command) {
  const std::string program = command.substr(0, command.find(' '));
  if (!std::filesystem::exists(program)) {
    std::printf("  SKIPPED %s: not installed\n", name.c_str());
    return {};
  }
  auto child = ChildProcess::start("/bin/sh", {"-c", "exec " + command + " 2>/dev/null"});
  return Peer{name, std::move(child)};
}

std::vector<Peer> start_peers(Desk& desk) {
  const std::string home = (desk.directory.path() / "home").string();
  std::vector<Peer> peers;
  const std::string bus = "unix:path=" + (desk.directory.path() / "bench-bus").string();
  if (auto peer = start_peer("session bus",
                             "/usr/bin/dbus-daemon --session --nofork --print-address --address=" + bus)) {
    std::string line;
    peer->child->read_line(line, Clock::now() + 30s);
    peers.push_back(std::move(*peer));
  }
  if (auto peer = start_peer("certmonger", "/usr/sbin/certmonger -s -n -d 0"))
    peers.push_back(std::move(*peer));
  const std::string scdaemon = "/usr/lib/gnupg/scdaemon --homedir " + home + " --disable-ccid --server";
  if (auto peer = start_peer("scdaemon", scdaemon)) {
    peer->child->write(std::string("SERIALNO\n"));
    std::string line;
    for (int i = 0; i < 2; ++i) peer->child->read_line(line, Clock::now() + 10s);
    peers.push_back(std::move(*peer));
  }
  return peers;
}

void wait_until_one_thread(pid_t process) {
  const auto until = Clock::now() + 30s;
  while (figures_of(process).threads != 1 && Clock::now() < until) std::this_thread::sleep_for(50ms);
}

void measure_idle(Desk& desk, long agent, std::chrono::seconds time, Results& results) {
  setenv("DBUS_SESSION_BUS_ADDRESS", ("unix:path=" + (desk.directory.path() / "bench-bus").string()).c_str(),
         1);
  const std::vector<Peer> peers = start_peers(desk);
  wait_until_one_thread(static_cast<pid_t>(agent));
  std::this_thread::sleep_for(3s);  // the peers settle too
  std::vector<ProcessFigures> before;
  const ProcessFigures agent_before = figures_of(static_cast<pid_t>(agent));
  for (const Peer& peer : peers) before.push_back(figures_of(static_cast<pid_t>(peer.child->pid())));
  std::this_thread::sleep_for(time);
  const ProcessFigures after = figures_of(static_cast<pid_t>(agent));
  const double per_minute = 60.0 / static_cast<double>(time.count());
  results.add("agent_idle_wakeups_60s",
              static_cast<double>(after.wakeups - agent_before.wakeups) * per_minute,
              "with a token inserted (at most 0)");
  results.add("agent_idle_pss_kib", static_cast<double>(after.pss_kib),
              "proportional set size (at most 3072)");
  results.add("agent_idle_threads", after.threads, "the watcher");
  for (std::size_t i = 0; i < peers.size(); ++i) {
    if (peers[i].name == "session bus") continue;
    const ProcessFigures now = figures_of(static_cast<pid_t>(peers[i].child->pid()));
    if (now.threads == 0) {
      std::printf("  SKIPPED %s: it ended by itself\n", peers[i].name.c_str());
      continue;
    }
    results.add(peers[i].name + "_idle_wakeups_60s",
                static_cast<double>(now.wakeups - before[i].wakeups) * per_minute, "the same, today");
    results.add(peers[i].name + "_idle_pss_kib", static_cast<double>(now.pss_kib), "the same, today");
  }
}

/// Without the fetching of the function list, which touches no token.
std::size_t count_calls(const std::filesystem::path& log) {
  static const std::regex call("^[0-9]+: C_(?!GetFunctionList|GetInterface).*");
  std::ifstream stream(log);
  std::size_t calls = 0;
  for (std::string line; std::getline(stream, line);) calls += std::regex_match(line, call) ? 1 : 0;
  return calls;
}

std::size_t inspect_through_spy(Desk& desk) {
  const auto log = desk.directory.path() / "spy.log";
  std::filesystem::remove(log);
  setenv("PKCS11SPY", test::SoftHsm::module().c_str(), 1);
  setenv("PKCS11SPY_OUTPUT", log.c_str(), 1);
  messages::Job job;
  job.settings_file =
      test::write_settings(desk.directory.path(), desk.bank, "token.modules = [\"" + std::string(spy) + "\"]")
          .string();
  const messages::Event answer = run_job(
      job, {}, [](const messages::Event&) {}, 60s);
  unsetenv("PKCS11SPY");
  if (!std::holds_alternative<messages::InspectResult>(answer)) return 0;
  return count_calls(log);
}

void measure_calls(Desk& desk, Results& results) {
  if (!std::filesystem::exists(spy)) {
    std::printf("  SKIPPED inspect_calls: opensc-pkcs11 is not installed\n");
    return;
  }
  results.add("inspect_calls", static_cast<double>(inspect_through_spy(desk)),
              "C_* calls for a token with one pair (at most 14)");
  for (int i = 0; i < 10; ++i) {
    test::provision(desk.hsm, "Bank token", desk.bank, pkcs11::KeyAlgorithm::ec_p256, 100 + i,
                    "12345678901234 other" + std::to_string(i));
  }
  results.add("inspect_calls_11_pairs", static_cast<double>(inspect_through_spy(desk)),
              "the same with ten further pairs");
}

int run(const std::string& json, std::chrono::seconds idle_time) {
  const std::string missing = test::PcscDaemon::missing();
  if (!missing.empty()) {
    std::printf("SKIPPED the agent's figures: %s\n", missing.c_str());
    return 0;
  }
  std::printf("the resident agent (%d rounds, medians; idle for %lld s)\n", rounds,
              static_cast<long long>(idle_time.count()));
  Results results;
  Desk desk;
  measure_start(desk, results);
  {
    test::VirtualCard card(desk.daemon, 0);
    test::Lines agent = test::start_agent(desk.programs, {"--settings", desk.settings.string()});
    agent.expect("Watching");
    measure_decision(desk, agent, card, results);
    measure_idle(desk, agent.child().pid(), idle_time, results);
  }
  measure_calls(desk, results);
  if (!json.empty()) results.write(json);
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
