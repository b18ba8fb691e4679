// SPDX-License-Identifier: MIT
#include "cli/support_answers.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t largest_part = 512UL * 1024;

}  // namespace

std::string output_of(const Interrupt& interrupt, const std::filesystem::path& program,
                      const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  std::string output;
  try {
    const auto child = ChildProcess::start(program, arguments, {.keep_errors = true});
    child->close_stdin();
    const auto until = steady_clock::now() + limit;
    std::string line;
    for (auto read = ChildProcess::Read::line; read != ChildProcess::Read::end;) {
      interrupt.check();
      read = child->read_line(line, std::min(until, steady_clock::now() + std::chrono::milliseconds{200}),
                              largest_part);
      if (read == ChildProcess::Read::line) output += line + "\n";
      if (output.size() > largest_part) return output.substr(0, largest_part) + "\n(cut off)\n";
      if (read == ChildProcess::Read::timeout && steady_clock::now() >= until)
        return output + "(no end within " + std::to_string(limit.count()) + " s)\n";
    }
    (void)child->wait_until(until);
    if (output.empty()) output = "(nothing: " + child->errors() + ")\n";
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::interrupted) throw;
    output += "(" + error.failure().detail + ")\n";
  }
  return output;
}

std::string file_or_reason(const std::filesystem::path& file, std::size_t limit) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return "(there is no " + file.string() + ")\n";
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(stream.tellg(), 0));
  const std::size_t begin = size > limit ? size - limit : 0;
  stream.seekg(static_cast<std::streamoff>(begin));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace koshin::cli
