// SPDX-License-Identifier: MIT
// The bank's colour stays readable whatever it is; only pictures are served as a logo.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ui-bridge/brand.hpp"

namespace koshin::ui {
namespace {

TEST(Brand, ADarkColourStaysAsItIsOnWhite) {
  EXPECT_NE(brand_css("#0b4f8a").find(":root{--accent:#0b4f8a;--on-accent:#ffffff}"), std::string::npos);
}

TEST(Brand, AColourTooPaleForTextIsMadeDarkerForLightAndKeptForDark) {
  const std::string css = brand_css("#ffe600");
  EXPECT_EQ(css.find(":root{--accent:#ffe600"), std::string::npos);
  EXPECT_NE(css.find("@media(prefers-color-scheme:dark){:root{--accent:#ffe600;--on-accent:#000000}}"),
            std::string::npos);
}

TEST(Brand, WhatIsNoColourNeverReachesTheStyleSheet) {
  for (const char* text : {"", "red", "#12345", "#12345g", "#123456;}body{display:none", "url(x)"})
    EXPECT_EQ(brand_css(text), "");
}

TEST(Brand, OnlySvgAndPngOfABoundedSizeAreALogo) {
  const auto file = std::filesystem::temp_directory_path() / ("koshin-logo-" + std::to_string(::getpid()));
  const auto type = [&](const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
    const auto logo = load_logo(file);
    return logo ? logo->content_type : "";
  };
  EXPECT_EQ(type("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "image/svg+xml");
  EXPECT_EQ(type("\x89PNG\r\n\x1a\n rest"), "image/png");
  EXPECT_EQ(type("<html><script>1</script></html>"), "");
  EXPECT_EQ(type("<svg>" + std::string(70'000, ' ')), "");
  std::filesystem::remove(file);
  EXPECT_FALSE(load_logo(file));
}

}  // namespace
}  // namespace koshin::ui
