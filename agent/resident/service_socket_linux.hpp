// SPDX-License-Identifier: MIT
// The place where pcscd listens, and how to wait for it without asking again and again.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "foundation/system/handle.hpp"

namespace koshin::resident {

class ServiceSocket {
 public:
  /// `wake` ends a wait when readable. The socket's path is libpcsclite's: $PCSCLITE_CSOCK_NAME, else
  /// /run/pcscd/pcscd.comm.
  explicit ServiceSocket(NativeHandle wake);

  /// Returns true when a connection should be tried: at once the first time; after a failure when the socket
  /// appears anew, or, if it is there all the time, after a pause that doubles from one second to a minute.
  /// False when woken.
  bool wait_until_worth_trying();
  void failed();
  void succeeded();

 private:
  NativeHandle wake_;
  std::filesystem::path path_;
  bool try_at_once_ = true;
  std::chrono::milliseconds pause_{0};
  std::optional<std::chrono::steady_clock::time_point> succeeded_at_;
  static constexpr std::chrono::milliseconds first_pause{1000};
  static constexpr std::chrono::milliseconds longest_pause{60'000};
  /// A connection that held this long makes the next failure a first one; a daemon that dies at each start
  /// does not.
  static constexpr std::chrono::seconds long_enough{10};
};

}  // namespace koshin::resident
