// SPDX-License-Identifier: MIT
// The exit code of programs whose command line is read by CLI11, which has codes of its own.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin {

/// `code`: what CLI::App::exit() returned. 0, as after --help, stays.
inline int usage_exit_code(int code) {
  return code == 0 ? 0 : info(Reason::usage_error).exit_code;
}

}  // namespace koshin
