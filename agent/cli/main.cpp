// SPDX-License-Identifier: MIT
// koshin, the command line.
#include "cli/run.hpp"
#include "foundation/system/standard_streams.hpp"

int main(int argc, char** argv) {
  koshin::begin_program();
  return koshin::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
