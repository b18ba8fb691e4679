// SPDX-License-Identifier: MIT
// Removes cookies, all of which belong to other programs, from a request's head while it arrives. Browsers
// send the cookies of 127.0.0.1 to every port: another program's page could otherwise make each request
// longer than any server accepts, and lock the user out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace koshin::ui {

class HeadSieve {
 public:
  static constexpr std::size_t longest_head = 8UL * 1024;  ///< limit in bytes of the kept head
  /// Limit in bytes of the input: above the number of cookies that browsers keep for a host, 4 KiB each.
  static constexpr std::size_t most_read = 1024UL * 1024;

  enum class State { incomplete, complete, too_long };
  /// Processes `input`. `used`: how many of its bytes belonged to the head; the bytes after the head belong
  /// to the body.
  State take(std::span<const char> input, std::size_t& used);
  /// The head without cookies; final once it is complete.
  const std::string& head() const { return head_; }
  /// The value of the field `name` (lower case, with its colon) in the head received so far, from its first
  /// complete line. Even an unusable head may contain the nonce of the page that waits for the refusal.
  std::string field(std::string_view name) const;

 private:
  enum class Line { unknown, cookie, other };
  void take_one(char character);
  void begin_of_line(char character);

  std::string head_;
  std::string start_;  ///< start of a line of yet unknown type
  Line line_ = Line::unknown;
  std::size_t read_ = 0;
  bool complete_ = false;
};

}  // namespace koshin::ui
