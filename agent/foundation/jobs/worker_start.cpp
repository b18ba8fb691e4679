// SPDX-License-Identifier: MIT
// How a koshin-worker is started.
#include "foundation/jobs/worker_start.hpp"

#include <string>
#include <vector>

#include "foundation/system/paths.hpp"

namespace koshin {

std::unique_ptr<ChildProcess> start_worker(bool for_authority) {
  std::vector<std::string> arguments;
  if (for_authority) arguments.emplace_back(for_authority_argument);
  return ChildProcess::start(paths::program("koshin-worker"), arguments, {.whole_tree = true});
}

}  // namespace koshin
