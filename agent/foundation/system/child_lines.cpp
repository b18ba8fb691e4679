// SPDX-License-Identifier: MIT
#include "foundation/system/child_lines.hpp"

#include <array>

#include "foundation/failures/failure.hpp"

namespace koshin {

ChildProcess::Read read_line_of(ChildProcess& child, LineBuffer& lines, std::string& line,
                                std::chrono::steady_clock::time_point until, std::size_t max_line) {
  using Read = ChildProcess::Read;
  while (true) {
    if (lines.take_line(line)) return Read::line;
    if (lines.size() > max_line) {
      lines.clear();
      fail(Reason::worker_failed, "process " + std::to_string(child.pid()) + " wrote a line of more than " +
                                      std::to_string(max_line) + " bytes");
    }
    std::array<char, 8192> chunk{};
    std::size_t count = 0;
    const Read result = child.read_some(chunk, count, until);
    if (result == Read::timeout) return result;
    if (result == Read::end) return lines.take_rest(line) ? Read::line : Read::end;
    lines.append({chunk.data(), count});
  }
}

}  // namespace koshin
