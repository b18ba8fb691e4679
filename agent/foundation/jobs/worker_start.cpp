// SPDX-License-Identifier: MIT
// Start of a koshin-worker.
#include "foundation/jobs/worker_start.hpp"

#include "foundation/system/paths.hpp"

namespace koshin {

std::unique_ptr<ChildProcess> start_worker() {
  return ChildProcess::start(paths::program("koshin-worker"), {}, {.whole_tree = true});
}

}  // namespace koshin
