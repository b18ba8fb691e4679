// SPDX-License-Identifier: MIT
#include "agent_peers.hpp"

#include <cstdlib>
#include <thread>

namespace koshin::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// certmonger(8): every folder it would write to.
void point_certmonger_to(const fs::path& directory) {
  for (const char* name : {"CONFIG_DIR", "REQUESTS_DIR", "CAS_DIR", "LOCAL_CA_DIR", "TMPDIR"}) {
    const fs::path folder = directory / name;
    fs::create_directories(folder);
    setenv((std::string("CERTMONGER_") + name).c_str(), folder.c_str(), 1);
  }
  setenv("CERTMONGER_SYSTEM_LOCK_FILE", (directory / "lock").c_str(), 1);
}

}  // namespace

Peers::Peers(const fs::path& directory) {
  start_bus("unix:path=" + (directory / "peers-bus").string());
  point_certmonger_to(directory / "certmonger");
  Peer& certmonger = start("certmonger", "/usr/sbin/certmonger", "-s -n -d 0");
  if (!bus_) certmonger.trouble = "there is no dbus-daemon for it";
  start_scdaemon(directory);
}

void Peers::start_bus(const std::string& address) {
  if (!fs::exists("/usr/bin/dbus-daemon")) return;
  bus_ = ChildProcess::start("/bin/sh", {"-c",
                                         "exec /usr/bin/dbus-daemon --session --nofork --print-address "
                                         "--address=" +
                                             address + " 2>/dev/null"});
  std::string line;
  bus_->read_line(line, Clock::now() + 30s);
  setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
}

Peers::Peer& Peers::start(const std::string& name, const std::string& program, const std::string& arguments) {
  Peer& peer = peers_.emplace_back();
  peer.name = name;
  if (!fs::exists(program)) {
    peer.trouble = "it is not installed";
  } else {
    peer.child = ChildProcess::start("/bin/sh", {"-c", "exec " + program + " " + arguments + " 2>/dev/null"});
  }
  return peer;
}

void Peers::start_scdaemon(const fs::path& directory) {
  const fs::path home = directory / "gnupg";
  fs::create_directories(home);
  fs::permissions(home, fs::perms::owner_all);
  Peer& scdaemon =
      start("scdaemon", "/usr/lib/gnupg/scdaemon", "--homedir " + home.string() + " --disable-ccid --server");
  if (!scdaemon.child) return;
  // It watches the readers once it has been asked for a card.
  scdaemon.child->write(std::string("SERIALNO\n"));
  std::string line;
  for (int i = 0; i < 2; ++i) scdaemon.child->read_line(line, Clock::now() + 10s);
}

void Peers::settle() const {
  // certmonger makes its local authority when it starts; the wait is not measured.
  const auto until = Clock::now() + 30s;
  for (const Peer& peer : peers_) {
    if (!peer.child) continue;
    std::int64_t before = -1;
    while (Clock::now() < until) {
      const std::int64_t now = figures_of(static_cast<pid_t>(peer.child->pid())).wakeups;
      if (now - before <= 1 && before >= 0) break;
      before = now;
      std::this_thread::sleep_for(3s);
    }
  }
}

void Peers::begin() {
  for (Peer& peer : peers_) {
    if (peer.child) peer.before = figures_of(static_cast<pid_t>(peer.child->pid()));
  }
}

void Peers::end(Report& report, double per_minute) const {
  for (const Peer& peer : peers_) {
    const ProcessFigures now =
        peer.child ? figures_of(static_cast<pid_t>(peer.child->pid())) : ProcessFigures{};
    if (now.threads == 0) {
      report.say("SKIPPED " + peer.name + ": " +
                 (peer.trouble.empty() ? "it ended by itself" : peer.trouble));
      continue;
    }
    report.add({.name = peer.name + "_idle_wakeups_60s",
                .value = static_cast<double>(now.wakeups - peer.before.wakeups) * per_minute,
                .words = peer.name + " in the same minute"});
    report.add({.name = peer.name + "_idle_pss_kib",
                .value = static_cast<double>(now.pss_kib),
                .unit = "KiB",
                .words = peer.name + ", likewise"});
  }
}

fs::path pkcs11_spy() {
  for (const char* folder : {"/usr/lib", "/usr/lib/pkcs11"}) {
    if (fs::exists(fs::path(folder) / "pkcs11-spy.so")) return fs::path(folder) / "pkcs11-spy.so";
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib", error)) {
    for (const char* name : {"pkcs11-spy.so", "pkcs11/pkcs11-spy.so"}) {
      if (fs::exists(entry.path() / name, error)) return entry.path() / name;
    }
  }
  return {};
}

}  // namespace koshin::bench
