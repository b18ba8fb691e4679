// SPDX-License-Identifier: MIT
// Takes cookies, which are all other programs', out of a request's head while it arrives. Browsers send the
// cookies of 127.0.0.1 to every port of it: whoever serves a page on another port could otherwise make each
// request to ours longer than any server takes, and keep the person out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace koshin::ui {

class HeadSieve {
 public:
  static constexpr std::size_t longest_head = 8UL * 1024;  ///< of what is kept
  /// Of what is read: as many cookies as browsers keep for one host, of 4 KiB each, and some.
  static constexpr std::size_t most_read = 1024UL * 1024;

  enum class State { incomplete, complete, too_long };
  /// Reads on. `used` is how much of `input` belonged to the head; what follows an ended head is its body.
  State take(std::span<const char> input, std::size_t& used);
  /// The head without cookies; whole once it is complete.
  const std::string& head() const { return head_; }
  /// The value of the field `name` (lower case, with its colon) as far as the head has come: of the first
  /// line that is whole. A head that cannot be used may name the nonce of the page that waits for its
  /// refusal.
  std::string field(std::string_view name) const;

 private:
  enum class Line { unknown, cookie, other };
  void take_one(char character);
  void begin_of_line(char character);

  std::string head_;
  std::string start_;  ///< of a line, until it is known what it is
  Line line_ = Line::unknown;
  std::size_t read_ = 0;
  bool complete_ = false;
};

}  // namespace koshin::ui
