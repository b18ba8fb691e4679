// SPDX-License-Identifier: MIT
#include "foundation/system/standard_streams.hpp"
#include "module_check/run.hpp"

int main(int argc, char** argv) {
  koshin::begin_program();
  return koshin::module_check::run({argv + 1, argv + argc});
}
