// SPDX-License-Identifier: MIT
// The koshin-workers of one run of koshin, one at a time.
#pragma once

#include <memory>

#include "foundation/system/child_process.hpp"

namespace koshin::cli {

/// One that has said its last word still finalizes its modules: what it said is shown meanwhile,
/// and nobody uses the token before that is done.
class Workers {
 public:
  Workers() = default;
  /// Waits until the last one has finalized its modules, up to time_after_last_word. That the system takes
  /// its memory down, which takes as long as a TLS connection, is not waited for.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// A new one, when the last one has ended. Throws what start_worker() throws.
  std::unique_ptr<ChildProcess> start();
  /// Takes back one that has said its last word.
  void leave(std::unique_ptr<ChildProcess> worker);

  /// Waits for the end of the last one, and ends it if it does not come to it.
  void wait_for_last() noexcept;

 private:
  std::unique_ptr<ChildProcess> last_;
};

}  // namespace koshin::cli
