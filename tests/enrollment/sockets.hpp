// SPDX-License-Identifier: MIT
// Loopback listener for the servers of these tests: a thread for each connection, all ended with the object.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace koshin::enrollment::test {

class LoopbackListener {
 public:
  /// `serve` runs in a thread of its own for each connection; the descriptor is closed afterwards.
  explicit LoopbackListener(std::function<void(int descriptor, int number)> serve);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;
  int port() const { return port_; }
  int connections() const;
  /// Makes every read and write under way end, and waits for the threads.
  void stop();
  /// A descriptor that stop() shuts down too.
  void track(int descriptor);
  void untrack(int descriptor);

 private:
  void accept_all();
  std::function<void(int, int)> serve_;
  int port_ = 0;  // before listener_, which sets it
  int listener_ = -1, connections_ = 0;
  bool stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A port on 127.0.0.1 that refuses connections.
int closed_port();
/// Connects to 127.0.0.1; -1 when refused.
int connect_to(int port);

}  // namespace koshin::enrollment::test
