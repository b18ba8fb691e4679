// SPDX-License-Identifier: MIT
// Output of lines.
#include "cli/console.hpp"

#include <cstdio>
#include <utility>

#include "cli/output.hpp"
#include "foundation/base/pin_name.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t label_columns = 24;

void write_line(std::string_view line) {
  write_output(std::string(line) + "\n");
}

}  // namespace

Console::Console(const Arguments& arguments, bool is_terminal, bool utf8, Colors colors)
    : language_(arguments.language),
      json_(arguments.json),
      quiet_(arguments.quiet),
      progress_(!arguments.json && !arguments.quiet && (is_terminal || arguments.progress)),
      terminal_(is_terminal),
      utf8_(utf8),
      colors_(colors) {}

std::string Console::say(const Text& text, std::initializer_list<std::string_view> values) const {
  return fill(koshin::call_pin(text.in(language_), pin_name_), values);
}

std::string Console::paint(Shade shade, std::string_view text) const {
  return colors_.out || colors_.err ? painted(shade, text) : std::string(text);
}

void Console::print(std::string_view line) const {
  if (!json_ && !quiet_) write_line(colors_.out ? std::string(line) : without_colors(line));
}

void Console::print(const Text& text, std::initializer_list<std::string_view> values) const {
  print(say(text, values));
}

void Console::field(const Text& label, std::string_view value, std::size_t indent) const {
  if (value.empty()) return;
  print(padded(std::string(indent, ' ') + say(label), label_columns + 2) + std::string(value));
}

void Console::draw(std::string_view part) const {
  write_output(part);
}

void Console::trouble(std::string_view line) const {
  if (json_) return;
  const std::string shown = colors_.err ? std::string(line) : without_colors(line);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fputc('\n', stderr);
  std::fflush(stderr);
}

void Console::document(std::string_view json) const {
  if (!json_) return;
  if (holding_) {
    held_ = json;
    return;
  }
  std::string all(json);
  if (!added_members_.empty()) all.insert(all.rfind('}'), added_members_);
  write_line(all);
}

void Console::end_document(std::string_view members) const {
  holding_ = false;
  added_members_ = members;
  if (!held_.empty()) document(std::exchange(held_, {}));
}

}  // namespace koshin::cli
