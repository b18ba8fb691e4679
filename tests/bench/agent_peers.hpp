// SPDX-License-Identifier: MIT
// The daemons that the idle agent is compared with: certmonger, which watches certificates, and scdaemon,
// which watches readers. Each with folders of its own, so that this machine's are left alone.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent_process_figures.hpp"
#include "bench/report.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::bench {

class Peers {
 public:
  /// Starts those that are installed. `directory`: where their files go.
  explicit Peers(const std::filesystem::path& directory);
  /// Waits until what they do at their start is done.
  void settle() const;
  void begin();
  void end(Report& report, double per_minute) const;

 private:
  struct Peer {
    std::string name, trouble;
    std::unique_ptr<ChildProcess> child;
    ProcessFigures before{};
  };
  void start_bus(const std::string& address);
  Peer& start(const std::string& name, const std::string& program, const std::string& arguments);
  void start_scdaemon(const std::filesystem::path& directory);

  std::unique_ptr<ChildProcess> bus_;
  std::vector<Peer> peers_;
};

/// pkcs11-spy.so, which counts calls; empty when it is not installed.
std::filesystem::path pkcs11_spy();

}  // namespace koshin::bench
