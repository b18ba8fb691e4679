// SPDX-License-Identifier: MIT
// koshin, the command line.
#include "cli/run.hpp"

int main(int argc, char** argv) {
  return koshin::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
