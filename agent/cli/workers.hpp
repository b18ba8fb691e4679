// SPDX-License-Identifier: MIT
// The koshin-workers of one run, one at a time.
#pragma once

#include <memory>

#include "foundation/system/child_process.hpp"

namespace koshin::cli {

/// A worker finalizes its modules after its final event: the result is shown meanwhile, and the token is not
/// used before the end.
class Workers {
 public:
  Workers() = default;
  /// Waits until the last worker has finalized its modules, at most time_after_last_word, but not until the
  /// system has released its memory, which takes as long as a TLS connection.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Starts a worker after the last one has ended. Throws as start_worker().
  std::unique_ptr<ChildProcess> start();
  /// Takes back a worker that has sent its final event.
  void leave(std::unique_ptr<ChildProcess> worker);

  /// Waits for the end of the last worker, and kills it if it does not end in time.
  void wait_for_last() noexcept;

 private:
  std::unique_ptr<ChildProcess> last_;
};

}  // namespace koshin::cli
