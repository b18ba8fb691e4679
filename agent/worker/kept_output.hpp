// SPDX-License-Identifier: MIT
// Which parts of a module's output may be shown. Nothing here allocates: it is asked while the process
// crashes.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "foundation/secrets/redaction.hpp"
#include "worker/module_output.hpp"

namespace koshin::worker {

class KeptOutput {
 public:
  /// The secrets outlive forget().
  void know(const std::vector<std::span<const char>>& secrets) noexcept;
  void forget() noexcept { secret_count_ = 0; }

  /// What is written between these two, while the module had a secret, is not shown, since no list of
  /// encodings would be complete. `written`: how much was written so far. Without space for another part, the
  /// last part has no end.
  void begin_stretch(std::size_t written) noexcept;
  void end_stretch(std::size_t written) noexcept;
  bool in_stretch() const noexcept { return in_stretch_; }

  /// Calls `show` with each line that may be shown. `cut`: what was kept is not all, so that its last line,
  /// and perhaps a secret, may be incomplete. True when there are more lines than are shown.
  template <typename Show>
  bool each_line(std::string_view all, bool cut, const Show& show) const noexcept;

 private:
  struct Stretch {
    std::size_t from = 0, to = 0;
  };
  static constexpr std::size_t without_end = SIZE_MAX;

  template <typename Show>
  bool each_line_of(std::string_view left, bool cut, int& room, const Show& show) const noexcept;
  template <typename Show>
  static void say_left_out(std::size_t bytes, const Show& show) noexcept;

  std::array<std::span<const char>, 8> secrets_;
  std::size_t secret_count_ = 0;
  std::array<Stretch, 64> stretches_;
  std::size_t stretch_count_ = 0;
  bool in_stretch_ = false;
};

template <typename Show>
bool KeptOutput::each_line_of(std::string_view left, bool cut, int& room, const Show& show) const noexcept {
  LineRedaction redaction({secrets_.data(), secret_count_});
  while (!left.empty()) {
    const auto end = std::min(left.find('\n'), left.size());
    if (room == 0 || (cut && end == left.size())) return true;
    --room;
    const std::string_view content = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    const std::string_view next = left.substr(0, left.find('\n'));
    show(redaction.may_show(content, next) ? content
                                           : std::string_view("(a line with a secret was left out)"));
  }
  return false;
}

template <typename Show>
void KeptOutput::say_left_out(std::size_t bytes, const Show& show) noexcept {
  constexpr std::string_view rest = " bytes printed during C_Login left out)";
  std::array<char, 80> note{'('};
  char* end = std::to_chars(note.data() + 1, note.data() + 24, bytes).ptr;
  end = std::copy(rest.begin(), rest.end(), end);
  show(std::string_view(note.data(), static_cast<std::size_t>(end - note.data())));
}

template <typename Show>
bool KeptOutput::each_line(std::string_view all, bool cut, const Show& show) const noexcept {
  int room = ModuleOutput::most_lines;
  bool more = false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < stretch_count_ && at < all.size(); ++i) {
    const std::size_t from = std::min(stretches_.at(i).from, all.size());
    const std::size_t to = std::min(stretches_.at(i).to, all.size());
    if (from < at || from == to) continue;
    more = each_line_of(all.substr(at, from - at), false, room, show) || more;
    say_left_out(to - from, show);
    at = to;
  }
  return each_line_of(all.substr(at), cut, room, show) || more;
}

}  // namespace koshin::worker
