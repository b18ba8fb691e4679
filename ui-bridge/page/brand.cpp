// SPDX-License-Identifier: MIT
// Accent colours with enough contrast, and the logo file.
#include "brand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>

#include "foundation/log/log.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::ui {

namespace {

using Color = std::array<double, 3>;  // sRGB, 0…1
constexpr Color white{1, 1, 1};
constexpr Color black{0, 0, 0};
constexpr Color light_surface{1, 1, 1};
constexpr Color dark_surface{0.106, 0.133, 0.169};  // #1b222b, as in app.css
constexpr double enough = 4.5;

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const Color& color) {
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}

double contrast(const Color& a, const Color& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

/// Rounded to "#rrggbb", so that the computed contrast is the displayed one.
Color mix(const Color& color, const Color& towards, double share) {
  Color result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = std::round((color[i] + (towards[i] - color[i]) * share) * 255) / 255;
  return result;
}

Color readable_on(const Color& color, const Color& surface, const Color& towards) {
  for (int step = 0; step < 50; ++step) {
    const Color candidate = mix(color, towards, step / 50.0);
    if (contrast(candidate, surface) >= enough) return candidate;
  }
  return towards;
}

std::string hex(const Color& color) {
  const auto byte = [](double channel) { return static_cast<unsigned>(std::lround(channel * 255)); };
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", byte(color[0]), byte(color[1]), byte(color[2]));
  return text;
}

std::optional<Color> parse(const std::string& text) {
  if (text.size() != 7 || text[0] != '#' ||
      text.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string::npos)
    return std::nullopt;
  Color color{};
  for (std::size_t i = 0; i < 3; ++i) color[i] = std::stoi(text.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
  return color;
}

std::string variables(const Color& accent) {
  const Color& on_accent = contrast(accent, white) >= contrast(accent, black) ? white : black;
  return "{--accent:" + hex(accent) + ";--on-accent:" + hex(on_accent) + "}";
}

/// Reads the logo; empty for a file that other users can write.
std::string read_logo(const std::filesystem::path& file) {
  try {
    return read_guarded_file(file, Guard::write, largest_logo_file).value_or("");
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "The logo is left out.", {{"KOSHIN_DETAIL", error.what()}});
    return {};
  }
}

}  // namespace

std::string brand_css(const std::string& accent_color) {
  const auto accent = parse(accent_color);
  if (!accent) return {};
  return ":root" + variables(readable_on(*accent, light_surface, black)) +
         "@media(prefers-color-scheme:dark){:root" + variables(readable_on(*accent, dark_surface, white)) +
         "}\n";
}

std::optional<Logo> load_logo(const std::filesystem::path& file) {
  const std::string content = read_logo(file);
  if (content.rfind("\x89PNG\r\n\x1a\n", 0) == 0) return Logo{"image/png", content};
  const auto start = content.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string::npos || content[start] != '<' || content.find("<svg") == std::string::npos)
    return std::nullopt;
  return Logo{"image/svg+xml", content};
}

}  // namespace koshin::ui
