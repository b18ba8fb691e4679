// SPDX-License-Identifier: MIT
// usage: koshin-failure-list     prints the table of failures as JSON, in its order: an array of {"id",
// "exit_code", "retry"}. The texts are not among it: manuals.py takes them from the catalogues, by these ids.
#include <cstdio>
#include <string>

#include "foundation/failures/failure.hpp"

int main() {
  // Ids and words of the table consist of a-z and "_" (failure_test), so nothing needs an escape.
  const char* before = "[\n";
  for (const koshin::ReasonInfo& row : koshin::reason_table()) {
    std::printf(R"(%s  {"id": "%.*s", "exit_code": %d, "retry": "%s"})", before,
                static_cast<int>(row.id.size()), row.id.data(), row.exit_code,
                std::string(koshin::to_string(row.retry)).c_str());
    before = ",\n";
  }
  return std::puts("\n]") < 0 ? 1 : 0;
}
