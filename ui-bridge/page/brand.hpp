// SPDX-License-Identifier: MIT
// The bank's colour and logo on the page.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace koshin::ui {

/// A style sheet with the page's accent colours, for light and dark. The colour of the settings ("#rrggbb")
/// is moved towards black or white until text in it, and on it, has a contrast of at least 4.5 : 1 (WCAG 2.2,
/// 1.4.3). Empty for an empty or malformed colour: the page then keeps its own.
std::string brand_css(const std::string& accent_color);

struct Logo {
  std::string content_type, content;
};
/// Loads the logo; empty unless the file is an SVG or PNG of at most 64 KiB.
std::optional<Logo> load_logo(const std::filesystem::path& file);

}  // namespace koshin::ui
