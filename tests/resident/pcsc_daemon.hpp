// SPDX-License-Identifier: MIT
// A real pcscd of a test's own, with vpcd's two virtual readers on ports of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "foundation/system/child_process.hpp"
#include "own_network.hpp"

namespace koshin::test {

/// pcscd takes its socket from a service manager (LISTEN_FDS): that is how this one gets a private path,
/// which libpcsclite finds through PCSCLITE_CSOCK_NAME, set for this process and its children. The machine's
/// own pcscd and its socket are left alone.
class PcscDaemon {
 public:
  /// `reader` begins the readers' names: "Virtual PCD 00 00", "Virtual PCD 00 01".
  explicit PcscDaemon(const std::filesystem::path& directory, const std::string& reader = "Virtual PCD");
  ~PcscDaemon();
  PcscDaemon(const PcscDaemon&) = delete;
  PcscDaemon& operator=(const PcscDaemon&) = delete;

  /// Waits until it answers.
  void start();
  /// SIGKILL, and its socket is removed, as after a crash and a clean-up.
  void kill();
  /// What libpcsclite looks for.
  std::filesystem::path socket() const { return directory_ / "pcscd.comm"; }
  /// How often its log says that a card was inserted into, or removed from, one of its readers. What it tells
  /// programs of its readers may be ahead of that (a reset that failed), and a card that comes before it has
  /// noticed the removal of the last one is not noticed at all.
  unsigned insertions() const { return lines_with("Card ATR:"); }  // one that was in at its start has no more
  unsigned removals() const { return lines_with("Card Removed From"); }
  std::filesystem::path log() const { return directory_ / "pcscd.log"; }
  const OwnNetwork& network() const { return network_; }
  std::uint16_t port(unsigned slot) const { return static_cast<std::uint16_t>(first_port_ + slot); }
  long pid() const;

  /// Whether this machine has what it takes; else why not.
  static std::string missing();

 private:
  unsigned lines_with(const std::string& words) const;

  std::filesystem::path directory_;
  OwnNetwork network_;
  std::uint16_t first_port_ = 0;
  pid_t pid_ = 0;
};

/// koshin-virtual-card in one slot.
class VirtualCard {
 public:
  VirtualCard(const PcscDaemon& daemon, unsigned slot);
  ~VirtualCard();
  void plug(const std::string& atr = {}) { say("plug", atr); }
  void pull() { say("pull", {}); }
  void swap(const std::string& atr = {}) { say("swap", atr); }

 private:
  void say(const std::string& command, const std::string& atr);
  std::unique_ptr<ChildProcess> player_;
};

}  // namespace koshin::test
