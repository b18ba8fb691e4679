// SPDX-License-Identifier: MIT
#include "cli/colors.hpp"

#include <cstdlib>

#include "cli/terminal.hpp"

namespace koshin::cli {
namespace {

constexpr std::string_view begin_of_code = "\x1b[", plain = "\x1b[0m";

/// Of the sixteen colours that every terminal has and a person may have set for reading.
std::string_view code_of(Shade shade) {
  switch (shade) {
    case Shade::good:
      return "\x1b[32m";
    case Shade::warning:
      return "\x1b[33m";
    case Shade::bad:
      return "\x1b[1;31m";
  }
  return plain;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

std::optional<ColorChoice> parse_color(std::string_view word) {
  if (word == "auto") return ColorChoice::automatic;
  if (word == "always") return ColorChoice::always;
  if (word == "never") return ColorChoice::never;
  return std::nullopt;
}

bool wants_colors(ColorChoice choice, const ColorSurroundings& surroundings) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const bool named = !surroundings.term.empty() || !surroundings.terminals_have_names;
  return surroundings.takes_colors && surroundings.no_color.empty() && named && surroundings.term != "dumb";
}

Colors colors_of_process(ColorChoice choice) {
  const auto of = [&](StandardStream stream) {
    return wants_colors(choice, {.takes_colors = choice != ColorChoice::never && takes_colors(stream),
                                 .no_color = variable("NO_COLOR"),
                                 .term = variable("TERM"),
                                 .terminals_have_names = terminals_have_names});
  };
  return {.out = of(StandardStream::output), .err = of(StandardStream::error)};
}

std::string painted(Shade shade, std::string_view text) {
  return std::string(code_of(shade)).append(text).append(plain);
}

std::string without_colors(std::string_view text) {
  std::string result;
  for (auto at = text.find(begin_of_code); at != std::string_view::npos; at = text.find(begin_of_code)) {
    const auto end = text.find_first_not_of("0123456789;", at + begin_of_code.size());
    const bool is_color = end != std::string_view::npos && text[end] == 'm';
    const auto next = is_color ? end + 1 : at + begin_of_code.size();
    result.append(text.substr(0, is_color ? at : next));
    text.remove_prefix(next);
  }
  return result.append(text);
}

}  // namespace koshin::cli
