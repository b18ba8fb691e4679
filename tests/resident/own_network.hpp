// SPDX-License-Identifier: MIT
// A network of a test's own, with a loopback interface and nothing else.
#pragma once

#include <string>

namespace koshin::test {

/// vpcd listens for its card on every address there is; in a network namespace (network_namespaces(7)) that
/// is the loopback interface. Where none can be made (a container without CAP_SYS_ADMIN), the machine's
/// network is used, and standard error says so.
class OwnNetwork {
 public:
  OwnNetwork();
  ~OwnNetwork();
  OwnNetwork(const OwnNetwork&) = delete;
  OwnNetwork& operator=(const OwnNetwork&) = delete;

  /// Moves the calling thread there; async-signal-safe, for a forked child.
  void enter() const noexcept;
  /// The way there for another program, as long as this process lives; empty: the machine's network.
  std::string path() const;

 private:
  int namespace_ = -1;
};

}  // namespace koshin::test
