// SPDX-License-Identifier: MIT
// All checks, in their order.
#pragma once

#include <string>

#include "desk_check/report.hpp"

namespace koshin::desk_check {

struct Options {
  std::string settings_file;  ///< empty: the standard chain
  bool send_test_mail = false;
};

/// Throws FailureError for settings that cannot be read.
void run(Report& report, const Options& options);

}  // namespace koshin::desk_check
