// SPDX-License-Identifier: MIT
// Bytes that arrive in pieces, taken out line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace koshin {

class LineBuffer {
 public:
  void append(std::string_view bytes) { bytes_.append(bytes); }
  std::size_t size() const noexcept { return bytes_.size(); }
  void clear() {
    bytes_.clear();
    searched_ = 0;
  }
  /// The first line, without its newline. False when there is no whole one.
  bool take_line(std::string& line) {
    const auto newline = bytes_.find('\n', searched_);
    searched_ = bytes_.size();
    if (newline == std::string::npos) return false;
    line.assign(bytes_, 0, newline);
    bytes_.erase(0, newline + 1);
    searched_ = 0;
    return true;
  }
  /// What stands after the last newline. False when there is nothing.
  bool take_rest(std::string& line) {
    if (bytes_.empty()) return false;
    line = std::exchange(bytes_, {});
    searched_ = 0;
    return true;
  }

 private:
  std::string bytes_;
  std::size_t searched_ = 0;  ///< no newline stands before it
};

}  // namespace koshin
