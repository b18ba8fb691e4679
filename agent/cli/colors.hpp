// SPDX-License-Identifier: MIT
// Colours of lines on a terminal. They carry no meaning of their own: a mark or a word says the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin::cli {

/// The values of --color.
enum class ColorChoice { automatic, always, never };

/// By its word: "auto", "always", "never"; empty for any other text.
std::optional<ColorChoice> parse_color(std::string_view word);

enum class Shade { good, warning, bad };

/// Which streams take colours.
struct Colors {
  bool out = false, err = false;
};

/// What decides about a stream's colours where --color says "auto".
struct ColorSurroundings {
  bool takes_colors = false;       ///< it leads to a terminal that can show them
  std::string no_color{}, term{};  ///< the environment's NO_COLOR and TERM; empty: not set
  bool terminals_have_names =
      true;  ///< the system names terminals in TERM, so that an empty one shows nothing
};
/// https://no-color.org: NO_COLOR, set and not empty, whatever its value. --color comes before it.
bool wants_colors(ColorChoice choice, const ColorSurroundings& surroundings);
/// The same for this process's standard output and error.
Colors colors_of_process(ColorChoice choice);

/// The text between a colour's beginning and its end (ECMA-48, SGR).
std::string painted(Shade shade, std::string_view text);
/// The text without what painted() has added.
std::string without_colors(std::string_view text);

}  // namespace koshin::cli
