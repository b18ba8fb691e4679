// SPDX-License-Identifier: MIT
// Waiting until somebody wants a server to end.
#pragma once

namespace koshin::bank {

/// Make one before starting threads: SIGTERM and SIGINT are held back in this thread and those it starts.
class EndOfServing {
 public:
  EndOfServing();
  ~EndOfServing();
  EndOfServing(const EndOfServing&) = delete;
  EndOfServing& operator=(const EndOfServing&) = delete;
  /// Returns at SIGTERM, SIGINT, or the end of standard input.
  void wait() const;

 private:
  int signals_ = -1;
};

}  // namespace koshin::bank
